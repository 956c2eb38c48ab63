import { encodePosition, isAtLeast } from '@verzet/core'
import { type Change, changesAfter, lastSequence } from '../storage/changes.ts'
import type { Database } from '../storage/database.ts'
import type { ChoiceCommitter } from './choice-committer.ts'
import type { PublishedChanges } from './published-changes.ts'

/** How soon a change made by another process is seen. */
const pollEveryMs = 250
/** The same where a broker brings them sooner: that nothing is missing is still asked of the database. */
const pollWhileLiveEveryMs = 2_000
/** Between two reads while this process is writing: many changes then share one read, and none waits long. */
const pauseBetweenReadsMs = 5
/** Telling one follower takes the hub some 20 µs: with this pause for each, telling all takes a fifth of a core at most. */
const pausePerFollowerMs = 0.1
/** Nobody waits longer for a change than they would notice. */
const pauseToldMsMax = 50
/** Changes of one partition in one read: a page of about a megabyte with all partitions full. */
const changesPerPartitionMax = 256
/** A read takes a millisecond; one that takes this long is no proof that nothing happened. */
const freshForMs = 5_000
/** What one follower may be behind, in changes; at a few hundred bytes each some ten megabytes. */
const followerChangesMax = 20_000
/** And in time: beyond this its copy is older than most gates bear. */
const followerBehindMsMax = 10_000

/** A change with the cursor that follows it. */
export type TailedChange = Change & { readonly position: string }

/** Why a follower's stream ends before the follower ends it; it may come back with its last position. */
export type CutOff = 'too_slow' | 'unavailable' | 'closing'

/** One reader of the feed, with what it has not taken yet. */
export class Follower {
  readonly #known: bigint[]
  #waiting: TailedChange[] = []
  #cutOff: CutOff | undefined
  #wake: (() => void) | undefined

  /** When what it has not taken yet began to wait. */
  #waitingSinceMs = 0
  readonly #changesMax: number

  readonly #nowMs: () => number

  constructor(position: readonly bigint[], changesMax: number, nowMs: () => number = () => performance.now()) {
    this.#known = [...position]
    this.#changesMax = changesMax
    this.#nowMs = nowMs
  }

  get cutOff(): CutOff | undefined {
    return this.#cutOff
  }

  /** The follower may have read further by itself than the tailer had: what it knows is left out. */
  offer(changes: readonly TailedChange[]): void {
    // Who missed some must not get those that follow: the cursor would promise what never came.
    if (this.#cutOff !== undefined) return
    const nowMs = this.#nowMs()
    if (this.#waiting.length === 0) this.#waitingSinceMs = nowMs
    for (const change of changes) {
      if (change.seq <= (this.#known[change.partition] ?? 0n)) continue
      this.#known[change.partition] = change.seq
      this.#waiting.push(change)
    }
    const isLate = this.#waiting.length > 0 && nowMs - this.#waitingSinceMs > followerBehindMsMax
    if (isLate || this.#waiting.length > this.#changesMax) this.cut('too_slow')
    else this.#wake?.()
  }

  cut(reason: CutOff): void {
    this.#cutOff ??= reason
    if (this.#cutOff === 'too_slow') this.#waiting = []
    this.#wake?.()
  }

  /** Waits for changes; empty when there were none in time or the follower was cut off. */
  async take(timeoutMs: number): Promise<TailedChange[]> {
    if (this.#waiting.length === 0 && this.#cutOff === undefined) await this.#sleep(timeoutMs)
    const taken = this.#waiting
    this.#waiting = []
    return taken
  }

  async #sleep(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = undefined
  }
}

/**
 * Reads the feed once for all followers of this process. It runs only while somebody follows.
 * A follower is cut off when it is too slow, when the database cannot be read (a heartbeat would then be a lie), and
 * when the process ends.
 */
export class ChangeTailer implements AsyncDisposable {
  readonly #db: Database
  readonly #followerChangesMax: number
  readonly #published: PublishedChanges | undefined
  readonly #stopListening: readonly (() => void)[]
  readonly #followers = new Set<Follower>()
  #interested = 0
  #starting: Promise<void> | undefined
  #loop: Promise<void> | undefined
  #last: bigint[] = []
  #readAtMs = 0
  #untold: TailedChange[] = []
  #toldAtMs = 0
  #telling: NodeJS.Timeout | undefined
  #wake: (() => void) | undefined
  #woken = false
  #disposed = false

  constructor(
    db: Database,
    options: {
      readonly followerChangesMax?: number
      readonly published?: PublishedChanges | undefined
      /** What this process commits itself need not be read back. */
      readonly committer?: Pick<ChoiceCommitter, 'onCommit'>
    } = {},
  ) {
    this.#db = db
    this.#published = options.published
    const hear = (changes: readonly Change[]) => this.#hear(changes)
    const stops = [
      options.published?.listen(hear),
      options.committer?.onCommit((_choices, _outcomes, changes) => hear(changes)),
    ]
    this.#stopListening = stops.filter((stop) => stop !== undefined)
    this.#followerChangesMax = options.followerChangesMax ?? followerChangesMax
  }

  /** Says that somebody is going to follow; the tailer has a position once this resolves. Every open needs its close. */
  async open(): Promise<void> {
    this.#interested += 1
    if (this.#loop !== undefined) return
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined
    })
    await this.#starting
  }

  close(follower?: Follower): void {
    this.#interested -= 1
    if (follower !== undefined) this.#followers.delete(follower)
    if (this.#interested === 0) this.wake()
  }

  /** Follows from a position that has everything the tailer had; undefined when it has not, and must read on first. */
  attach(last: readonly bigint[]): Follower | undefined {
    const follower = new Follower(last, this.#followerChangesMax)
    if (this.#disposed) {
      follower.cut('closing')
      return follower
    }
    if (!isAtLeast({ last }, { last: this.#last })) return undefined
    this.#followers.add(follower)
    return follower
  }

  /** False when the database has not answered for a while: a heartbeat would then promise what nobody knows. */
  get isFresh(): boolean {
    return performance.now() - this.#readAtMs < freshForMs
  }

  /** A hint that this process has just committed something. */
  wake(): void {
    this.#woken = true
    this.#wake?.()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    for (const stop of this.#stopListening) stop()
    clearTimeout(this.#telling)
    for (const follower of this.#followers) follower.cut('closing')
    this.wake()
    await this.#loop
  }

  async #start(): Promise<void> {
    this.#last = await lastSequence(this.#db)
    this.#readAtMs = performance.now()
    this.#loop = this.#run().finally(() => {
      this.#loop = undefined
    })
  }

  async #run(): Promise<void> {
    while (this.#interested > 0 && !this.#disposed) {
      this.#woken = false
      const found = await this.#read().catch(() => {
        for (const follower of this.#followers) follower.cut('unavailable')
        return 0
      })
      if (found > 0) await new Promise((resolve) => setTimeout(resolve, pauseBetweenReadsMs))
      else if (!this.#woken) await this.#sleep()
    }
  }

  async #sleep(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#published?.isLive === true ? pollWhileLiveEveryMs : pollEveryMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = undefined
  }

  async #read(): Promise<number> {
    const startedAtMs = performance.now()
    const last = await lastSequence(this.#db)
    this.#readAtMs = startedAtMs
    const behind = last.flatMap((number, partition) => {
      const known = this.#last[partition] ?? 0n
      return number > known ? [{ partition, last: known }] : []
    })
    if (behind.length === 0) return 0
    const changes = await changesAfter(this.#db, behind, changesPerPartitionMax)
    return this.#offer(changes)
  }

  /** A broker or a commit brought some, or the database has them. What came the other way meanwhile is left out. */
  #offer(changes: readonly Change[]): number {
    const moved = [...this.#last]
    const tailed = changes.flatMap((change) => {
      const known = moved[change.partition] ?? 0n
      if (change.seq <= known) return []
      assertNext(change, known)
      moved[change.partition] = change.seq
      return [withPosition(change, [...moved])]
    })
    this.#last = moved
    this.#tell(tailed)
    return tailed.length
  }

  /** A change that comes alone is told at once; of many that come quickly some are told together. */
  #tell(changes: readonly TailedChange[]): void {
    if (changes.length === 0) return
    for (const change of changes) this.#untold.push(change)
    if (this.#telling !== undefined) return
    const pauseMs = Math.min(pauseToldMsMax, this.#followers.size * pausePerFollowerMs)
    const waitMs = this.#toldAtMs + pauseMs - performance.now()
    if (waitMs < 1) this.#tellNow()
    else this.#telling = setTimeout(() => this.#tellNow(), waitMs)
  }

  #tellNow(): void {
    const changes = this.#untold
    this.#untold = []
    this.#telling = undefined
    this.#toldAtMs = performance.now()
    for (const follower of this.#followers) follower.offer(changes)
  }

  /** Where they do not go on from what is known, the database has what is missing. */
  #hear(changes: readonly Change[]): void {
    if (this.#loop === undefined) return
    const known = [...this.#last]
    const next = changes.filter(({ partition, seq }) => {
      if (seq !== (known[partition] ?? 0n) + 1n) return false
      known[partition] = seq
      return true
    })
    this.#offer(next)
    if (changes.some(({ partition, seq }) => seq > (known[partition] ?? 0n))) this.wake()
  }
}

/** The cursor is written when it is first read, and then for all. */
function withPosition(change: Change, last: readonly bigint[]): TailedChange {
  let position: string | undefined
  return {
    ...change,
    get position() {
      position ??= encodePosition({ last })
      return position
    },
  }
}

/** The numbers of a partition have no gap; a missing one means that changes were deleted under the reader. */
export function assertNext(change: Pick<Change, 'partition' | 'seq'>, known: bigint): void {
  if (change.seq !== known + 1n) {
    throw new Error(`the feed of partition ${change.partition} goes from ${known} to ${change.seq}`)
  }
}
