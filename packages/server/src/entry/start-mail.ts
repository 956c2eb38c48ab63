import { join } from 'node:path'
import type { DemoMailbox } from '../adapters/mail/demo-mailbox.ts'
import { loadMailTexts } from '../adapters/mail/mail-texts.ts'
import { createSmarthost } from '../adapters/mail/smarthost.ts'
import type { Hub } from '../services/hub.ts'
import { MailSender } from '../services/mail-sender.ts'
import type { MailPort } from '../services/ports.ts'
import type { Config } from './config.ts'
import { readMailAuthority } from './mail-authority.ts'
import { packageDirectory } from './package-directory.ts'

export type RunningMail = AsyncDisposable & {
  /** To be called after a commit that owes a mail. */
  readonly wake: () => void
}

type MailOptions = {
  /** Where mail goes when no smarthost is configured. */
  readonly mailbox?: DemoMailbox
  /** False where another process of the deployment sends. */
  readonly sends: boolean
  readonly log: (line: string) => void
}

/** Sends what the hub owes people. Without a smarthost mails wait in the database until there is one. */
export async function startMail(hub: Hub, config: Config, options: MailOptions): Promise<RunningMail> {
  const smarthost = config.smarthost === undefined ? undefined : smarthostOf(config, hub)
  const port: MailPort | undefined = smarthost ?? options.mailbox
  if (!options.sends || port === undefined) {
    if (options.sends) options.log('no smarthost is configured: the mails the hub owes wait until there is one')
    return { wake: () => {}, async [Symbol.asyncDispose]() {} }
  }
  const texts = loadMailTexts(join(packageDirectory(), 'locales'))
  const sender = new MailSender({
    ...hub,
    texts,
    port,
    onEvent: ({ kind, mailKind, attempts, reason }) => {
      if (kind !== 'sent')
        options.log(`a mail of kind ${mailKind} was ${kind} after ${attempts} attempt(s): ${reason ?? 'unknown'}`)
    },
    onTrouble: () => options.log('the mails that are due could not be read; trying again'),
  })
  return {
    wake: sender.wake,
    async [Symbol.asyncDispose]() {
      await sender[Symbol.asyncDispose]()
      await smarthost?.[Symbol.asyncDispose]()
    },
  }
}

/** Where the hub's own mail leaves, as it is configured. */
export function smarthostOf(config: Config, hub: Hub) {
  const certificateAuthority = readMailAuthority(config)
  return createSmarthost({
    url: config.smarthost ?? '',
    from: config.mail_from ?? `noreply@${hub.place.mailDomain}`,
    mailDomain: hub.place.mailDomain,
    ...(config.mail_envelope_from && { envelopeFrom: config.mail_envelope_from }),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
  })
}
