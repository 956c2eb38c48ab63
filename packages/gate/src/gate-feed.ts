import { encodePosition, type Position, partitionOf } from '@verzet/core'
import { type FeedSource, readFeed } from './feed-client.ts'
import { type FeedLine, readFeedLine } from './feed-line.ts'

/*
 *  open the other way ──> catch up at the hub, from one's own cursor to its end ──> read the other way
 *                                                                                    │
 *   what was published before it was opened comes from the hub, what came after is counted: the numbers of a
 *   partition have no gap. A number that is missing, a position that is not reached and silence end it, and the
 *   caller asks the hub for what is missing.
 */

/** Another way for the hub's changes to arrive, as through a broker that many gates read. */
export type GateFeed = {
  /**
   * What is published after this resolves, as lines of the hub's feed (`change` and `position`), some at once. It need not
   * be complete and may repeat itself. To end or to throw is to say that it cannot go on.
   */
  open(signal: AbortSignal): Promise<AsyncIterable<readonly string[]>>
}

/** The other way cannot be used for now; what it has not brought is at the hub. */
export class GateFeedFailed extends Error {
  override readonly name = 'GateFeedFailed'
  readonly code: 'feed_unavailable' | 'feed_gap'

  constructor(code: 'feed_unavailable' | 'feed_gap', message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A position is published every five seconds: two of them may be lost. */
export const positionSilentMsMax = 16_000
/** A position that overtakes the changes before it holds for them if they follow within this. */
const overtakenMsMax = 2_000

/**
 * The lines of the hub's feed after a cursor up to its end, then those of the other way; as `readFeed` does it, an empty
 * batch first. @throws {GateFeedFailed} and what `readFeed` throws.
 */
export async function* readGateFeed(
  feed: GateFeed,
  source: FeedSource,
  cursor: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly FeedLine[]> {
  const silence = new AbortController()
  const stop = AbortSignal.any([signal, silence.signal])
  const published = await feed.open(stop).catch((error: unknown) => {
    throw new GateFeedFailed('feed_unavailable', 'the way of the changes cannot be opened', { cause: error })
  })
  let reached: Position | undefined
  for await (const lines of readFeed(source, cursor, signal, { follow: false })) {
    yield lines
    const last = lines.at(-1)
    if (last?.type === 'position') reached = last.position
    else if (last?.type === 'error') return
  }
  // Broken off before its end: the caller comes back with its cursor.
  if (reached === undefined) return
  const counted = new CountedChanges(reached)
  let timer = setTimeout(() => silence.abort(), positionSilentMsMax)
  try {
    for await (const texts of published) {
      const lines = counted.take(texts.map(readFeedLine), performance.now())
      if (lines.some(({ type }) => type === 'position')) {
        clearTimeout(timer)
        timer = setTimeout(() => silence.abort(), positionSilentMsMax)
      }
      if (lines.length > 0) yield lines
    }
  } catch (error) {
    if (error instanceof GateFeedFailed) throw error
    throw new GateFeedFailed('feed_unavailable', 'the way of the changes broke', { cause: error })
  } finally {
    clearTimeout(timer)
  }
  if (!signal.aborted) throw new GateFeedFailed('feed_unavailable', 'the way of the changes fell silent')
}

/** Lets through what follows what is known, and notices what is missing. */
export class CountedChanges {
  readonly #last: bigint[]
  #cursor: string
  /** What was known when the last position arrived: one that stands before that proves nothing about now. */
  #knownBefore: readonly bigint[]
  #awaited: { readonly last: readonly bigint[]; readonly arrivedAtMs: number } | undefined

  constructor(reached: Position) {
    this.#last = [...reached.last]
    this.#knownBefore = reached.last
    this.#cursor = encodePosition({ last: this.#last })
  }

  /** @throws {GateFeedFailed} when a change is missing. */
  take(lines: readonly FeedLine[], nowMs: number): FeedLine[] {
    const taken = lines.flatMap((line) => {
      if (line.type === 'change') return this.#count(line)
      return line.type === 'position' ? this.#place(line.position.last, nowMs) : []
    })
    taken.push(...this.#arrive(nowMs))
    // Once for all of them: until the last is applied the gate keeps the cursor before them, and doubles do no harm.
    const cursor = taken.length === 0 ? this.#cursor : encodePosition({ last: this.#last })
    const numbered = taken.map((line, index) =>
      'cursor' in line ? { ...line, cursor: index === taken.length - 1 ? cursor : this.#cursor } : line,
    )
    this.#cursor = cursor
    return numbered
  }

  #count(line: Extract<FeedLine, { type: 'change' }>): FeedLine[] {
    const partition = partitionOf(line.key)
    const known = this.#last[partition] ?? 0n
    const { number } = line
    if (number <= known) return []
    if (number > known + 1n) throw new GateFeedFailed('feed_gap', 'a change is missing on the way of the changes')
    this.#last[partition] = number
    return [line]
  }

  #place(last: readonly bigint[], nowMs: number): FeedLine[] {
    const before = this.#arrive(nowMs)
    if (this.#awaited !== undefined) {
      throw new GateFeedFailed('feed_gap', 'the hub stands further than what came on the way of the changes')
    }
    const isNews = this.#knownBefore.every((known, partition) => known <= (last[partition] ?? 0n))
    this.#knownBefore = [...this.#last]
    if (!this.#covers(last)) {
      this.#awaited = { last, arrivedAtMs: nowMs }
      return before
    }
    return isNews ? this.#say() : before
  }

  /** The changes of a position that had overtaken them have come. */
  #arrive(nowMs: number): FeedLine[] {
    if (this.#awaited === undefined || !this.#covers(this.#awaited.last)) return []
    const isRecent = nowMs - this.#awaited.arrivedAtMs <= overtakenMsMax
    this.#awaited = undefined
    return isRecent ? this.#say() : []
  }

  #say(): FeedLine[] {
    return [{ type: 'position', cursor: this.#cursor, position: { last: [...this.#last] } }]
  }

  #covers(last: readonly bigint[]): boolean {
    return last.every((number, partition) => number <= (this.#last[partition] ?? 0n))
  }
}
