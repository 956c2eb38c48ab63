import { transact } from '../../storage/database.ts'
import { deleteFinishedTexts } from '../../storage/outbound-texts.ts'
import { type SendTextParts, sendDueTexts, textsAtOnceMax } from './send-due-texts.ts'

/** How late a text may be that another process owed. */
const pollEveryMs = 5_000
const sweepEveryMs = 3_600_000
/** Long enough to look up why somebody did not get a text; that it was sent stays in the evidence. */
const finishedKeptMs = 30 * 86_400_000

/**
 * Sends the texts the hub owes, as soon as it is told and every few seconds besides. Disposing takes no further text,
 * finishes those under way and resolves then.
 */
export class TextSender implements AsyncDisposable {
  readonly #parts: SendTextParts & { readonly onTrouble?: () => void }
  readonly #running: Promise<void>
  #isStopping = false
  #isWoken = false
  #endRest: (() => void) | undefined
  #sweptAt = 0

  constructor(parts: SendTextParts & { readonly onTrouble?: () => void }) {
    this.#parts = parts
    this.#running = this.#run()
  }

  /** To be called after the commit that owes a text. Never throws, and may be called at any time. */
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
      const isMoreDue = await this.#pass().catch(() => {
        this.#parts.onTrouble?.()
        return false
      })
      if (!isMoreDue && !this.#isWoken && !this.#isStopping) await this.#rest()
    }
  }

  async #pass(): Promise<boolean> {
    const now = this.#parts.clock()
    if (now - this.#sweptAt >= sweepEveryMs) {
      this.#sweptAt = now
      await transact(this.#parts.db, (tx) => deleteFinishedTexts(tx, now - finishedKeptMs))
    }
    const { leased, isBlocked } = await sendDueTexts(this.#parts)
    return leased === textsAtOnceMax && !isBlocked
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
