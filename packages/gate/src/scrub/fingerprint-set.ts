import { readFeed } from '../feed-client.ts'
import { FeedUnreadable } from '../feed-line.ts'
import { RefusalSet } from '../refusal-set.ts'

const entriesAtFirst = 10_000

/** Some fingerprints, 16 bytes each. */
export class FingerprintSet {
  #set = new RefusalSet(entriesAtFirst)

  get size(): number {
    return this.#set.entries
  }

  add(low: number, high: number): void {
    if (this.#set.isFull) this.#set = this.#set.grown(this.#set.entries * 2)
    this.#set.set(low, high, 1)
  }

  has(low: number, high: number): boolean {
    return this.#set.find(low, high) !== 0
  }
}

/**
 * Those something changed about after a cursor, as a hub tells it, and where its feed stands.
 * @throws what reading the feed throws, with status 410 where the cursor is of another feed.
 */
export async function readChangedSince(
  source: { readonly url: string; readonly key: string },
  cursor: string,
  signal: AbortSignal,
): Promise<{ readonly changed: FingerprintSet; readonly position: string }> {
  const changed = new FingerprintSet()
  for await (const lines of readFeed(source, cursor, signal)) {
    for (const line of lines) {
      if (line.type === 'change' || line.type === 'standing') changed.add(line.low, line.high)
      if (line.type === 'position') return { changed, position: line.cursor }
    }
  }
  throw new FeedUnreadable('the hub ended the feed before its end was reached')
}
