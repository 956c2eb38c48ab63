import type { Hub } from '../../services/hub.ts'
import { openMailboxProgress } from '../../services/mailbox-progress.ts'
import type { IncomingMail } from '../intake/mail/handle-incoming-mail.ts'
import { codeOf, MailboxRefused } from './imap-failures.ts'
import { type MailboxConnection, type MailboxOptions, openMailbox } from './mailbox-connection.ts'
import { LeaseLost, type MailboxReader, readMailbox } from './read-mailbox.ts'

export type MailboxPollerOptions = MailboxOptions & {
  readonly intake: Pick<IncomingMail, 'enrolledProviders' | 'lookup'>
  /** How often it is looked into where the server does not tell of new mail by itself. */
  readonly pollEveryMs: number
  /** Names this process among those that may read the mailbox: a UUID. */
  readonly holder: string
  readonly wakeMail?: () => void
  readonly log: (line: string) => void
}

/** How often a process that does not hold the mailbox looks whether it is free, and one that does renews its lease. */
const leaseEveryMs = 20_000
/** After a connection that broke: soon, then after twice as long each time. */
const firstRetryMs = 1_000
/** Providers lock accounts for some minutes after several refused sign-ins: not sooner than this. */
const firstSignInRetryMs = 60_000
const retryMsMax = 10 * 60_000
/** What a stopping process gives the mail under way. */
const drainMsMax = 10_000

/**
 * Reads a mailbox at an outside provider for as long as it lives:
 *
 *   not held ──lease──► connect ──► read ──► wait (for word from the server, or the time) ──► read …
 *      ▲                   │          │
 *      └── lease lost ─────┴──────────┴── refused, broken, database gone ──► wait, longer each time ──► lease …
 *
 * Of several processes one holds it. Disposing finishes the mail under way and gives the mailbox back.
 */
export class MailboxPoller implements AsyncDisposable {
  readonly #options: MailboxPollerOptions
  readonly #reader: MailboxReader
  readonly #stop = new AbortController()
  readonly #cut = new AbortController()
  readonly #running: Promise<void>
  #failures = 0

  constructor(hub: Hub, options: MailboxPollerOptions) {
    const { mailbox, holder, intake, wakeMail, log } = options
    this.#options = options
    this.#reader = {
      hub,
      progress: openMailboxProgress(hub, mailbox, holder),
      intake,
      log,
      isStopping: () => this.#stop.signal.aborted,
      ...(wakeMail && { wakeMail }),
    }
    this.#running = this.#run()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    const overdue = setTimeout(() => this.#cut.abort(), drainMsMax)
    await this.#running
    clearTimeout(overdue)
  }

  async #run(): Promise<void> {
    const { progress } = this.#reader
    while (!this.#stop.signal.aborted) {
      try {
        const isHeld = await progress.lease()
        if (isHeld) await this.#readWhileHeld()
        else await rest(leaseEveryMs, this.#stop.signal)
      } catch (error) {
        if (!this.#stop.signal.aborted) await this.#recover(error)
      }
    }
    await progress.release().catch(() => {})
  }

  async #readWhileHeld(): Promise<void> {
    const { progress } = this.#reader
    await using connection = await this.#connect()
    while (!this.#stop.signal.aborted) {
      await readMailbox(this.#reader, connection)
      this.#failures = 0
      const readAgainAt = Date.now() + this.#options.pollEveryMs
      while (!this.#stop.signal.aborted && Date.now() < readAgainAt) {
        const stepMs = Math.min(leaseEveryMs, readAgainAt - Date.now())
        if ((await connection.waitForMail(stepMs, this.#stop.signal)) === 'mail') break
        if (!(await progress.lease())) return
      }
    }
  }

  /** A stop during the connecting ends it; afterwards only one that has lasted too long does. */
  async #connect(): Promise<MailboxConnection> {
    const connecting = new AbortController()
    const end = () => connecting.abort()
    this.#stop.signal.addEventListener('abort', end, { once: true })
    this.#cut.signal.addEventListener('abort', end, { once: true })
    try {
      return await openMailbox(this.#options, { signal: connecting.signal })
    } finally {
      this.#stop.signal.removeEventListener('abort', end)
    }
  }

  async #recover(error: unknown): Promise<void> {
    if (error instanceof LeaseLost) return
    const isSignIn = error instanceof MailboxRefused && error.isSignIn
    const first = isSignIn ? firstSignInRetryMs : firstRetryMs
    const waitMs = Math.min(retryMsMax, first * 2 ** Math.min(this.#failures, 10))
    this.#failures += 1
    const code = codeOf(error)
    const seconds = Math.round(waitMs / 1_000)
    this.#options.log(`the mailbox cannot be read (${code}); trying again in ${seconds} s`)
    await this.#reader.progress.hasFailed(code).catch(() => {})
    // Given back: another process may reach the provider, or have the right password.
    await this.#reader.progress.release().catch(() => {})
    await rest(waitMs, this.#stop.signal)
  }
}

function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
    function end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
  })
}
