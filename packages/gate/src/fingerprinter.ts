import { type ContactPointType, isPlainEmail, sipHash24 } from '@verzet/core'
import { PlainAddresses } from './plain-addresses.ts'

/** Longer text than any address that is normalised; what is longer takes the slow way. */
const fastCharactersMax = 512
const wordsMax = (fastCharactersMax + 16) / 4

type Prefix = { readonly whole: readonly number[]; readonly rest: number; readonly restBits: number }

/** The type and its colon as little-endian words, and the bytes that fill no word yet. */
function prefixOf(type: ContactPointType): Prefix {
  const bytes = Buffer.from(`${type}:`)
  const wholeBytes = bytes.length & ~3
  const whole = Array.from({ length: wholeBytes / 4 }, (_, index) => bytes.readInt32LE(index * 4))
  const rest = [...bytes.subarray(wholeBytes)].reduce((word, byte, index) => word | (byte << (index * 8)), 0)
  return { whole, rest, restBits: (bytes.length - wholeBytes) * 8 }
}

const prefixes: Readonly<Record<ContactPointType, Prefix>> = {
  email: prefixOf('email'),
  phone: prefixOf('phone'),
  post: prefixOf('post'),
  push: prefixOf('push'),
  customer: prefixOf('customer'),
}

let addresses: PlainAddresses | undefined
let hasAddresses = false

/** The kernel's, made when the first address of this thread is asked about; undefined where there is none. */
export function plainAddresses(): PlainAddresses | undefined {
  if (!hasAddresses) addresses = PlainAddresses.create()
  hasAddresses = true
  return addresses
}

/**
 * The gate fingerprint of a contact point, as `gateFingerprint` of core gives it, without making a string, a buffer or a
 * bigint on the way: the two halves of the last result lie in `low` and `high`. SipHash-2-4 on 32-bit halves.
 */
export class Fingerprinter {
  low = 0
  high = 0
  readonly #key: Uint8Array
  readonly #keyWords: Int32Array
  readonly #words = new Int32Array(wordsMax)

  /** @param key 16 bytes, as the hub gives them to a replica. */
  constructor(key: Uint8Array) {
    if (key.length !== 16) throw new RangeError('a fingerprint key has 16 bytes')
    this.#key = key
    this.#keyWords = new Int32Array(Uint8Array.from(key).buffer)
  }

  get key(): Uint8Array {
    return this.#key
  }

  /** Of a contact point in its normal form. */
  take(type: ContactPointType, normalised: string): void {
    const length = type.length + 1 + normalised.length
    if (length > fastCharactersMax || !this.#pack(type, normalised, length)) this.#takeSlowly(type, normalised)
    else this.#compress(length)
  }

  /**
   * Of an e-mail address as it is given. False when it is no plain one, which says nothing about it: normalise it, and take
   * that. Where it is true the fingerprint is that of its normal form.
   */
  takeEmail(given: string): boolean {
    const kernel = plainAddresses()
    if (kernel === undefined) {
      if (!isPlainEmail(given)) return false
      this.take('email', given)
      return true
    }
    if (!kernel.takeOne(this.#key, given)) return false
    this.low = kernel.low
    this.high = kernel.high
    return true
  }

  #takeSlowly(type: ContactPointType, normalised: string): void {
    const fingerprint = sipHash24(this.#key, Buffer.from(`${type}:${normalised}`))
    this.low = Number(fingerprint & 0xffffffffn)
    this.high = Number(fingerprint >> 32n)
  }

  /** Writes the bytes of an ASCII text, and their count, as SipHash reads them; false where a character is not ASCII. */
  #pack(type: ContactPointType, normalised: string, length: number): boolean {
    const words = this.#words
    const prefix = prefixes[type]
    let place = 0
    for (; place < prefix.whole.length; place += 1) words[place] = prefix.whole[place] ?? 0
    let word = prefix.rest
    let shift = prefix.restBits
    let seen = 0
    for (let index = 0; index < normalised.length; index += 1) {
      const code = normalised.charCodeAt(index)
      seen |= code
      word |= code << shift
      shift += 8
      if (shift === 32) {
        words[place] = word
        place += 1
        word = 0
        shift = 0
      }
    }
    words[place] = word
    const last = ((length >> 3) << 1) + 1
    if (place < last) words[last] = 0
    words[last] = (words[last] ?? 0) | (length << 24)
    return seen < 128
  }

  /** Every block two rounds, then four for the end (Aumasson and Bernstein, 2012, §2.3). */
  #compress(length: number): void {
    const words = this.#words
    const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = this.#keyWords
    let [a, A, b, B] = [k0 ^ 0x70736575, k1 ^ 0x736f6d65, k2 ^ 0x6e646f6d, k3 ^ 0x646f7261]
    let [c, C, d, D] = [k0 ^ 0x6e657261, k1 ^ 0x6c796765, k2 ^ 0x79746573, k3 ^ 0x74656462]
    const blocks = (length >> 3) + 1
    for (let block = 0; block <= blocks; block += 1) {
      const isEnd = block === blocks
      const low = isEnd ? 0 : (words[block << 1] ?? 0)
      const high = isEnd ? 0 : (words[(block << 1) + 1] ?? 0)
      if (isEnd) c ^= 0xff
      d ^= low
      D ^= high
      for (let round = isEnd ? 4 : 2; round > 0; round -= 1) {
        let sum = (a >>> 0) + (b >>> 0)
        A = (A + B + (sum > 0xffffffff ? 1 : 0)) | 0
        a = sum | 0
        let turned = (b << 13) | (B >>> 19)
        B = ((B << 13) | (b >>> 19)) ^ A
        b = turned ^ a
        sum = (c >>> 0) + (d >>> 0)
        C = (C + D + (sum > 0xffffffff ? 1 : 0)) | 0
        c = sum | 0
        turned = (d << 16) | (D >>> 16)
        D = ((D << 16) | (d >>> 16)) ^ C
        d = turned ^ c
        // The first half was to be swapped (a turn by 32): it is read the other way round instead.
        sum = (A >>> 0) + (d >>> 0)
        const swapped = (a + D + (sum > 0xffffffff ? 1 : 0)) | 0
        a = sum | 0
        A = swapped
        turned = (d << 21) | (D >>> 11)
        D = ((D << 21) | (d >>> 11)) ^ A
        d = turned ^ a
        sum = (c >>> 0) + (b >>> 0)
        const upper = (C + B + (sum > 0xffffffff ? 1 : 0)) | 0
        const lower = sum | 0
        turned = (b << 17) | (B >>> 15)
        B = ((B << 17) | (b >>> 15)) ^ upper
        b = turned ^ lower
        c = upper
        C = lower
      }
      a ^= low
      A ^= high
    }
    this.low = (a ^ b ^ c ^ d) >>> 0
    this.high = (A ^ B ^ C ^ D) >>> 0
  }
}
