import { lastSequence } from '../storage/changes.ts'
import type { Queryable } from '../storage/database.ts'

/**
 * Reads where the feed ends. Whoever asks while a read is under way shares the next one: each gets what was committed
 * when it asked, and however many ask, the database is asked by one at a time.
 */
export class FeedEnd {
  readonly #db: Queryable
  #underWay: Promise<readonly bigint[]> | undefined
  #next: Promise<readonly bigint[]> | undefined

  constructor(db: Queryable) {
    this.#db = db
  }

  read(): Promise<readonly bigint[]> {
    this.#next ??= this.#readAfter(this.#underWay)
    return this.#next
  }

  async #readAfter(earlier: Promise<unknown> | undefined): Promise<readonly bigint[]> {
    await earlier?.catch(() => {})
    this.#underWay = lastSequence(this.#db)
    this.#next = undefined
    return this.#underWay
  }
}
