import { type Standing, uuidFromHex, uuidToBytes } from '@verzet/core'
import { countryOfCode, type GateRecord, toGateRecord, withoutIdentity } from './gate-record.ts'
import { RecordStore } from './record-store.ts'
import { RecordTable } from './record-table.ts'
import { RefusalSet, slotsFor } from './refusal-set.ts'

/** What the index knows of a fingerprint. */
export type Found =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refusal'; readonly country: string | undefined; readonly choiceId: string | undefined }
  | { readonly kind: 'record'; readonly standing: Standing }

const nothing: Found = { kind: 'nothing' }
const entriesAtFirst = 1_024
const wordsPerId = 4
/** Two lines of the processor's cache each, well within its first level but one. */
const touchedAtOnce = 512

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
    if (code !== 0) return this.#refusal(low, high, code)
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
      touched ^= this.#refusals.touch(pairs, from, to) ^ this.#records.touch(pairs, from, to)
      for (let index = from; index < to; index += 1) {
        located[index] = this.locate(pairs[2 * index] ?? 0, pairs[2 * index + 1] ?? 0)
      }
    }
    return touched
  }

  /** What `locate` found, of this generation; refusals without their choice. */
  foundAt(located: number): Found {
    if (located < 0) return this.#refusalOfCode(-located)
    return located === 0 ? nothing : { kind: 'record', standing: this.#store.read(located) }
  }

  /** What now holds for a fingerprint; null: nothing is known any more. */
  set(low: number, high: number, standing: Standing | null): void {
    this.#put(low, high, toGateRecord(standing))
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

  /** The index of a snapshot; undefined when the parts are those of another kind of index. */
  static of(parts: readonly Uint8Array[], options: { withChoiceIds: boolean }): StandingIndex | undefined {
    const [refusals, records, store, ids] = parts.map(shared)
    if (refusals === undefined || records === undefined || store === undefined) return undefined
    if ((ids !== undefined) !== options.withChoiceIds) return undefined
    const index = new StandingIndex({ withChoiceIds: false })
    index.#refusals = new RefusalSet(0, wordsIn(refusals))
    index.#refusals.recount()
    index.#records = new RecordTable(0, wordsIn(records))
    index.#records.recount()
    index.#store = new RecordStore(store)
    index.#choiceIds = ids && wordsIn(ids)
    return index
  }

  #put(low: number, high: number, record: GateRecord): void {
    const before = this.#records.find(low, high)
    if (record.kind === 'refusal') {
      if (this.#refusals.isFull) this.#growRefusals()
      const slot = this.#refusals.set(low, high, record.code)
      this.#choiceIds?.set(wordsOf(record.choiceId), slot * wordsPerId)
    } else if (record.kind === 'record') {
      if (this.#records.isFull || this.#store.isWasteful) this.#growRecords()
      // Without choices in the answers nobody misses the ids, and most records become the same few.
      const standing = this.#choiceIds === undefined ? withoutIdentity(record.standing) : record.standing
      this.#records.set(low, high, this.#store.add(standing))
    }
    // Into the new place before out of the old one: at no moment is a no in neither.
    if (record.kind !== 'refusal') this.#refusals.delete(low, high)
    if (record.kind !== 'record') this.#records.delete(low, high)
    if (before >= 2) this.#store.release(before)
  }

  #refusal(low: number, high: number, code: number): Found {
    if (this.#choiceIds !== undefined) {
      const slot = this.#refusals.slotOf(low, high) * wordsPerId
      const choiceId = textOf(this.#choiceIds.subarray(slot, slot + wordsPerId))
      return { kind: 'refusal', country: countryOfCode(code), choiceId }
    }
    return this.#refusalOfCode(code)
  }

  #refusalOfCode(code: number): Found {
    const known = this.#found.get(code)
    if (known !== undefined) return known
    const found: Found = { kind: 'refusal', country: countryOfCode(code), choiceId: undefined }
    this.#found.set(code, found)
    return found
  }

  #growRefusals(): void {
    const capacity = Math.max(entriesAtFirst, this.#refusals.entries * 2)
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
    const store = new RecordStore()
    const copied = new Map<number, number>()
    this.#records = this.#records.grown(Math.max(entriesAtFirst, this.#records.entries * 2), (ref) => {
      const known = copied.get(ref)
      if (known !== undefined) return known
      const copy = store.add(this.#store.read(ref))
      copied.set(ref, copy)
      return copy
    })
    this.#store = store
    this.#generation += 1
  }
}

function idsFor(capacity: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(slotsFor(capacity) * wordsPerId * 4))
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

function wordsIn(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
}

function wordsOf(uuid: string): Uint32Array {
  const bytes = uuidToBytes(uuid)
  return Uint32Array.from({ length: wordsPerId }, (_, index) => bytes.readUInt32BE(index * 4))
}

function textOf(words: Uint32Array): string {
  return uuidFromHex([...words].map((word) => word.toString(16).padStart(8, '0')).join(''))
}
