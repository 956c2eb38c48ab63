import { type FeedSource, type OpenFeed, readFeed } from './feed-client.ts'
import type { FeedLine } from './feed-line.ts'
import { type GateFeed, GateFeedFailed, readGateFeed } from './gate-feed.ts'

/** So long the hub's own feed is followed after the other way of the changes failed. */
const restsMs = 15_000

/** Which way the changes come: from the hub, or the other way as long as that works. */
export class FeedWay {
  readonly #source: FeedSource
  readonly #feed: GateFeed | undefined
  #restsUntil = 0
  #isHubRead = false

  constructor(source: FeedSource, feed: GateFeed | undefined) {
    this.#source = source
    this.#feed = feed
  }

  /** @param opened an answer of the hub that is to be read on. */
  open(cursor: string | undefined, signal: AbortSignal, opened?: OpenFeed): AsyncIterable<readonly FeedLine[]> {
    this.#isHubRead = this.#feed === undefined || this.#isResting || opened !== undefined
    if (this.#feed === undefined || this.#isHubRead) {
      return readFeed(this.#source, cursor, signal, opened === undefined ? {} : { opened })
    }
    return readGateFeed(this.#feed, this.#source, cursor, signal)
  }

  /** True where changes were missing on the other way, which then rests for a while. */
  hasGap(error: unknown): boolean {
    if (!(error instanceof GateFeedFailed)) return false
    this.#restsUntil = performance.now() + restsMs
    return error.code === 'feed_gap'
  }

  /** Back to the other way, after lines with which nothing is missing. */
  isToReopen(lines: readonly FeedLine[]): boolean {
    return this.#feed !== undefined && this.#isHubRead && !this.#isResting && lines.at(-1)?.type === 'position'
  }

  get #isResting(): boolean {
    return performance.now() < this.#restsUntil
  }
}
