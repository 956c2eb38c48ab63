/** Three words a slot, half of them empty: 24 bytes an entry beside its record. */
const loadMax = 0.5
const slotsMin = 256
const wordsPerSlot = 3
const emptyRef = 0
const removedRef = 1
/** References below this one are not records. */
export const recordRefMin = 2

/**
 * Fingerprint to the reference of a record, for contact points about which there is more to say than a refusal. A change
 * of reference is one word, and removing leaves a mark, so that readers on other threads need no lock.
 */
export class RecordTable {
  readonly words: Uint32Array
  readonly #slots: number
  #entries = 0
  #removed = 0

  constructor(capacity: number, filled?: { words: Uint32Array; entries: number; removed: number }) {
    this.#slots =
      filled === undefined ? Math.max(slotsMin, Math.ceil(capacity / loadMax)) : filled.words.length / wordsPerSlot
    this.words = filled?.words ?? new Uint32Array(new SharedArrayBuffer(this.#slots * wordsPerSlot * 4))
    this.#entries = filled?.entries ?? 0
    this.#removed = filled?.removed ?? 0
  }

  /** The table that lies in this memory. */
  static of(words: Uint32Array): RecordTable {
    let [entries, removed] = [0, 0]
    for (let place = 2; place < words.length; place += wordsPerSlot) {
      const ref = words[place] ?? emptyRef
      if (ref >= recordRefMin) entries += 1
      else if (ref === removedRef) removed += 1
    }
    return new RecordTable(0, { words, entries, removed })
  }

  get entries(): number {
    return this.#entries
  }

  get bytes(): number {
    return this.words.byteLength
  }

  get isFull(): boolean {
    return this.#entries + this.#removed >= this.#slots * loadMax
  }

  /** The reference, or 0. */
  find(low: number, high: number): number {
    const slot = this.#seek(low, high)
    return slot < 0 ? emptyRef : (this.words[slot + 2] ?? 0)
  }

  /** As that of the refusals. */
  touch(pairs: Uint32Array, from: number, to: number): number {
    const { words } = this
    let seen = 0
    for (let index = from; index < to; index += 1) seen ^= words[this.#home(pairs[2 * index] ?? 0)] ?? 0
    return seen
  }

  /** Of so many pairs of low and high words, where nothing was found yet: the reference, or 0. */
  findMany(pairs: Uint32Array, from: number, to: number, found: Float64Array): void {
    const { words } = this
    const end = words.length
    const scale = this.#slots / 4_294_967_296
    for (let index = from; index < to; index += 1) {
      if (found[index] !== 0) continue
      const low = pairs[2 * index] ?? 0
      const high = pairs[2 * index + 1] ?? 0
      let slot = Math.floor(low * scale) * wordsPerSlot
      for (let ref = words[slot + 2] ?? 0; ref !== emptyRef; ref = words[slot + 2] ?? 0) {
        if (ref >= recordRefMin && words[slot] === low && words[slot + 1] === high) {
          found[index] = ref
          break
        }
        slot += wordsPerSlot
        if (slot === end) slot = 0
      }
    }
  }

  /** True when there is one with the same low word, and the same high one but for the three bits that a refusal lacks. */
  hasAlike(low: number, tag: number): boolean {
    const { words } = this
    for (let slot = this.#home(low); ; slot = this.#next(slot)) {
      const ref = words[slot + 2] ?? 0
      if (ref === emptyRef) return false
      const isSame = words[slot] === low && (((words[slot + 1] ?? 0) << 3) ^ tag) >>> 3 === 0
      if (isSame && ref >= recordRefMin) return true
    }
  }

  set(low: number, high: number, ref: number): void {
    const { words } = this
    const found = this.#seek(low, high)
    if (found >= 0) {
      Atomics.store(words, found + 2, ref)
      return
    }
    let slot = this.#home(low)
    while ((words[slot + 2] ?? 0) >= recordRefMin) slot = this.#next(slot)
    if (words[slot + 2] === removedRef) this.#removed -= 1
    words[slot] = low
    words[slot + 1] = high
    Atomics.store(words, slot + 2, ref)
    this.#entries += 1
  }

  delete(low: number, high: number): void {
    const slot = this.#seek(low, high)
    if (slot < 0) return
    Atomics.store(this.words, slot + 2, removedRef)
    this.#entries -= 1
    this.#removed += 1
  }

  /** A larger one with the same entries, their references as `refer` gives them. */
  grown(capacity: number, refer: (ref: number) => number = (ref) => ref): RecordTable {
    const next = new RecordTable(capacity)
    for (const [low, high, ref] of this) next.set(low, high, refer(ref))
    return next
  }

  *[Symbol.iterator](): Generator<[low: number, high: number, ref: number]> {
    for (let slot = 0; slot < this.words.length; slot += wordsPerSlot) {
      const ref = this.words[slot + 2] ?? 0
      if (ref >= recordRefMin) yield [this.words[slot] ?? 0, this.words[slot + 1] ?? 0, ref]
    }
  }

  #seek(low: number, high: number): number {
    const { words } = this
    let slot = this.#home(low)
    for (;;) {
      const ref = words[slot + 2] ?? 0
      if (ref === emptyRef) return -1
      if (ref >= recordRefMin && words[slot] === low && words[slot + 1] === high) return slot
      slot = this.#next(slot)
    }
  }

  #home(low: number): number {
    return Math.floor((low / 4_294_967_296) * this.#slots) * wordsPerSlot
  }

  #next(slot: number): number {
    return slot + wordsPerSlot === this.words.length ? 0 : slot + wordsPerSlot
  }
}
