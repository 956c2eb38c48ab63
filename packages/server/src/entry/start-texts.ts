import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { handleIncomingText } from '../adapters/intake/sms/handle-incoming-text.ts'
import { loadOwnTexts } from '../adapters/mail/own-texts.ts'
import { SmppLink } from '../adapters/smpp/smpp-link.ts'
import { accountTextPort } from '../adapters/texts/account-text-port.ts'
import { demoTextPort } from '../adapters/texts/demo-text-port.ts'
import type { Hub } from '../services/hub.ts'
import type { MailPort } from '../services/ports.ts'
import { hearOverdueParts } from '../services/texts/join-text-parts.ts'
import { readSmsAccounts, type SmsAccount } from '../services/texts/sms-accounts.ts'
import { TextSender } from '../services/texts/text-sender.ts'
import { packageDirectory } from './package-directory.ts'

export type RunningTexts = AsyncDisposable & {
  /** To be called after a commit that may owe a text. */
  readonly wake: () => void
}

type TextOptions = {
  /** Where the demo's texts go. */
  readonly mailbox?: MailPort
  /** False where another process of the deployment works. */
  readonly works: boolean
  readonly log: (line: string) => void
}

/** How soon an account that was added or removed counts, and how late a long text that lacks a part is read. */
const lookEveryMs = 30_000

/** Sends the texts the hub owes and holds the SMPP links; without an account texts wait. */
export function startTexts(hub: Hub, options: TextOptions): RunningTexts {
  if (!options.works) return { wake: () => {}, async [Symbol.asyncDispose]() {} }
  const links = new Map<string, SmppLink>()
  const smpp = {
    send: async (account: string, text: Parameters<SmppLink['send']>[0]) =>
      links.get(account)?.send(text) ?? { kind: 'unavailable' as const, reason: 'smpp not bound here' },
  }
  const sender = new TextSender({
    ...hub,
    texts: loadOwnTexts(join(packageDirectory(), 'locales')),
    port: options.mailbox === undefined ? accountTextPort(hub, smpp) : demoTextPort(options.mailbox),
    onEvent: ({ kind, textKind, attempts, reason }) => {
      if (kind !== 'sent')
        options.log(`a text of kind ${textKind} was ${kind} after ${attempts} attempt(s): ${reason ?? 'unknown'}`)
    },
    onTrouble: () => options.log('the texts that are due could not be read; trying again'),
  })
  const look = () => lookAround(hub, links, { ...options, wakeTexts: sender.wake }).catch(() => {})
  let looking = look()
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, lookEveryMs)
  timer.unref()
  return {
    wake: sender.wake,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await looking
      await Promise.all([...links.values()].map((link) => link[Symbol.asyncDispose]()))
      await sender[Symbol.asyncDispose]()
    },
  }
}

type LookOptions = Pick<TextOptions, 'log'> & { readonly wakeTexts: () => void }

/** Opens the links of new accounts, ends those of removed ones, and hears what waited for a part too long. */
async function lookAround(hub: Hub, links: Map<string, SmppLink>, options: LookOptions): Promise<void> {
  const accounts = await readSmsAccounts(hub.db, hub.secrets)
  const wanted = accounts.filter(({ vendor }) => vendor === 'smpp')
  for (const account of wanted) {
    if (!links.has(account.id)) links.set(account.id, new SmppLink(hub, account, { holder: randomUUID(), ...options }))
  }
  for (const [id, link] of links) {
    if (wanted.some((account) => account.id === id)) continue
    links.delete(id)
    await link[Symbol.asyncDispose]()
  }
  const heard = await hearOverdueParts(hub, (whole) => hearWhole(hub, accounts, whole))
  if (heard > 0) options.wakeTexts()
}

async function hearWhole(
  hub: Hub,
  accounts: readonly SmsAccount[],
  whole: Parameters<Parameters<typeof hearOverdueParts>[1]>[0],
): Promise<void> {
  const brand = accounts.find(({ id }) => id === whole.account)?.brand ?? hub.catalog.brands()[0]?.id ?? ''
  const text = { kind: 'text' as const, id: whole.id, from: whole.sender, text: whole.text, channel: 'sms' as const }
  const account = { id: whole.account, brand, vendor: 'smpp' }
  await handleIncomingText(hub, text, { account, raw: Buffer.from(whole.text), receivedAt: whole.arrivedAt })
}
