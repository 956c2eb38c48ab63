import { instantiateKernel, type Kernel } from './kernel.ts'
import type { GivenContactPoint } from './prepared-question.ts'
import { rowMarks, rowsMax } from './scrub/row-marks.ts'
import { windowBytes } from './scrub/row-window.ts'

/** As `isPlainEmail` of core; what is longer is not even written into the kernel. */
const addressCharactersMax = 254
const asciiMax = 127
/** Of these a thousand fit into the window, whatever is in them. */
const perhapsPlain = /^[\x21-\x7e]{1,254}$/
const newlineText = '\n'

/** Addresses at once: their texts and fingerprints stay in the first cache of a processor. */
export const addressesAtOnce = 1_024

/**
 * Fingerprints of e-mail addresses as they are given, by the kernel in WebAssembly: it lower-cases and hashes those that
 * are plain, which nearly all are, and leaves the others to `normaliseContactPoint`. There is one for each thread.
 */
export class PlainAddresses {
  /** Pairs of low and high words, of the last `takeMany`. */
  readonly pairs: Uint32Array
  readonly #marks: Uint8Array
  readonly #one: Uint32Array
  readonly #kernel: Kernel
  readonly #bytes: Buffer
  readonly #values: string[] = []
  #key: Uint8Array | undefined

  private constructor(kernel: Kernel) {
    const { buffer } = kernel.memory
    this.#kernel = kernel
    this.#bytes = Buffer.from(buffer, kernel.windowOffset(), windowBytes)
    this.pairs = new Uint32Array(buffer, kernel.fingerprintsOffset(), 2 * addressesAtOnce)
    this.#marks = new Uint8Array(buffer, kernel.marksOffset(), addressesAtOnce)
    this.#one = new Uint32Array(buffer, kernel.fingerprintsOffset() + 8 * (rowsMax - 1), 2)
  }

  /** Undefined on a machine without SIMD in WebAssembly. */
  static create(): PlainAddresses | undefined {
    const kernel = instantiateKernel()
    return kernel && new PlainAddresses(kernel)
  }

  /** The words that `takeOne` left. */
  get low(): number {
    return this.#one[0] ?? 0
  }

  get high(): number {
    return this.#one[1] ?? 0
  }

  /** Of one; false when it is no plain one. */
  takeOne(key: Uint8Array, value: string): boolean {
    const bytes = this.#bytes
    const { length } = value
    if (length > addressCharactersMax) return false
    let seen = 0
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index)
      seen |= code
      bytes[index] = code
    }
    if (seen > asciiMax) return false
    this.#useKey(key)
    return this.#kernel.takeOne(length) !== 0
  }

  /** Of the next ones of a list, at most `addressesAtOnce`, whatever their types. Returns how many those are. */
  takeMany(key: Uint8Array, points: readonly GivenContactPoint[], from: number): number {
    const count = Math.min(addressesAtOnce, points.length - from)
    const values = this.#values
    values.length = count + 1
    let characters = count
    for (let index = 0; index < count; index += 1) {
      const point = points[from + index]
      const value = point?.type === 'email' ? point.value : ''
      values[index] = value
      characters += value.length
    }
    // Joined, the last one has a newline behind it as well.
    values[count] = ''
    this.#useKey(key)
    if (characters <= windowBytes && this.#hash(values)) return count
    // Something is not ASCII, or would be taken for two: those that can be no plain address are left out.
    for (let index = 0; index < count; index += 1) {
      if (!perhapsPlain.test(values[index] ?? '')) values[index] = ''
    }
    this.#hash(values)
    return count
  }

  /** Whether that one was plain, and its fingerprint is in `pairs`. */
  isPlain(index: number): boolean {
    return this.#marks[index] === rowMarks.fingerprint
  }

  /** False when there are not as many as there should be, or a character is not one byte. */
  #hash(values: readonly string[]): boolean {
    const text = values.join(newlineText)
    const bytes = this.#bytes.write(text, 0, 'utf8')
    return bytes === text.length && this.#kernel.takeMany(bytes) === values.length - 1
  }

  #useKey(key: Uint8Array): void {
    if (this.#key === key) return
    const words = Buffer.from(key)
    this.#kernel.setUp(0, 1, 0, words.readBigUInt64LE(0), words.readBigUInt64LE(8))
    this.#key = key
  }
}
