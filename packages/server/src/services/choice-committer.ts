import type { Change } from '../storage/changes.ts'
import { type Database, transact } from '../storage/database.ts'
import { isOutage } from '../storage/outage.ts'
import { type ChoiceOutcome, type ChoiceToRecord, recordChoices } from './record-choices.ts'

/** Measured: beyond 256 choices a transaction grows longer without carrying more a second. */
const batchChoicesMax = 256
/** While the database works on one transaction, the next one is made ready; a third would only wait for their counters. */
const transactionsAtOnceMax = 2
/** A queue this long is half a minute of full load: refusing then lets the sender try elsewhere or later. */
const waitingChoicesMax = 250_000

/** The hub cannot take the choice now; nothing was recorded, and saying so lets the sender try again. */
export class CommitterOverloaded extends Error {
  readonly code = 'overloaded'
}

/**
 * Told of what one transaction recorded: the choices, in the same order what became of each, and what the feed was told.
 * Of two transactions at once the later one may be told of first.
 */
export type CommitListener = (
  choices: readonly ChoiceToRecord[],
  outcomes: readonly ChoiceOutcome[],
  changes: readonly Change[],
) => void

type Waiting = {
  readonly choices: readonly ChoiceToRecord[]
  resolve(outcomes: ChoiceOutcome[]): void
  reject(error: unknown): void
}

/**
 * Group commit: choices that arrive while transactions are under way share the next one, and each is answered only
 * after the commit that holds it. Alone, a choice waits for nobody. Disposing finishes what was accepted.
 */
export class ChoiceCommitter implements AsyncDisposable {
  readonly #db: Database
  readonly #pepper: Uint8Array
  #waiting: Waiting[] = []
  readonly #running = new Set<Promise<void>>()
  readonly #listeners = new Set<CommitListener>()

  constructor(db: Database, pepper: Uint8Array) {
    this.#db = db
    this.#pepper = pepper
  }

  /** Choices of one act: recorded together or not at all, durable when the promise resolves. */
  record(choices: readonly ChoiceToRecord[]): Promise<ChoiceOutcome[]> {
    if (this.#waiting.length >= waitingChoicesMax)
      return Promise.reject(new CommitterOverloaded('too many choices waiting'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ choices, resolve, reject })
      if (this.#running.size < transactionsAtOnceMax) this.#start()
    })
  }

  /** Calls `listener` after each commit with what it held; returns the way to stop that. A listener does not throw. */
  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #start(): void {
    const running = this.#run().finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  async #run(): Promise<void> {
    // Requests read in the same turn of the event loop join the first batch.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) await this.#commit(this.#takeBatch())
  }

  #takeBatch(): Waiting[] {
    let choices = 0
    const end = this.#waiting.findIndex((waiting) => {
      choices += waiting.choices.length
      return choices > batchChoicesMax
    })
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end))
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const choices = batch.flatMap((waiting) => waiting.choices)
      const recorded = await transact(this.#db, (tx) => recordChoices(tx, this.#pepper, choices))
      const outcomes = recorded.outcomes()
      const changes = recorded.changes()
      for (const listener of this.#listeners) listener(choices, outcomes, changes)
      let next = 0
      for (const waiting of batch) {
        waiting.resolve(outcomes.slice(next, next + waiting.choices.length))
        next += waiting.choices.length
      }
    } catch (error) {
      // Without a database there is nobody to ask one by one, and each asking would wait for its own timeout.
      if (batch.length === 1 || isOutage(error)) {
        for (const waiting of batch) waiting.reject(error)
        return
      }
      // One choice the database refuses must not take the others with it.
      for (const waiting of batch) await this.#commit([waiting])
    }
  }
}
