import { setTimeout as wait } from 'node:timers/promises'
import { type ConnectionNote, noteConnection, smsConnection } from '../../services/channels/note-connection.ts'
import type { Hub } from '../../services/hub.ts'
import type { OutgoingText, TextOutcome } from '../../services/ports.ts'
import type { SmsAccount } from '../../services/texts/sms-accounts.ts'
import { leaseSmppLink, releaseSmppLink } from '../../storage/sms-accounts.ts'
import { statuses, writeShortMessage } from './pdu.ts'
import { receiveMessage } from './receive-message.ts'
import { encodeText, writeHeader } from './short-message.ts'
import { type SmppAddress, SmppFailure, SmppSession } from './smpp-session.ts'

/** Renewed three times in its life, so that a busy moment does not lose it. */
export const linkLeaseMs = 60_000
const renewEveryMs = 20_000
const firstRetryMs = 1_000
const retryMsMax = 60_000
const defaultPort = 2775
const defaultTlsPort = 3550

/** The user data header is there (SMPP 3.4 §5.2.12). */
const headerFlag = 0x40

type LinkOptions = {
  readonly holder: string
  /** To be called after a commit that may owe a text. */
  readonly wakeTexts: () => void
  readonly log: (line: string) => void
}

/**
 * The link of one account to its operator, held by one process at a time:
 *
 *   no lease ─► leased ─► bound ─► (ended) ─► a pause, 1 s to a minute ─► leased …
 *
 * Disposing finishes the messages under way, unbinds and gives the lease back.
 */
export class SmppLink implements AsyncDisposable {
  readonly #hub: Hub
  readonly #account: SmsAccount
  readonly #options: LinkOptions
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>
  #session: SmppSession | undefined
  #reference = 0

  constructor(hub: Hub, account: SmsAccount, options: LinkOptions) {
    this.#hub = hub
    this.#account = account
    this.#options = options
    this.#reference = hub.random(1)[0] ?? 0
    this.#running = this.#run()
  }

  get isBound(): boolean {
    return this.#session !== undefined
  }

  /** Hands a text over in as many parts as it takes; a part that is refused ends it. */
  async send({ to, text }: Pick<OutgoingText, 'to' | 'text'>): Promise<TextOutcome> {
    const session = this.#session
    if (session === undefined) return { kind: 'unavailable', reason: 'smpp not bound here' }
    const { coding, parts } = encodeText(text)
    this.#reference = (this.#reference + 1) & 0xff
    try {
      for (const [index, octets] of parts.entries()) {
        const place = { reference: this.#reference, part: index + 1, parts: parts.length }
        const isLong = parts.length > 1
        const body = writeShortMessage({
          source: this.#account.numbers[0] ?? '',
          destination: to,
          esmClass: isLong ? headerFlag : 0,
          coding,
          octets: isLong ? Buffer.concat([writeHeader(place), octets]) : octets,
        })
        const outcome = outcomeOf(await session.submit(body))
        if (outcome.kind !== 'sent') return outcome
      }
      return { kind: 'sent' }
    } catch (error) {
      return { kind: 'unavailable', reason: `smpp ${error instanceof SmppFailure ? error.reason : 'error'}` }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    let failures = 0
    while (!this.#stopping.signal.aborted) {
      const reason = await this.#once().catch((error: unknown) =>
        error instanceof SmppFailure ? error.reason : 'internal',
      )
      if (reason === 'bound') failures = 0
      else if (reason !== 'leased_elsewhere') {
        failures += 1
        await this.#note({ kind: 'failed', reason })
      }
      if (this.#stopping.signal.aborted) break
      // Said when it begins, not at every try.
      if (failures === 1) this.#options.log(`the SMPP link of ${this.#account.id} is down (${reason}); trying again`)
      const pauseMs = failures === 0 ? renewEveryMs : Math.min(retryMsMax, firstRetryMs * 2 ** (failures - 1))
      await wait(reason === 'bound' ? firstRetryMs : pauseMs, undefined, { signal: this.#stopping.signal }).catch(
        () => {},
      )
    }
    await releaseSmppLink(this.#hub.db, this.#account.id, this.#options.holder, this.#hub.clock()).catch(() => {})
  }

  /** One life of the link. `bound`: it worked, and ended. */
  async #once(): Promise<string> {
    if (!(await this.#lease())) return 'leased_elsewhere'
    // Before anything is waited for: who stops while the link is being bound is heard too.
    const stopped = new Promise<void>((resolve) => {
      if (this.#stopping.signal.aborted) resolve()
      this.#stopping.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    const session = await SmppSession.open(addressOf(this.#account), {
      onMessage: async (message) => {
        await receiveMessage(this.#hub, this.#account, message)
        this.#options.wakeTexts()
        await this.#note({ kind: 'heard' })
      },
    })
    this.#session = session
    this.#options.log(`the SMPP link of ${this.#account.id} is bound`)
    await this.#note({ kind: 'worked' })
    const renewing = setInterval(() => {
      this.#lease()
        .then((isHeld) => (isHeld ? this.#note({ kind: 'worked' }) : session[Symbol.asyncDispose]()))
        .catch(() => {})
    }, renewEveryMs)
    renewing.unref()
    try {
      await Promise.race([session.ended, stopped])
    } finally {
      clearInterval(renewing)
      this.#session = undefined
      await session[Symbol.asyncDispose]()
    }
    return 'bound'
  }

  #note(note: ConnectionNote): Promise<void> {
    return noteConnection(this.#hub, smsConnection(this.#account.id), note)
  }

  #lease(): Promise<boolean> {
    const now = this.#hub.clock()
    return leaseSmppLink(this.#hub.db, this.#account.id, this.#options.holder, now, now + linkLeaseMs)
  }
}

/** §5.1.3: a full queue passes, a wrong number or a refused sender does not. */
function outcomeOf(status: number): TextOutcome {
  if (status === statuses.ok) return { kind: 'sent' }
  const isPassing =
    status === statuses.throttled || status === 0x14 || status === 0x08 || status === statuses.temporaryError
  const reason = `smpp ${status.toString(16)}`
  return isPassing ? { kind: 'unavailable', reason } : { kind: 'refused', reason }
}

export function addressOf({ settings, secrets }: SmsAccount): SmppAddress {
  const tls = settings.tls === true
  // An IPv6 address stands in brackets before a port (RFC 3986 §3.2.2).
  const [, bracketed, plain = '', port] = /^(?:\[(.+)\]|(.*?))(?::(\d+))?$/.exec(settings.host ?? '') ?? []
  const host = bracketed ?? plain
  return {
    host,
    port: port === undefined ? (tls ? defaultTlsPort : defaultPort) : Number(port),
    tls,
    user: settings.user ?? '',
    password: secrets.sending ?? '',
    systemType: settings.systemType ?? '',
    bind: settings.bind ?? 'transceiver',
  }
}
