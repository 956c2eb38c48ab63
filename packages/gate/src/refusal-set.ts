/** Beyond half full the way to an entry grows; two slots of eight bytes an entry are 16 bytes. */
const loadMax = 0.5
const slotsMin = 1_024
const codeBits = 3
const codeMask = (1 << codeBits) - 1
/** The first word of a slot whose entry was removed; its code is 0, as that of an empty one. */
const removedMark = 1
/** Two lines of the processor's cache each, well within its first level but one. */
export const touchedAtOnce = 512

/** Words of the sieve to the slots: 16 bits an entry, two of them set, let one stranger in seventy through. */
const slotsPerSieveWord = 4
/** Beyond so many slots, 32 million entries, a sieve fits no cache and helps nobody. */
const siftedSlotsMax = 2 ** 26

/** A code is what is known beside the refusal, 1 to 7; 0 is no entry. */
export const refusalCodeMax = codeMask

/** How many slots a set for so many entries has. */
export function slotsFor(capacity: number): number {
  return Math.max(slotsMin, Math.ceil(capacity / loadMax))
}

/**
 * The contact points that refused everything: their fingerprints and a code of three bits, in two words a slot.
 *
 * The top three bits of the fingerprint make room for the code: of 100 million entries a question about a stranger meets
 * one in 5·10⁻¹¹ of cases, and is then refused. Removing leaves a mark, which is not written over, and moves nothing, so
 * that a thread that reads while another writes never misses an entry that stays.
 */
export class RefusalSet {
  readonly words: Uint32Array
  readonly #slots: number
  readonly #isWrittenElsewhere: boolean
  /** A bit for two parts of each fingerprint: where one is missing there is no entry. */
  #sieve: Uint32Array | undefined
  readonly #passed = new Int32Array(touchedAtOnce)
  #entries = 0
  #removed = 0

  /**
   * @param capacity entries it holds without growing
   * @param filled the memory of another one, and what was counted in it
   */
  constructor(
    capacity: number,
    filled?: { words: Uint32Array; entries: number; removed: number; isWrittenElsewhere?: boolean },
  ) {
    this.#isWrittenElsewhere = filled?.isWrittenElsewhere ?? false
    this.#slots = filled === undefined ? slotsFor(capacity) : filled.words.length / 2
    this.words = filled?.words ?? new Uint32Array(new SharedArrayBuffer(this.#slots * 8))
    this.#entries = filled?.entries ?? 0
    this.#removed = filled?.removed ?? 0
  }

  /** The set that lies in this memory. */
  static of(words: Uint32Array): RefusalSet {
    let [entries, removed] = [0, 0]
    for (let slot = 0; slot < words.length; slot += 2) {
      if (((words[slot + 1] ?? 0) & codeMask) !== 0) entries += 1
      else if (words[slot] === removedMark) removed += 1
    }
    return new RefusalSet(0, { words, entries, removed })
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

  /** The code, or 0. */
  find(low: number, high: number): number {
    const slot = this.#seek(low, high)
    return slot < 0 ? 0 : (this.words[slot + 1] ?? 0) & codeMask
  }

  /** Where the entry lies, for what is kept beside it; -1 when there is none. */
  slotOf(low: number, high: number): number {
    const slot = this.#seek(low, high)
    return slot < 0 ? -1 : slot >> 1
  }

  /**
   * Asks memory for the places of many fingerprints, one beside the other: waiting for them one after the other is what
   * makes looking up slow. What it returns means nothing.
   */
  touch(pairs: Uint32Array, from: number, to: number): number {
    const { words } = this
    let seen = 0
    for (let index = from; index < to; index += 1) seen ^= words[this.#home(pairs[2 * index] ?? 0)] ?? 0
    return seen
  }

  /**
   * Makes ready for lists, in which most are strangers: from now on `findMany` passes them over by a small table that
   * stays in the processor's cache, an eighth of the set or up to twice that. It is kept in step with what this set is told, so a set that
   * another thread writes to has none.
   */
  sift(): void {
    if (this.#sieve !== undefined || this.#isWrittenElsewhere || this.#slots > siftedSlotsMax) return
    const words = 2 ** Math.ceil(Math.log2(this.#slots / slotsPerSieveWord))
    const sieve = new Uint32Array(words)
    this.#sieve = sieve
    for (let slot = 0; slot < this.words.length; slot += 2) {
      const tag = this.words[slot + 1] ?? 0
      if ((tag & codeMask) !== 0) markIn(sieve, this.words[slot] ?? 0, tag >>> codeBits)
    }
  }

  /** Of at most `touchedAtOnce` pairs of low and high words: the code below 0, or 0. What it returns means nothing. */
  findMany(pairs: Uint32Array, from: number, to: number, found: Float64Array): number {
    const passed = this.#passed
    const count = this.#sieve === undefined ? every(from, to, passed) : siftedBy(this.#sieve, pairs, from, to, passed)
    found.fill(0, from, to)
    const { words } = this
    const end = words.length
    const scale = this.#slots / 4_294_967_296
    let seen = 0
    for (let place = 0; place < count; place += 1) {
      seen ^= words[Math.floor((pairs[2 * (passed[place] ?? 0)] ?? 0) * scale) * 2] ?? 0
    }
    for (let place = 0; place < count; place += 1) {
      const index = passed[place] ?? 0
      const low = pairs[2 * index] ?? 0
      const tag = ((pairs[2 * index + 1] ?? 0) << codeBits) >>> 0
      let slot = Math.floor(low * scale) * 2
      for (;;) {
        const word = words[slot + 1] ?? 0
        if ((word & codeMask) === 0) {
          if (words[slot] !== removedMark) break
        } else if (words[slot] === low && ((word ^ tag) & ~codeMask) === 0) {
          found[index] = -(word & codeMask)
          break
        }
        slot += 2
        if (slot === end) slot = 0
      }
    }
    return seen
  }

  /** Adds or changes; the caller grows the set before it `isFull`. Returns the slot. */
  set(low: number, high: number, code: number): number {
    const { words } = this
    const found = this.#seek(low, high)
    if (found >= 0) {
      Atomics.store(words, found + 1, tagOf(high) | code)
      return found >> 1
    }
    return this.#put(~found, low, tagOf(high) | code)
  }

  /** How many more it takes. */
  get room(): number {
    return Math.floor(this.#slots * loadMax) - this.#entries - this.#removed
  }

  /**
   * Adds many at once that are expected to be new: pairs of the low word, and the high one shifted up by the code's bits
   * with the code in them. Gives their slots, -1 where one was there already. The caller sees to it that they fit.
   */
  addAll(pairs: Uint32Array): Int32Array {
    const count = pairs.length / 2
    const slots = new Int32Array(count)
    for (let from = 0; from < count; from += touchedAtOnce) {
      const to = Math.min(count, from + touchedAtOnce)
      this.touch(pairs, from, to)
      for (let index = from; index < to; index += 1) {
        const low = pairs[2 * index] ?? 0
        const tag = pairs[2 * index + 1] ?? 0
        const found = this.#seek(low, tag >>> codeBits)
        slots[index] = found >= 0 ? -1 : this.#put(~found, low, tag)
      }
    }
    return slots
  }

  delete(low: number, high: number): void {
    const slot = this.#seek(low, high)
    if (slot < 0) return
    // The mark first: in between the slot must not look like the end of the row.
    this.words[slot] = removedMark
    Atomics.store(this.words, slot + 1, 0)
    this.#entries -= 1
    this.#removed += 1
  }

  /** A larger one with the same entries; `moved` is told of each so that what is kept beside them can follow. */
  grown(capacity: number, moved: (from: number, to: number) => void = () => {}): RefusalSet {
    const next = new RefusalSet(capacity)
    if (this.#sieve !== undefined) next.sift()
    for (let slot = 0; slot < this.words.length; slot += 2) {
      const tag = this.words[slot + 1] ?? 0
      if ((tag & codeMask) === 0) continue
      moved(slot >> 1, next.set(this.words[slot] ?? 0, tag >>> codeBits, tag & codeMask))
    }
    return next
  }

  /** The place, or the one that is free for it as ~place, below 0. */
  #seek(low: number, high: number): number {
    const { words } = this
    const end = words.length
    const tag = tagOf(high)
    let slot = this.#home(low)
    for (;;) {
      const word = words[slot + 1] ?? 0
      if ((word & codeMask) === 0) {
        if (words[slot] !== removedMark) return ~slot
      } else if (words[slot] === low && ((word ^ tag) & ~codeMask) === 0) return slot
      slot += 2
      if (slot === end) slot = 0
    }
  }

  #put(slot: number, low: number, tag: number): number {
    this.words[slot] = low
    if (this.#sieve !== undefined) markIn(this.#sieve, low, tag >>> codeBits)
    // The code last: a reader on another thread sees the whole entry or none.
    Atomics.store(this.words, slot + 1, tag)
    this.#entries += 1
    return slot >> 1
  }

  /** The fingerprint is as good as random, so any part of it spreads evenly. */
  #home(low: number): number {
    return Math.floor((low / 4_294_967_296) * this.#slots) * 2
  }
}

function tagOf(high: number): number {
  return (high << codeBits) >>> 0
}

/** By parts of the fingerprint that an entry keeps, and that do not say where it lies. */
function markIn(sieve: Uint32Array, low: number, high: number): void {
  const place = high & (sieve.length - 1)
  sieve[place] = (sieve[place] ?? 0) | (1 << (low & 31)) | (1 << ((low >>> 5) & 31))
}

/** Those that may be entries, without a branch: the processor could not guess it. */
function siftedBy(sieve: Uint32Array, pairs: Uint32Array, from: number, to: number, passed: Int32Array): number {
  const mask = sieve.length - 1
  let count = 0
  for (let index = from; index < to; index += 1) {
    const low = pairs[2 * index] ?? 0
    const word = sieve[(pairs[2 * index + 1] ?? 0) & mask] ?? 0
    passed[count] = index
    count += (word >>> (low & 31)) & (word >>> ((low >>> 5) & 31)) & 1
  }
  return count
}

function every(from: number, to: number, passed: Int32Array): number {
  for (let index = from; index < to; index += 1) passed[index - from] = index
  return to - from
}
