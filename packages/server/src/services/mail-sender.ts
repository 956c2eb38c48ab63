import { sweepConfirmations } from '../storage/confirmations.ts'
import { transact } from '../storage/database.ts'
import { deleteFinishedMails } from '../storage/outbound-mails.ts'
import { mailsAtOnceMax, type SendParts, sendDueMails } from './send-due-mails.ts'

/** How late a mail may be that another process owed, or whose time came without anybody saying so. */
const pollEveryMs = 5_000
const sweepEveryMs = 3_600_000
/** Long enough to look up why somebody did not get a mail; that it was sent stays in the evidence. */
const finishedKeptMs = 30 * 86_400_000

export type MailSenderParts = SendParts & {
  /** The database could not be used; it is tried again at the next poll. */
  readonly onTrouble?: (error: unknown) => void
}

/**
 * Sends what the hub owes, as soon as it is told and every few seconds besides. Disposing takes no further mail,
 * finishes those under way and resolves then.
 */
export class MailSender implements AsyncDisposable {
  readonly #parts: MailSenderParts
  readonly #running: Promise<void>
  #isStopping = false
  #isWoken = false
  #endRest: (() => void) | undefined
  #sweptAt = 0

  constructor(parts: MailSenderParts) {
    this.#parts = parts
    this.#running = this.#run()
  }

  /** To be called after the commit that owes a mail. Never throws, and may be called at any time. */
  readonly wake = (): void => {
    this.#isWoken = true
    this.#endRest?.()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true
    this.#endRest?.()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      this.#isWoken = false
      const isMoreDue = await this.#pass().catch((error: unknown) => {
        this.#parts.onTrouble?.(error)
        return false
      })
      if (!isMoreDue && !this.#isWoken && !this.#isStopping) await this.#rest()
    }
  }

  /** True when a full batch went through, so that more may be due already. */
  async #pass(): Promise<boolean> {
    const now = this.#parts.clock()
    if (now - this.#sweptAt >= sweepEveryMs) {
      this.#sweptAt = now
      await sweepMails(this.#parts, now)
    }
    const { leased, isBlocked } = await sendDueMails(this.#parts, mailsAtOnceMax)
    return leased === mailsAtOnceMax && !isBlocked
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(end, pollEveryMs)
      this.#endRest = end
      function end() {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** Forgets addresses that nobody confirmed in time, and mails that were finished a month ago. */
export async function sweepMails({ db }: Pick<SendParts, 'db'>, now: number): Promise<void> {
  await transact(db, async (tx) => {
    await sweepConfirmations(tx, now, now - finishedKeptMs)
    await deleteFinishedMails(tx, now - finishedKeptMs)
  })
}
