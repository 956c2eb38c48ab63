import type { Standing } from '@verzet/core'
import { countryCodes, countryOfCode, type GateRecord, toGateRecord, withoutIdentity } from './gate-record.ts'
import {
  type IndexCountries,
  type IndexMemory,
  idAt,
  idsFor,
  putIds,
  type Sharing,
  shared,
  wordsIn,
  wordsOf,
  wordsPerId,
} from './index-memory.ts'
import { RecordStore, withoutWaste } from './record-store.ts'
import { RecordTable } from './record-table.ts'
import { RefusalSet, touchedAtOnce } from './refusal-set.ts'

/** What the index knows of a fingerprint. */
export type Found =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refusal'; readonly country: string | undefined; readonly choiceId: string | undefined }
  | { readonly kind: 'record'; readonly standing: Standing }

const nothing: Found = { kind: 'nothing' }
const entriesAtFirst = 1_024

/**
 * Fingerprint to standing. Refusals of everything are 16 bytes each, 32 more with their choice ids; the rest are records.
 * Growing copies; until it is done the old memory answers.
 */
export class StandingIndex {
  #refusals: RefusalSet
  #records = new RecordTable(entriesAtFirst)
  #store = new RecordStore()
  /** The choice of each refusal, beside its slot; undefined when they are left out. */
  #choiceIds: Uint32Array | undefined
  readonly #found = new Map<number, Found>()
  #generation = 0
  #isWrittenElsewhere = false
  #sharing: Sharing | undefined
  #sharedMemory: IndexMemory | undefined

  constructor(options: { expectedEntries?: number; withChoiceIds?: boolean } = {}) {
    const capacity = options.expectedEntries ?? entriesAtFirst
    this.#refusals = new RefusalSet(capacity)
    if (options.withChoiceIds ?? true) this.#choiceIds = idsFor(capacity)
  }

  get entries(): number {
    return this.#refusals.entries + this.#records.entries
  }

  get bytes(): number {
    return (
      this.#refusals.bytes + this.#records.bytes + this.#store.memory.byteLength + (this.#choiceIds?.byteLength ?? 0)
    )
  }

  /** True when everything is refused: all that most questions need to know. */
  isRefused(low: number, high: number): boolean {
    return this.#refusals.find(low, high) !== 0
  }

  find(low: number, high: number): Found {
    const code = this.#refusals.find(low, high)
    if (code !== 0 && this.#choiceIds === undefined) return this.#refusalOfCode(code)
    if (code !== 0) return { kind: 'refusal', country: countryOfCode(code), choiceId: this.choiceIdOf(low, high) }
    const ref = this.#records.find(low, high)
    return ref < 2 ? nothing : { kind: 'record', standing: this.#store.read(ref) }
  }

  /** Counts how often what `locate` gave lost its meaning. */
  get generation(): number {
    return this.#generation
  }

  /** What is known as one number: 0 nothing, below 0 a refusal by its country, above 0 a record; equal ones are the same. */
  locate(low: number, high: number): number {
    const code = this.#refusals.find(low, high)
    return code === 0 ? this.#records.find(low, high) : -code
  }

  /** Of so many pairs of low and high words. What it returns means nothing, and keeps the touching from being left out. */
  locateMany(pairs: Uint32Array, count: number, located: Float64Array): number {
    let touched = 0
    for (let from = 0; from < count; from += touchedAtOnce) {
      const to = Math.min(count, from + touchedAtOnce)
      touched ^= this.#refusals.findMany(pairs, from, to, located)
      // What another thread writes to is counted there.
      if (this.#records.entries === 0 && !this.#isWrittenElsewhere) continue
      touched ^= this.#records.touch(pairs, from, to)
      this.#records.findMany(pairs, from, to, located)
    }
    return touched
  }

  /** Makes ready for lists in which most people are strangers: see `RefusalSet.sift`. */
  sift(): void {
    this.#refusals.sift()
  }

  /** What `locate` found, of this generation; refusals without their choice. */
  foundAt(located: number): Found {
    if (located < 0) return this.#refusalOfCode(-located)
    return located === 0 ? nothing : { kind: 'record', standing: this.#store.read(located) }
  }

  /** What now holds for a fingerprint; null: nothing is known any more. */
  set(low: number, high: number, standing: Standing | null): void {
    this.#put(low, high, this.#stripped(toGateRecord(standing)))
  }

  get hasChoiceIds(): boolean {
    return this.#choiceIds !== undefined
  }

  /** Adds refusals as `RefusalSet.addAll` does, but for those about whom a record is there: they get -1 as well. */
  putRefusals(pairs: Uint32Array): Int32Array {
    const count = pairs.length / 2
    if (this.#refusals.room < count) this.#growRefusals(count)
    const slots = this.#refusals.addAll(pairs)
    if (this.#sharing !== undefined) this.#tellMoved(this.#sharing)
    if (this.#records.entries === 0) return slots
    for (let index = 0; index < slots.length; index += 1) {
      if (index % touchedAtOnce === 0) {
        this.#records.touch(pairs, index, Math.min(slots.length, index + touchedAtOnce))
      }
      if (this.#records.hasAlike(pairs[2 * index] ?? 0, pairs[2 * index + 1] ?? 0)) slots[index] = -1
    }
    return slots
  }

  /** The choice of a refusal that `locate` found; of no use where choices are left out. */
  choiceIdOf(low: number, high: number): string {
    return this.#choiceIds === undefined ? '' : idAt(this.#choiceIds, this.#refusals.slotOf(low, high))
  }

  /** The choices of refusals that were just put in these slots, four words each. */
  putChoiceIds(slots: Int32Array, words: Uint32Array): void {
    if (this.#choiceIds !== undefined) putIds(this.#choiceIds, slots, words)
  }

  /** What is kept of a standing, for `putNew`; with its text where that is a gate's already, as a hub sends it. */
  prepare(standing: Standing, text?: Uint8Array): GateRecord {
    if (text !== undefined && this.hasChoiceIds) return { kind: 'record', standing, text }
    return this.#stripped(toGateRecord(standing))
  }

  /** Adds what holds for a fingerprint; false when something is there already. */
  putNew(low: number, high: number, record: GateRecord): boolean {
    if (this.locate(low, high) !== 0) return false
    this.#put(low, high, record, true)
    return true
  }

  /**
   * What a snapshot keeps of it: the memory itself, each part to be taken when it is written. The tables come before the
   * records they refer to, since these are only ever added to; a change in between comes again after the cursor.
   */
  parts(): (() => Uint8Array)[] {
    const bytesOf = (words: Uint32Array) => new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
    const [refusals, records, store, ids] = [this.#refusals.words, this.#records.words, this.#store, this.#choiceIds]
    return [
      () => bytesOf(refusals),
      () => bytesOf(records),
      () => store.used,
      ...(ids === undefined ? [] : [() => bytesOf(ids)]),
    ]
  }

  /** Where it lies now; what is read there while it changes makes no sense. */
  memory(): IndexMemory {
    const [refusals, records] = [this.#refusals.words, this.#records.words]
    return { refusals, records, store: this.#store.memory, choiceIds: this.#choiceIds }
  }

  /** Marks every change from now on, for threads that read the same memory. */
  share(sharing: Sharing | undefined): void {
    this.#sharing = sharing
    this.#sharedMemory = this.memory()
  }

  /** An index to read from, over the memory of one that another thread writes to. */
  static over({ refusals, records, store, choiceIds }: IndexMemory): StandingIndex {
    const index = new StandingIndex({ withChoiceIds: false })
    index.#refusals = new RefusalSet(0, { words: refusals, entries: 0, removed: 0, isWrittenElsewhere: true })
    index.#records = new RecordTable(0, { words: records, entries: 0, removed: 0 })
    index.#store = new RecordStore(store)
    index.#choiceIds = choiceIds
    index.#isWrittenElsewhere = true
    return index
  }

  /** What the parts are to be read with. */
  countries(): IndexCountries {
    return countryCodes.map((code) => countryOfCode(code) ?? null)
  }

  /**
   * The index of a snapshot, in its parts' own memory where threads share it; undefined when the parts are those of
   * another kind of index, or of a version whose codes stand for other countries. They went on changing while they were
   * written, so they are counted here: a table that holds more than it believes fills up, and a search in it never ends.
   */
  static of(
    parts: readonly Uint8Array[],
    countries: IndexCountries,
    options: { withChoiceIds: boolean },
  ): StandingIndex | undefined {
    const [refusals, records, store, ids] = parts.map(shared)
    if (refusals === undefined || records === undefined || store === undefined) return undefined
    if ((ids !== undefined) !== options.withChoiceIds) return undefined
    const index = new StandingIndex({ withChoiceIds: false })
    if (JSON.stringify(countries) !== JSON.stringify(index.countries())) return undefined
    index.#refusals = RefusalSet.of(wordsIn(refusals))
    index.#records = RecordTable.of(wordsIn(records))
    index.#store = new RecordStore(store)
    index.#choiceIds = ids && wordsIn(ids)
    return index
  }

  #put(low: number, high: number, record: GateRecord, isNew = false): void {
    // Growing takes long, and leaves what others read as it is.
    if (record.kind === 'refusal' && this.#refusals.isFull) this.#growRefusals()
    if (record.kind === 'record' && (this.#records.isFull || this.#store.isWasteful)) this.#growRecords()
    const words = this.#sharing?.words
    if (words !== undefined) Atomics.add(words, 0, 1)
    if (isNew && record.kind === 'record') this.#records.set(low, high, this.#store.add(record.standing, record.text))
    else this.#write(low, high, record)
    if (this.#sharing !== undefined) this.#tellMoved(this.#sharing)
    if (words !== undefined) Atomics.add(words, 0, 1)
  }

  #tellMoved({ onMoved }: Sharing): void {
    const [before, now] = [this.#sharedMemory, this.memory()]
    const isSame = before?.refusals === now.refusals && before.records === now.records && before.store === now.store
    if (isSame) return
    this.#sharedMemory = now
    onMoved()
  }

  #write(low: number, high: number, record: GateRecord): void {
    const before = this.#records.find(low, high)
    if (record.kind === 'refusal') {
      const slot = this.#refusals.set(low, high, record.code)
      this.#choiceIds?.set(wordsOf(record.choiceId), slot * wordsPerId)
    } else if (record.kind === 'record') {
      this.#records.set(low, high, this.#store.add(record.standing, record.text))
    }
    // Into the new place before out of the old one: at no moment is a no in neither.
    if (record.kind !== 'refusal') this.#refusals.delete(low, high)
    if (record.kind !== 'record') this.#records.delete(low, high)
    if (before >= 2) this.#store.release(before)
  }

  /** Without choices in the answers nobody misses the ids, and most records become the same few. */
  #stripped(record: GateRecord): GateRecord {
    if (record.kind !== 'record' || this.#choiceIds !== undefined) return record
    return { kind: 'record', standing: withoutIdentity(record.standing) }
  }

  #refusalOfCode(code: number): Found {
    const known = this.#found.get(code)
    if (known !== undefined) return known
    const found: Found = { kind: 'refusal', country: countryOfCode(code), choiceId: undefined }
    this.#found.set(code, found)
    return found
  }

  /** To hold as many again, and no fewer than are about to come. */
  #growRefusals(coming = 1): void {
    const { entries } = this.#refusals
    const capacity = Math.max(entriesAtFirst, entries * 2, entries + coming)
    const ids = this.#choiceIds
    if (ids === undefined) {
      this.#refusals = this.#refusals.grown(capacity)
      return
    }
    const next = idsFor(capacity)
    this.#refusals = this.#refusals.grown(capacity, (from, to) => {
      next.set(ids.subarray(from * wordsPerId, (from + 1) * wordsPerId), to * wordsPerId)
    })
    this.#choiceIds = next
  }

  #growRecords(): void {
    const capacity = Math.max(entriesAtFirst, this.#records.entries * 2)
    if (!this.#store.isWasteful) {
      this.#records = this.#records.grown(capacity)
      return
    }
    const { records, store } = withoutWaste(this.#records, this.#store, capacity)
    this.#records = records
    this.#store = store
    this.#generation += 1
  }
}
