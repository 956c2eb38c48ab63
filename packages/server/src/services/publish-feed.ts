import { decodePosition, encodePosition, isAtLeast } from '@verzet/core'
import { changesAfter, lastSequence } from '../storage/changes.ts'
import {
  addLostMessages,
  findPublishedPlace,
  leaseStream,
  movePublishedPlace,
  releaseStream,
} from '../storage/feed-publications.ts'
import { assertNext } from './change-tailer.ts'
import { changeEvent } from './follow-changes.ts'
import type { Hub } from './hub.ts'

/*
 *  not held ──lease──> resume ──> read the database after one's own position ──> append ──┐
 *     ^                   ^            ^     │ nothing new: announce, wait                │
 *     │                   │            └─────┴──────────────────────────────────────────┘
 *     │                   └── the broker refused, broke off or stands elsewhere ──┘
 *     └── lease lost, stopping
 *
 *  The table of changes is the outbox: what is committed is published sooner or later, in the order of each partition.
 *  Resuming goes by the stream itself: its last message carries the position it was published at. A broker that
 *  acknowledged messages and then lost them stands before what is remembered, and gets them again. Each append names the
 *  message it must follow, so that two processes that both believe to hold the lease cannot both append.
 */

export type StreamLine = { readonly partition: number; readonly seq: bigint; readonly text: string }

/** The end of a stream: the number of its last message, 0 for none, and the position in it where it is still kept. */
export type StreamEnd = { readonly sequence: number; readonly position: string | undefined }

/** What a broker does for the publisher; made by adapters/nats. */
export type FeedStream = {
  readonly name: string
  /** Makes the stream where there is none. */
  end(): Promise<StreamEnd>
  /** Appends in order, after the message with that number, and waits until the broker has all; its number after them. */
  append(lines: readonly StreamLine[], after: number): Promise<number>
  /** To whoever listens now; not kept. */
  announce(text: string): Promise<void>
  /** Removes what is in it: it is of another feed. */
  empty(): Promise<void>
}

export type FeedPublisherOptions = {
  /** Names this process among those that may publish: a UUID. */
  readonly holder: string
  readonly log: (line: string) => void
  readonly leaseMs?: number
  readonly announceEveryMs?: number
}

/** Changes of one partition in one read; a page of some megabytes with all partitions full. */
const changesPerPartitionMax = 128
/** How soon a change is seen that nobody told of. */
const pollEveryMs = 250
/** Many changes then share one read and one trip to the broker. */
const pauseBetweenReadsMs = 2
/** Followers that hear nothing for three of these read the hub's own feed. */
const announceEveryMsDefault = 5_000
const leaseMsDefault = 15_000
/** A read that is older proves nothing about now. */
const readAgeMsMax = 1_000
const retryMs = 1_000

/** The stream does not end where the publisher left it. */
export class StreamMoved extends Error {
  override readonly name = 'StreamMoved'
  readonly code = 'stream_moved'

  constructor(expected: number, found: number) {
    super(`the stream ends at ${found}, not at ${expected}`)
  }
}

type Place = { last: bigint[]; sequence: number }

/** Publishes the feed for as long as it lives, in one process of a deployment at a time. */
export class FeedPublisher implements AsyncDisposable {
  readonly #hub: Pick<Hub, 'db' | 'clock'>
  readonly #stream: FeedStream
  readonly #options: FeedPublisherOptions
  readonly #running: Promise<void>
  #isDisposed = false
  #woken = false
  #wake = () => {}
  #place: Place | undefined
  #leasedAtMs = 0
  #announcedAtMs = 0
  /** Said once. */
  #isFailing = false

  constructor(hub: Pick<Hub, 'db' | 'clock'>, stream: FeedStream, options: FeedPublisherOptions) {
    this.#hub = hub
    this.#stream = stream
    this.#options = options
    this.#running = this.#run()
  }

  /** True while this process is the one that publishes. */
  get isHolding(): boolean {
    return this.#place !== undefined
  }

  /** A hint that something was committed. */
  wake(): void {
    this.#woken = true
    this.#wake()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    this.wake()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#isDisposed) {
      try {
        if (await this.#lease()) await this.#publish()
        else await this.#sleep(this.#leaseMs / 3)
      } catch (error) {
        if (!this.#isFailing)
          this.#options.log(`the feed cannot be published (${nameOf(error)}); trying again until it can`)
        this.#isFailing = true
        // Another process may reach the broker.
        await this.#release()
        await this.#sleep(retryMs)
      }
    }
    await this.#release()
  }

  async #publish(): Promise<void> {
    const place = await this.#resume()
    this.#place = place
    if (this.#isFailing) this.#options.log('the feed is published again')
    this.#isFailing = false
    while (!this.#isDisposed) {
      this.#woken = false
      if (performance.now() - this.#leasedAtMs > this.#leaseMs / 3) {
        await this.#remember(place, undefined)
        if (!(await this.#lease())) break
      }
      const readAtMs = performance.now()
      const end = await lastSequence(this.#hub.db)
      if (isAtLeast({ last: place.last }, { last: end })) {
        await this.#announce(place, readAtMs)
        if (!this.#woken) await this.#sleep(pollEveryMs)
      } else {
        await this.#append(place, end)
        await this.#announce(place, readAtMs, end)
        await this.#sleep(pauseBetweenReadsMs)
      }
    }
    this.#place = undefined
  }

  /** Where to go on, by what the stream has; what it lost is reported and published again. */
  async #resume(): Promise<Place> {
    const { db } = this.#hub
    const { name } = this.#stream
    const remembered = await findPublishedPlace(db, name)
    const end = await this.#stream.end()
    const last = await lastSequence(db)
    const lost = Math.max(0, (remembered?.sequence ?? 0) - end.sequence)
    if (lost > 0) {
      await addLostMessages(db, name, lost)
      this.#options.log(`the broker lost ${lost} messages it had acknowledged; they are published again`)
    }
    // Its last message may be gone by its age: then what is remembered tells, unless something was lost.
    const known = end.position ?? (lost === 0 ? remembered?.position : undefined)
    const position = known === undefined ? undefined : decodePosition(known)
    // Nobody reads from before the end, so a stream that is empty begins with what comes.
    if (position === undefined) return { last, sequence: end.sequence }
    if (isAtLeast({ last }, { last: position.last })) return { last: [...position.last], sequence: end.sequence }
    this.#options.log('the database stands before what was published, as after a restore: the stream begins anew')
    await this.#stream.empty()
    return { last, sequence: (await this.#stream.end()).sequence }
  }

  async #append(place: Place, end: readonly bigint[]): Promise<void> {
    const behind = end.flatMap((number, partition) => {
      const known = place.last[partition] ?? 0n
      return number > known ? [{ partition, last: known }] : []
    })
    const changes = await changesAfter(this.#hub.db, behind, changesPerPartitionMax)
    const moved = [...place.last]
    const lines = changes.map((change): StreamLine => {
      assertNext(change, moved[change.partition] ?? 0n)
      moved[change.partition] = change.seq
      const text = JSON.stringify(changeEvent(change, encodePosition({ last: moved })))
      return { partition: change.partition, seq: change.seq, text }
    })
    place.sequence = await this.#stream.append(lines, place.sequence)
    place.last = moved
  }

  /** Says how far everything is published, when it is and it is time to. */
  async #announce(place: Place, readAtMs: number, end: readonly bigint[] = place.last): Promise<void> {
    const now = performance.now()
    if (now - this.#announcedAtMs < (this.#options.announceEveryMs ?? announceEveryMsDefault)) return
    if (now - readAtMs > readAgeMsMax || !isAtLeast({ last: place.last }, { last: end })) return
    const { position } = written(place)
    // A broker that was restarted may have less than it acknowledged; with nothing to append nobody else would notice.
    const { sequence } = await this.#stream.end()
    if (sequence !== place.sequence) throw new StreamMoved(place.sequence, sequence)
    await this.#stream.announce(JSON.stringify({ type: 'position', position }))
    this.#announcedAtMs = now
    await this.#remember(place, this.#hub.clock())
  }

  async #remember(place: Place, announcedAt: number | undefined): Promise<void> {
    await movePublishedPlace(this.#hub.db, this.#stream.name, this.#options.holder, written(place), announcedAt)
  }

  get #leaseMs(): number {
    return this.#options.leaseMs ?? leaseMsDefault
  }

  async #lease(): Promise<boolean> {
    const now = this.#hub.clock()
    this.#leasedAtMs = performance.now()
    return leaseStream(this.#hub.db, this.#stream.name, this.#options.holder, now, now + this.#leaseMs)
  }

  /** Without a database there is nothing to give back: the lease ends by the clock. */
  async #release(): Promise<void> {
    const { db, clock } = this.#hub
    const place = this.#place
    this.#place = undefined
    if (place !== undefined) await this.#remember(place, undefined).catch(() => {})
    await releaseStream(db, this.#stream.name, this.#options.holder, clock()).catch(() => {})
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#isDisposed ? 0 : ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function written({ last, sequence }: Place): { position: string; sequence: number } {
  return { position: encodePosition({ last }), sequence }
}

/** The message of a database or of a broker may quote what it was sent. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'an unknown error'
}
