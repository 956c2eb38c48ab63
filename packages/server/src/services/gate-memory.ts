import { type Decision, encodePosition, partitionOf, partitionsCount } from '@verzet/core'
import { Fingerprinter, type Replica, type StandingIndex } from '@verzet/gate'
import { type Change, changesAfter } from '../storage/changes.ts'
import { isOutage } from '../storage/outage.ts'
import {
  askGate,
  decidePrepared,
  type GateAnswer,
  type GateQuestion,
  type PreparedQuestion,
  prepareQuestion,
} from './ask-gate.ts'
import { assertNext, ChangeTailer, type Follower } from './change-tailer.ts'
import type { ChoiceCommitter } from './choice-committer.ts'
import { FeedEnd } from './feed-end.ts'
import { GateMemorySnapshots, settledWithin } from './gate-memory-snapshots.ts'
import type { Hub } from './hub.ts'
import { Interrupted, loadGateMemory, MemoryFull } from './load-gate-memory.ts'
import type { TakeBytes } from './read-standings.ts'
import { replicaLine } from './replica-line.ts'
import { standingIn } from './standing-in-memory.ts'

/*
 *  loading: every standing is copied into the index ──> catching up: the changes since ──> following the tailer
 *     ^                                                      ^                                  │
 *     │ a change is missing, or the database went back       └── the database was out of reach ─┘
 *     └─────────────────────────────────────────────────────────────────────────────────────────┘
 *  over its memory: the end; everything is asked of the database from then on.
 *
 *  It never has to guess whether it is up to date. Before a question is answered from it, the end of the feed is read: one
 *  small query, shared by all questions that arrive while another one is under way. A contact point whose partition
 *  stands before that end is asked of the database. What was acknowledged by any process before the question was asked
 *  is therefore in the answer, as when the database is read; and without a database there is no answer at all (rule 6).
 */

/** Changes of one partition in one page of catching up. */
const catchUpPartitionRows = 80
/** Following wakes by itself for every change; this only looks whether it was told to stop. */
const waitForChangesMs = 15_000
const retryMs = 1_000
/** A gate hangs up on a hub that says nothing for 30 seconds. */
const waitForLoadingMsMax = 20_000

export type GateMemoryOptions = {
  /** Memory the index may take; beyond it the database is asked. */
  readonly bytesMax: number
  readonly log: (line: string) => void
}

export type GateMemoryMetrics = {
  readonly entries: number
  readonly bytes: number
  readonly fromMemory: number
  readonly fromDatabase: number
}

type Parts = Pick<Hub, 'db' | 'catalog' | 'secrets' | 'published'> & {
  readonly committer: Pick<ChoiceCommitter, 'onCommit'>
}
type ReadyQuestion = Extract<PreparedQuestion, { kind: 'ready' }>

/** The gate's index inside the hub: answers as `askGate` does, from memory wherever it is up to date. */
export class GateMemory implements AsyncDisposable {
  readonly #hub: Parts
  readonly #options: GateMemoryOptions
  readonly #tailer: ChangeTailer
  readonly #fingerprinter: Fingerprinter
  readonly #end: FeedEnd
  readonly #running: Promise<void>
  #index: StandingIndex | undefined
  #replica: Replica | undefined
  #last: bigint[] = []
  #keysOnly = new Set<string>()
  readonly #snapshots = new GateMemorySnapshots()
  #isLoaded = false
  #loading: Promise<void> | undefined
  #isDisposed = false
  #follower: Follower | undefined
  #stopWaiting = () => {}
  #fromMemory = 0
  #fromDatabase = 0

  constructor(hub: Parts, options: GateMemoryOptions) {
    this.#hub = hub
    this.#options = options
    this.#tailer = new ChangeTailer(hub.db, { published: hub.published, committer: hub.committer })
    this.#fingerprinter = new Fingerprinter(hub.secrets.fingerprintKey)
    this.#end = new FeedEnd(hub.db)
    this.#running = this.#run()
  }

  /** True once everything that was known at the start is in it. */
  get isLoaded(): boolean {
    return this.#isLoaded
  }

  metrics(): GateMemoryMetrics {
    return {
      entries: this.#index?.entries ?? 0,
      bytes: this.#index?.bytes ?? 0,
      fromMemory: this.#fromMemory,
      fromDatabase: this.#fromDatabase,
    }
  }

  /** Answers in order. Throws when the database cannot be read: the caller must then not send (rule 6). */
  async ask(questions: readonly GateQuestion[], now: number): Promise<GateAnswer[]> {
    const { db, catalog, secrets } = this.#hub
    const own = this.#isLoaded ? await this.#askMemory(questions, now) : questions.map(() => undefined)
    const rest = questions.filter((_, index) => own[index] === undefined)
    this.#fromMemory += questions.length - rest.length
    this.#fromDatabase += rest.length
    const asked = rest.length === 0 ? [] : await askGate(db, catalog, secrets, rest, now)
    const answers = asked.values()
    return own.map((answer) => {
      const found = answer ?? answers.next().value
      if (found === undefined) throw new Error('the gate left a question unanswered')
      return found
    })
  }

  /**
   * Hands on all it holds, as the bytes a gate starts from; false, and nothing is taken, when it cannot. While it is being
   * loaded that is waited for, but not for longer than a gate waits: the database is then not read twice.
   * @throws what `take` and the database throw, and when it is forgotten meanwhile: what was taken is not everything.
   */
  async writeStandings(take: TakeBytes): Promise<boolean> {
    if (this.#loading !== undefined) await settledWithin(this.#loading, waitForLoadingMsMax)
    const index = (await this.#readEnd()) && this.#index
    if (!this.#isLoaded || index === undefined || this.#replica?.sharesFingerprints !== false) return false
    await this.#snapshots.write({ index, last: this.#last }, take, () => this.#index === index)
    return true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    this.#stopWaiting()
    await this.#tailer[Symbol.asyncDispose]()
    await this.#running
  }

  async #askMemory(questions: readonly GateQuestion[], now: number): Promise<(GateAnswer | undefined)[]> {
    const { catalog, secrets } = this.#hub
    const end = await this.#readEnd()
    if (end === undefined) return questions.map(() => undefined)
    const position = encodePosition({ last: end })
    const isCurrent =
      this.#keysOnly.size === 0 && end.every((number, partition) => number <= (this.#last[partition] ?? 0n))
    return questions.map((question) => {
      const prepared = prepareQuestion(catalog, secrets, question)
      const decision =
        prepared.kind === 'answered' ? prepared.decision : this.#decide(prepared, isCurrent ? undefined : end, now)
      return decision && { ...decision, position }
    })
  }

  /** Undefined where the feed ends before what is known: then nothing is known any more. */
  async #readEnd(): Promise<readonly bigint[] | undefined> {
    const before = [...this.#last]
    const end = await this.#end.read()
    if (before.every((number, partition) => number <= (end[partition] ?? 0n))) return end
    // A backup was put in its place: what was learnt from the other one does not hold.
    this.#forget()
    return undefined
  }

  /**
   * Undefined where the database has to be asked: something newer was said, or messages have to be counted. Without an
   * `end` everything in memory is up to date.
   */
  #decide(prepared: ReadyQuestion, end: readonly bigint[] | undefined, now: number): Decision | undefined {
    if (!this.#isLoaded || (end !== undefined && !this.#knows(prepared.key, end))) return undefined
    const { campaign } = prepared
    if (campaign !== undefined && end !== undefined && !this.#knows(campaign.key, end)) return undefined
    const isCampaignHeld = campaign !== undefined && this.#index?.locate(campaign.low, campaign.high) !== 0
    const { type, normalised } = prepared.contactPoint
    this.#fingerprinter.take(type, normalised)
    const standing = standingIn(this.#index, this.#fingerprinter.low, this.#fingerprinter.high)
    const decision = decidePrepared(prepared, standing, now, isCampaignHeld)
    return decision.reason === 'cadence' ? undefined : decision
  }

  /** True when nothing that was said through this contact point can be missing. */
  #knows(key: string, end: readonly bigint[]): boolean {
    const partition = partitionOf(key)
    const isBehind = (this.#last[partition] ?? 0n) < (end[partition] ?? 0n)
    if (isBehind) this.#tailer.wake()
    return !isBehind && !this.#keysOnly.has(key)
  }

  async #run(): Promise<void> {
    while (!this.#isDisposed) {
      try {
        if (!this.#isLoaded) {
          this.#loading = this.#load().finally(() => {
            this.#loading = undefined
          })
          await this.#loading
        }
        await this.#follow()
      } catch (error) {
        if (error instanceof Interrupted) return
        if (error instanceof MemoryFull) {
          this.#forget()
          this.#options.log(error.message)
          return
        }
        if (!isOutage(error)) {
          // What came after a gap cannot be told from what is missing.
          this.#options.log(`the gate's memory is read again: ${nameOf(error)}`)
          this.#forget()
        }
      }
      if (!this.#isDisposed) await this.#wait()
    }
  }

  async #load(): Promise<void> {
    const { index, replica, last, keysOnly } = await loadGateMemory(this.#hub.db, (loading) => {
      if (this.#isDisposed) throw new Interrupted()
      this.#assertRoom(loading)
    })
    this.#keysOnly = keysOnly
    this.#index = index
    this.#replica = replica
    this.#last = last
    this.#isLoaded = !this.#isDisposed
  }

  async #follow(): Promise<void> {
    await this.#tailer.open()
    let follower: Follower | undefined
    try {
      while (follower === undefined && this.#isLoaded) {
        const known = this.#last.map((last, partition) => ({ partition, last }))
        this.#apply(await changesAfter(this.#hub.db, known, catchUpPartitionRows))
        // In the same turn, or the tailer would move on meanwhile.
        follower = this.#tailer.attach(this.#last)
        this.#follower = follower
      }
      while (follower !== undefined && follower.cutOff === undefined && this.#isLoaded) {
        this.#apply(await follower.take(waitForChangesMs))
      }
    } finally {
      this.#tailer.close(follower)
    }
  }

  #apply(changes: readonly Change[]): void {
    const last = Array.from({ length: partitionsCount }, (_, partition) => this.#last[partition] ?? 0n)
    for (const { partition, seq, contactKey, fingerprint, record } of changes) {
      if (seq <= (last[partition] ?? 0n)) continue
      assertNext({ partition, seq }, last[partition] ?? 0n)
      last[partition] = seq
      if (fingerprint === 0n) this.#keysOnly.add(contactKey)
      else this.#keysOnly.delete(contactKey)
      const line = replicaLine(contactKey, fingerprint, record)
      this.#snapshots.note(line.low, line.high)
      this.#replica?.apply({ type: 'change', ...line, number: seq })
    }
    this.#last = last
    if (this.#index !== undefined && changes.length > 0) this.#assertRoom(this.#index)
  }

  #assertRoom(index: StandingIndex): void {
    if (index.bytes > this.#options.bytesMax) throw new MemoryFull(index.bytes)
  }

  #forget(): void {
    this.#isLoaded = false
    this.#index = undefined
    this.#replica = undefined
    this.#last = []
    this.#follower?.cut('closing')
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, retryMs)
      this.#stopWaiting = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** The message of a database may quote what a person wrote. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'an unknown error'
}
