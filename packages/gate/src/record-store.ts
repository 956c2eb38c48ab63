import type { Standing } from '@verzet/core'
import { type RecordTable, recordRefMin } from './record-table.ts'

/** Records lie on boundaries of eight bytes, so that a reference of 32 bits reaches 32 GiB. */
const alignment = 8
const headerBytes = 4
const firstBytes = 1 << 16
/** Texts that many have, such as "a customer in Belgium"; beyond these they are kept once each. */
const commonTextsMax = 10_000
/** Longer ones are one person's own history. */
const commonTextCharactersMax = 200
/** Records read again and again are not parsed again; a mailing in the order of a list reads each once. */
const parsedMax = 10_000

/**
 * The records of standings as JSON, one after the other in memory that threads share. A record is never written over: a
 * changed standing is a new record, and `grown` tables leave the dead ones behind.
 */
export class RecordStore {
  #bytes: Uint8Array
  #end = 0
  #deadBytes = 0
  readonly #common = new Map<string, number>()
  /** Where the common ones lie by the very same object, as they come from a snapshot. */
  readonly #refs = new WeakMap<Standing, number>()
  readonly #parsed = new Map<number, Standing>()

  constructor(shared?: Uint8Array) {
    this.#bytes = shared ?? new Uint8Array(new SharedArrayBuffer(firstBytes))
    if (shared !== undefined) this.#end = shared.length
  }

  get memory(): Uint8Array {
    return this.#bytes
  }

  get used(): Uint8Array {
    return this.#bytes.subarray(0, this.#end)
  }

  /** True when more than half is no longer referred to. */
  get isWasteful(): boolean {
    return this.#deadBytes > firstBytes && this.#deadBytes * 2 > this.#end
  }

  /** @param own its text, where few others have the same: it is then not looked for among those that many have. */
  add(standing: Standing, own?: Uint8Array): number {
    if (own !== undefined) return this.#append(own)
    const same = this.#refs.get(standing)
    if (same !== undefined) return same
    const text = JSON.stringify(standing)
    const known = this.#common.get(text) ?? this.#append(Buffer.from(text))
    if (this.#common.has(text)) this.#refs.set(standing, known)
    else if (text.length <= commonTextCharactersMax && this.#common.size < commonTextsMax) this.#common.set(text, known)
    return known
  }

  read(ref: number): Standing {
    const known = this.#parsed.get(ref)
    if (known !== undefined) return known
    const standing = JSON.parse(Buffer.from(this.#slice(ref)).toString()) as Standing
    if (this.#parsed.size >= parsedMax) this.#parsed.clear()
    this.#parsed.set(ref, standing)
    return standing
  }

  /** The entry that referred to it is gone; a record that others share stays. */
  release(ref: number): void {
    const bytes = this.#slice(ref)
    if (bytes.length <= commonTextCharactersMax && this.#common.has(Buffer.from(bytes).toString())) return
    this.#deadBytes += headerBytes + bytes.length
    this.#parsed.delete(ref)
  }

  #slice(ref: number): Uint8Array {
    return recordIn(this.#bytes, ref)
  }

  #append(record: Uint8Array): number {
    const offset = Math.ceil(this.#end / alignment) * alignment
    const end = offset + headerBytes + record.length
    if (end > this.#bytes.length) this.#grow(end)
    new DataView(this.#bytes.buffer, this.#bytes.byteOffset).setUint32(offset, record.length, true)
    this.#bytes.set(record, offset + headerBytes)
    this.#end = end
    return offset / alignment + recordRefMin
  }

  #grow(needed: number): void {
    const next = new Uint8Array(new SharedArrayBuffer(Math.max(needed, this.#bytes.length * 2)))
    next.set(this.#bytes.subarray(0, this.#end))
    this.#bytes = next
  }
}

/** The text of a record in the memory of a store. */
export function recordIn(memory: Uint8Array, ref: number): Uint8Array {
  const offset = (ref - recordRefMin) * alignment
  const length = new DataView(memory.buffer, memory.byteOffset).getUint32(offset, true)
  return memory.subarray(offset + headerBytes, offset + headerBytes + length)
}

/** The same entries in a larger table, and their records in a store that has nothing else in it. */
export function withoutWaste(records: RecordTable, old: RecordStore, capacity: number) {
  const store = new RecordStore()
  const copied = new Map<number, number>()
  const grown = records.grown(capacity, (ref) => {
    const known = copied.get(ref)
    if (known !== undefined) return known
    const copy = store.add(old.read(ref))
    copied.set(ref, copy)
    return copy
  })
  return { records: grown, store }
}
