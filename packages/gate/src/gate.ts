import type { Decision } from '@verzet/core'
import { answerInParts, DecisionCounts } from './decide-many.ts'
import { FeedRefused, type FeedSource, type OpenFeed } from './feed-client.ts'
import { type FeedLine, FeedUnreadable } from './feed-line.ts'
import { FeedWay } from './feed-way.ts'
import { Fingerprinter } from './fingerprinter.ts'
import { readCache, writeCache } from './gate-cache.ts'
import { bytesMaxDefault, type GateMetrics, type GateOptions, staleAfterMsDefault } from './gate-options.ts'
import { GateShare, type SharedGateHandle } from './gate-share.ts'
import { Hearing } from './hearing.ts'
import { claimOrDeny, deploymentOf, type ReplicaTerms, readTerms } from './hub-client.ts'
import { answersIn, type GateEvent, type GateState, gateLife } from './life.ts'
import { GateLinks } from './links-gate.ts'
import { type About, denied, type GivenContactPoint, Questions } from './questions.ts'
import { Readiness } from './readiness.ts'
import { Replica } from './replica.ts'
import { retrying } from './retrying.ts'
import { loadStandings } from './standing-client.ts'
import { StandingIndex } from './standing-index.ts'

const termsEveryMs = 10_000
const saveEveryMs = 60_000
/** The bytes of an index are counted anew after so many changes. */
const bytesCheckedEvery = 1_000

/** May this be sent to this person now? Answered from memory. Its life is in life.ts. */
export class Gate implements AsyncDisposable {
  /** Resolves when the gate answers for the first time; rejects when it is closed before. */
  readonly ready: Promise<void>
  /** Personal links made here: what `POST /v1/links` answers but for what only the hub makes. Needs the option `linkKey`. */
  readonly links: GateLinks['links']
  /** The same for a list; undefined where a value is no contact point. */
  readonly linksMany: GateLinks['linksMany']
  /** Makes a new name of a campaign known to the hub, once before its links. */
  readonly nameCampaign: GateLinks['nameCampaign']
  /** Resolves when the hub knows everybody links were made for. */
  readonly linksTold: GateLinks['told']
  readonly #options: GateOptions
  readonly #source: FeedSource
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  readonly #links: GateLinks
  readonly #readiness = new Readiness()
  #state: GateState = 'starting'
  #terms: ReplicaTerms | undefined
  #termsReadAt = 0
  #replica: Replica | undefined
  #share: GateShare | undefined
  #questions: Questions | undefined
  #cursor: string | undefined
  readonly #hearing = new Hearing()
  readonly #way: FeedWay
  #changes = 0
  #reconnects = 0
  #gaps = 0
  readonly #counts = new DecisionCounts()

  constructor(options: GateOptions) {
    this.#options = options
    this.#source = { url: options.url, key: options.key }
    this.#way = new FeedWay(this.#source, options.feed)
    this.#links = new GateLinks(this.#source, options, () => this.#questions)
    this.links = (contactPoint, about) => this.#links.links(contactPoint, about)
    this.linksMany = (contactPoints, about) => this.#links.linksMany(contactPoints, about)
    this.nameCampaign = (brand, campaign) => this.#links.nameCampaign(brand, campaign)
    this.linksTold = () => this.#links.told()
    this.ready = this.#readiness.promise
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
    return this.#counts.add(this.questions()?.answer(contactPoint, about, Date.now()) ?? denied('stale'))
  }

  /** What `decide` says about each of a list of any length, in its order: several times as fast for e-mail addresses. */
  decideMany(contactPoints: readonly GivenContactPoint[], about: About): Decision[] {
    return this.#counts.addAll(answerInParts(contactPoints, about, () => this.questions()))
  }

  /**
   * As `decide`, and counts the message for those who asked for at most so many: only for them the hub is asked, and no
   * answer from it means not sending.
   */
  async claim(contactPoint: GivenContactPoint, about: About): Promise<Decision> {
    const decision = this.decide(contactPoint, about)
    if (decision.reason !== 'cadence' || this.#questions?.hasCadence(contactPoint, about) !== true) return decision
    return claimOrDeny(this.#source, contactPoint, about, (error) => this.#report(error))
  }

  metrics(): GateMetrics {
    return {
      state: this.#state,
      entries: this.#replica?.index.entries ?? 0,
      bytes: this.#replica?.index.bytes ?? 0,
      silentMs: this.#hearing.silentMs,
      reconnects: this.#reconnects,
      gaps: this.#gaps,
      decisions: this.#counts.byReason(),
    }
  }

  /**
   * Lets a worker thread decide from this gate's memory (`openSharedGate`): post the handle to it with its port in the list
   * of what is transferred. One for each worker; they deny when this gate does, is closed, or its thread has ended.
   */
  share(): SharedGateHandle {
    if (this.#share === undefined) {
      this.#share = new GateShare()
      if (this.#replica !== undefined && this.#terms !== undefined)
        this.#share.publish(this.#replica.index, this.#terms)
      this.#tellShared()
    }
    return this.#share.open()
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return this.#running
    const isWhole = answersIn(this.#state)
    this.#happen('close')
    this.#share?.close()
    await this.#links.close()
    this.#closing.abort()
    this.#readiness.reject(new Error('the gate was closed before it was ready'))
    await this.#running
    this.#hearing[Symbol.dispose]()
    if (isWhole) await this.#save()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** What answers at this moment, for whole lists; undefined when the gate is not up to date. */
  questions(): Questions | undefined {
    if (this.#remainingMs < 0) this.#happen('silent')
    return answersIn(this.#state) ? this.#questions : undefined
  }

  /** How long it answers when nothing more is heard. */
  get #remainingMs(): number {
    const staleAfterMs = this.#options.staleAfterMs ?? staleAfterMsDefault
    const termsMs = performance.now() - this.#termsReadAt
    return Math.min(staleAfterMs - this.#hearing.silentMs, staleAfterMs + termsEveryMs - termsMs)
  }

  #happen(event: GateEvent): void {
    const before = this.#state
    this.#state = gateLife[before][event]
    this.#tellShared()
    if (answersIn(this.#state) && !answersIn(before)) this.#readiness.resolve()
  }

  #tellShared(): void {
    this.#share?.tell(answersIn(this.#state), this.#remainingMs)
  }

  async #run(): Promise<void> {
    await this.#restore().catch((error) => this.#report(error))
    const saving = setInterval(() => void (answersIn(this.#state) && this.#save()), saveEveryMs).unref()
    await retrying(this.#closing.signal, async (onLine) => {
      try {
        await this.#refreshTerms()
        await this.#follow(onLine)
        this.#happen('cut')
      } catch (error) {
        if (!this.#closing.signal.aborted) this.#fail(error)
      }
      this.#reconnects += 1
      return this.#state !== 'overfull'
    })
    clearInterval(saving)
  }

  async #follow(onLine: () => void): Promise<void> {
    const line = new AbortController()
    const signal = AbortSignal.any([this.#closing.signal, line.signal])
    const refresh = () => this.#refreshTerms(line).catch((error) => this.#report(error))
    const refreshing = setInterval(() => void refresh(), termsEveryMs)
    try {
      let isOpen = false
      const opened = this.#cursor === undefined ? await this.#load(onLine, signal) : undefined
      for await (const lines of this.#way.open(this.#cursor, signal, opened)) {
        if (!isOpen) this.#happen(this.#cursor === undefined ? 'opened_new' : 'opened_after')
        isOpen = true
        for (const line of lines) this.#take(line)
        if (lines.length > 0) onLine()
        if (this.#way.isToReopen(lines)) return
      }
    } finally {
      clearInterval(refreshing)
    }
  }

  /** Everything at once; where the hub is of a version that cannot, the lines it answers with instead. */
  async #load(onPiece: () => void, signal: AbortSignal): Promise<OpenFeed | undefined> {
    // What a line that broke left behind is not everything.
    if (this.#terms !== undefined && (this.#replica?.index.entries ?? 0) > 0) this.#forget(this.#terms)
    if (this.#replica === undefined) return undefined
    const loaded = await loadStandings(this.#source, this.#replica, signal, (isFirst) => {
      if (isFirst) this.#happen('opened_new')
      this.#assertRoom()
      onPiece()
    })
    if (loaded.kind === 'lines') return loaded.feed
    this.#cursor = loaded.cursor
    this.#happen('snapshot_end')
    return undefined
  }

  #assertRoom(): void {
    if ((this.#replica?.index.bytes ?? 0) <= (this.#options.bytesMax ?? bytesMaxDefault)) return
    this.#happen('full')
    throw new Error('the index takes more memory than the gate was given: raise bytesMax')
  }

  #take(line: FeedLine): void {
    if (line.type === 'other' || line.type === 'error') return
    this.#replica?.apply(line)
    this.#cursor = line.cursor
    this.#changes += 1
    if (this.#changes % bytesCheckedEvery === 0) this.#assertRoom()
    if (line.type === 'standing') return
    if (line.type === 'position' && !this.#hearing.hear())
      throw new Error('the process stood still: asking the hub anew')
    this.#happen(line.type)
  }

  /** Names of brands and topics, and the key of fingerprints. Of another hub, or one restored, the line is of no use. */
  async #refreshTerms(line?: AbortController): Promise<void> {
    await this.#links.refresh()
    const terms = await readTerms(this.#source, this.#closing.signal, this.#terms?.etag)
    const isSame = terms === undefined || (this.#terms && deploymentOf(this.#terms)) === deploymentOf(terms)
    if (!isSame && line !== undefined) return line.abort()
    this.#termsReadAt = performance.now()
    if (terms === undefined) return
    this.#terms = terms
    if (!isSame || this.#replica === undefined) this.#forget(terms)
    this.#prepareQuestions(terms)
  }

  #prepareQuestions(terms: ReplicaTerms): void {
    if (this.#replica === undefined) return
    this.#questions = new Questions(this.#replica.index, new Fingerprinter(terms.fingerprintKey), terms.catalog)
    this.#share?.publish(this.#replica.index, terms)
  }

  #forget(terms: ReplicaTerms): void {
    this.#happen('gap')
    this.#cursor = undefined
    const withChoiceIds = this.#options.choiceIds ?? true
    this.#replica = new Replica(new StandingIndex({ expectedEntries: terms.entries, withChoiceIds }))
    this.#prepareQuestions(terms)
  }

  #fail(error: unknown): void {
    this.#report(error)
    if (this.#way.hasGap(error)) this.#gaps += 1
    // 410: the hub was restored and stands before this gate.
    const isGone = error instanceof FeedRefused && error.status === 410
    if (!(error instanceof FeedUnreadable) && !isGone) this.#happen('cut')
    else {
      this.#gaps += 1
      if (this.#terms !== undefined) this.#forget(this.#terms)
    }
  }

  async #restore(): Promise<void> {
    const path = this.#options.cacheFile
    if (path === undefined) return
    const terms = await readTerms(this.#source, this.#closing.signal)
    const cached = terms && (await readCache(path, terms, this.#options.choiceIds ?? true))
    if (terms === undefined || cached === undefined) return
    this.#terms = terms
    this.#termsReadAt = performance.now()
    this.#cursor = cached.cursor
    this.#replica = cached.replica
    this.#prepareQuestions(terms)
  }

  async #save(): Promise<void> {
    const path = this.#options.cacheFile
    const [replica, terms, cursor] = [this.#replica, this.#terms, this.#cursor]
    if (path === undefined || replica === undefined || terms === undefined || cursor === undefined) return
    await writeCache(path, terms, { replica, cursor }).catch((error) => this.#report(error))
  }

  #report(error: unknown): void {
    this.#options.onError?.(error instanceof Error ? error : new Error(String(error)))
  }
}
