import { createHash } from 'node:crypto'
import type { Decision } from '@verzet/core'
import { FeedRefused, type FeedSource, readFeed } from './feed-client.ts'
import { type FeedLine, FeedUnreadable } from './feed-line.ts'
import { Fingerprinter } from './fingerprinter.ts'
import { claimAtHub, type ReplicaTerms, readTerms } from './hub-client.ts'
import { answersIn, type GateEvent, type GateState, gateLife } from './life.ts'
import { type About, denied, type GivenContactPoint, Questions } from './questions.ts'
import { Replica } from './replica.ts'
import { readSnapshot, writeSnapshot } from './snapshot-file.ts'
import { StandingIndex } from './standing-index.ts'

export type GateOptions = {
  /** Where the hub is: `https://optout.example.com`. */
  readonly url: string
  /** An API key with the scopes `changes:read` and `gate:read`, and `gate:claim` for `claim`. */
  readonly key: string
  /** Without word from the hub for this long everything is denied; 30 seconds. */
  readonly staleAfterMs?: number
  /** Where a snapshot is kept for the next start; nowhere. */
  readonly cacheFile?: string
  /** False leaves `choiceId` out of decisions: refusals of everything are then 16 bytes each, and most others alike. */
  readonly choiceIds?: boolean
  /** Memory the index may take; 4 GiB. Beyond it everything is denied, since what came after is not known. */
  readonly bytesMax?: number
  /** Told of what went wrong and is being tried again; never with a contact point. */
  readonly onError?: (error: Error) => void
}

export type GateMetrics = {
  readonly state: GateState
  readonly entries: number
  readonly bytes: number
  /** Ms since the hub last said that nothing is missing. */
  readonly silentMs: number
  readonly reconnects: number
  readonly gaps: number
  readonly decisions: Readonly<Record<string, number>>
}

const staleAfterMsDefault = 30_000
const bytesMaxDefault = 4 * 1024 ** 3
const termsEveryMs = 10_000
const saveEveryMs = 60_000
const retryFirstMs = 100
const retryMaxMs = 5_000
/** The bytes of an index are counted anew after so many changes. */
const bytesCheckedEvery = 1_000

/** Loads what the hub knows and follows it. Answers at once, with `deny: stale` until everything is there; see `ready`. */
export function createGate(options: GateOptions): Gate {
  return new Gate(options)
}

/** May this be sent to this person now? Answered from memory. Its life is in life.ts. */
export class Gate implements AsyncDisposable {
  /** Resolves when the gate answers for the first time; rejects when it is closed before. */
  readonly ready: Promise<void>
  readonly #options: GateOptions
  readonly #source: FeedSource
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #settleReady: { resolve(): void; reject(error: Error): void } = { resolve() {}, reject() {} }
  #state: GateState = 'starting'
  #terms: ReplicaTerms | undefined
  #termsReadAt = 0
  #replica: Replica | undefined
  #questions: Questions | undefined
  #cursor: string | undefined
  #heardAt = { monotonic: 0, wall: 0 }
  #changes = 0
  #reconnects = 0
  #gaps = 0
  readonly #decisions = new Map<string, number>()

  constructor(options: GateOptions) {
    this.#options = options
    this.#source = { url: options.url, key: options.key }
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject }
    })
    // Whoever does not wait for it is not to be ended by it.
    this.ready.catch(() => {})
    this.#running = this.#run()
  }

  get state(): GateState {
    return this.#state
  }

  /** The cursor of the last line that was applied. */
  get position(): string | undefined {
    return this.#cursor
  }

  /** The hub's own decision, from memory; never throws, and `deny: stale` when the gate is not up to date. */
  decide(contactPoint: GivenContactPoint, about: About): Decision {
    const decision = this.questions()?.answer(contactPoint, about, Date.now()) ?? denied('stale')
    this.#decisions.set(decision.reason, (this.#decisions.get(decision.reason) ?? 0) + 1)
    return decision
  }

  decideMany(contactPoints: readonly GivenContactPoint[], about: About): Decision[] {
    return contactPoints.map((contactPoint) => this.decide(contactPoint, about))
  }

  /**
   * As `decide`, and counts the message for those who asked for at most so many: only for them the hub is asked, and no
   * answer from it means not sending.
   */
  async claim(contactPoint: GivenContactPoint, about: About): Promise<Decision> {
    const decision = this.decide(contactPoint, about)
    if (decision.reason !== 'cadence' || this.#questions?.hasCadence(contactPoint, about) !== true) return decision
    try {
      return await claimAtHub(this.#source, contactPoint, about)
    } catch (error) {
      this.#report(error)
      return denied('stale')
    }
  }

  metrics(): GateMetrics {
    return {
      state: this.#state,
      entries: this.#replica?.index.entries ?? 0,
      bytes: this.#replica?.index.bytes ?? 0,
      silentMs: this.#silentMs(),
      reconnects: this.#reconnects,
      gaps: this.#gaps,
      decisions: Object.fromEntries(this.#decisions),
    }
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return this.#running
    const isWhole = answersIn(this.#state)
    this.#happen('close')
    this.#closing.abort()
    this.#settleReady.reject(new Error('the gate was closed before it was ready'))
    await this.#running
    if (isWhole) await this.#save()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** What answers at this moment, for whole lists; undefined when the gate is not up to date. */
  questions(): Questions | undefined {
    const staleAfterMs = this.#options.staleAfterMs ?? staleAfterMsDefault
    const termsMs = performance.now() - this.#termsReadAt
    if (this.#silentMs() > staleAfterMs || termsMs > staleAfterMs + termsEveryMs) this.#happen('silent')
    return answersIn(this.#state) ? this.#questions : undefined
  }

  /** By the clock that never jumps, and by the other one too: the first stands still while the machine sleeps. */
  #silentMs(): number {
    return Math.max(performance.now() - this.#heardAt.monotonic, Date.now() - this.#heardAt.wall)
  }

  #happen(event: GateEvent): void {
    const before = this.#state
    this.#state = gateLife[before][event]
    if (answersIn(this.#state) && !answersIn(before)) this.#settleReady.resolve()
  }

  async #run(): Promise<void> {
    let retryMs = retryFirstMs
    await this.#restore().catch((error) => this.#report(error))
    const saving = setInterval(() => void (answersIn(this.#state) && this.#save()), saveEveryMs)
    saving.unref()
    while (!this.#closing.signal.aborted && this.#state !== 'overfull') {
      try {
        await this.#refreshTerms()
        await this.#follow(() => {
          retryMs = retryFirstMs
        })
        this.#happen('cut')
      } catch (error) {
        if (this.#closing.signal.aborted) break
        this.#fail(error)
      }
      this.#reconnects += 1
      // Half of it by chance, so that a thousand gates do not come back in one moment.
      await this.#wait(retryMs / 2 + (Math.random() * retryMs) / 2)
      retryMs = Math.min(retryMaxMs, retryMs * 2)
    }
    clearInterval(saving)
  }

  async #follow(onLine: () => void): Promise<void> {
    const refreshing = setInterval(() => void this.#refreshTerms().catch((error) => this.#report(error)), termsEveryMs)
    try {
      let isOpen = false
      for await (const lines of readFeed(this.#source, this.#cursor, this.#closing.signal)) {
        if (!isOpen) this.#happen(this.#cursor === undefined ? 'opened_new' : 'opened_after')
        isOpen = true
        for (const line of lines) this.#take(line)
        if (lines.length > 0) onLine()
      }
    } finally {
      clearInterval(refreshing)
    }
  }

  #take(line: FeedLine): void {
    if (line.type === 'other' || line.type === 'error') return
    this.#replica?.apply(line)
    this.#cursor = line.cursor
    this.#changes += 1
    const isChecked = this.#changes % bytesCheckedEvery === 0
    if (isChecked && (this.#replica?.index.bytes ?? 0) > (this.#options.bytesMax ?? bytesMaxDefault)) {
      this.#happen('full')
      throw new Error('the index takes more memory than the gate was given: raise bytesMax')
    }
    if (line.type === 'standing') return
    if (line.type !== 'snapshot_end') this.#hear()
    this.#happen(line.type)
  }

  #hear(): void {
    this.#heardAt = { monotonic: performance.now(), wall: Date.now() }
  }

  /** Names of brands and topics, and the key the fingerprints are made with. */
  async #refreshTerms(): Promise<void> {
    const terms = await readTerms(this.#source, this.#closing.signal, this.#terms?.etag)
    this.#termsReadAt = performance.now()
    if (terms === undefined) return
    const isSame = this.#terms !== undefined && deploymentOf(this.#terms) === deploymentOf(terms)
    this.#terms = terms
    if (!isSame || this.#replica === undefined) this.#forget(terms)
    this.#prepareQuestions(terms)
  }

  #prepareQuestions(terms: ReplicaTerms): void {
    if (this.#replica === undefined) return
    this.#questions = new Questions(this.#replica.index, new Fingerprinter(terms.fingerprintKey), terms.catalog)
  }

  #forget(terms: ReplicaTerms): void {
    this.#cursor = undefined
    const { choiceIds } = this.#options
    this.#replica = new Replica(new StandingIndex({ expectedEntries: terms.entries, withChoiceIds: choiceIds ?? true }))
    this.#prepareQuestions(terms)
  }

  #fail(error: unknown): void {
    this.#report(error)
    // 410: the hub was restored and stands before this gate.
    const isGone = error instanceof FeedRefused && error.status === 410
    if (!(error instanceof FeedUnreadable) && !isGone) {
      this.#happen('cut')
      return
    }
    this.#gaps += 1
    this.#happen('gap')
    if (this.#terms !== undefined) this.#forget(this.#terms)
  }

  async #restore(): Promise<void> {
    const path = this.#options.cacheFile
    const snapshot = path === undefined ? undefined : await readSnapshot(path)
    if (snapshot === undefined) return
    const terms = await readTerms(this.#source, this.#closing.signal)
    const index = StandingIndex.of(snapshot.parts, { withChoiceIds: this.#options.choiceIds ?? true })
    if (terms === undefined || index === undefined || snapshot.header.deployment !== deploymentOf(terms)) return
    this.#terms = terms
    this.#termsReadAt = performance.now()
    this.#cursor = snapshot.header.cursor
    this.#replica = Replica.at(index, snapshot.header.cursor)
    this.#prepareQuestions(terms)
  }

  async #save(): Promise<void> {
    const path = this.#options.cacheFile
    if (path === undefined || this.#replica === undefined || this.#terms === undefined) return
    if (this.#cursor === undefined) return
    const header = { cursor: this.#cursor, deployment: deploymentOf(this.#terms), savedAt: Date.now() }
    await writeSnapshot(path, header, this.#replica.index.parts()).catch((error) => this.#report(error))
  }

  #report(error: unknown): void {
    this.#options.onError?.(error instanceof Error ? error : new Error(String(error)))
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#closing.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}

function deploymentOf({ fingerprintKey }: ReplicaTerms): string {
  return createHash('sha256').update(fingerprintKey).digest('hex')
}
