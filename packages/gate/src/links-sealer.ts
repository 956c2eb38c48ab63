import { createCipheriv } from 'node:crypto'
import { type Channel, type ContactPointType, channels, type Offer, offers } from '@verzet/core'
import { KeyedHash } from './links-keyed-hash.ts'

const claimBytes = 27
const tagBytes = 11
const sealedBytes = 1 + tagBytes + claimBytes
const minuteMs = 60_000
const epochMs = Date.UTC(2026, 0, 1)
const minutesMax = 0xffffff
const cipherBlockBytes = 16
/** A claim takes two blocks of the cipher's stream. */
const streamBytes = 2 * cipherBlockBytes
/** Links that are enciphered in one call: 16 KB of counters, after which a call costs nothing any more. */
export const sealedAtOnceMax = 512
const base32Alphabet = Buffer.from('abcdefghijklmnopqrstuvwxyz234567')
/** Of 39 bytes, the last one filled up with zero bits. */
const mailCharacters = 63

/** What the links of one mailing share. */
export type SealedAbout = {
  readonly brandNumber: number
  readonly topicNumber: number
  readonly campaignNumber: number
  readonly channel: Channel
  readonly offered: readonly Offer[]
}

/** The keys a sealer works with; `link-key` is where they come from. */
export type SealerKeys = {
  readonly keyId: number
  readonly macKey: Uint8Array
  readonly cipherKey: Uint8Array
  /** The states of the contact point key's hash, which make keys and give away nothing else (RFC 2104 §4). */
  readonly contactPointInner: Uint8Array
  readonly contactPointOuter: Uint8Array
}

/**
 * Makes the tokens of core's `sealLink` without making an object for each: everything lies in buffers that are used
 * again, and one cipher serves all. AES in counter mode is the block cipher of each counter, so an ECB of the two counter
 * blocks gives the same stream; the text itself is never enciphered by it.
 * Links are staged, each in a place of its own, then all of them enciphered, then taken out one by one.
 */
export class LinkSealer {
  readonly #names: KeyedHash
  readonly #tags: KeyedHash
  readonly #cipher: ReturnType<typeof createCipheriv>
  /** The key id and then the claims: what the tag is taken of. */
  readonly #claims: Buffer
  readonly #staged = Buffer.alloc(sealedAtOnceMax * claimBytes)
  readonly #counters = Buffer.alloc(sealedAtOnceMax * streamBytes)
  #stream = Buffer.alloc(0)
  /** One byte more than a token, so that base 32 reads whole groups of five. */
  readonly #sealed = Buffer.alloc(sealedBytes + 1)
  readonly #token: Buffer
  readonly #mail = Buffer.alloc(64)

  constructor({ keyId, macKey, cipherKey, contactPointInner, contactPointOuter }: SealerKeys) {
    this.#names = new KeyedHash(contactPointInner, contactPointOuter)
    this.#tags = KeyedHash.ofKey(macKey)
    this.#cipher = createCipheriv('aes-256-ecb', cipherKey, null).setAutoPadding(false)
    this.#claims = this.#tags.message.subarray(0, 1 + claimBytes)
    this.#claims[0] = keyId
    this.#sealed[0] = keyId
    this.#token = this.#sealed.subarray(0, sealedBytes)
    // The second block's counter is one more; a tag fills only the first eleven bytes.
    for (let end = streamBytes; end <= this.#counters.length; end += streamBytes) this.#counters[end - 1] = 1
  }

  /** For the contact points to come. */
  prepare({ brandNumber, topicNumber, campaignNumber, channel, offered }: SealedAbout): void {
    const bits = offered.reduce((sum, offer) => sum | (1 << offers.indexOf(offer)), 0)
    this.#claims.writeUInt16BE(brandNumber, 17)
    this.#claims.writeUInt16BE(topicNumber, 19)
    this.#claims.writeUIntBE(campaignNumber, 21, 3)
    this.#claims[24] = channels.indexOf(channel) | (bits << 3)
  }

  /** A link of a contact point in its normal form. */
  stage(place: number, type: ContactPointType, normalised: string, now: number): void {
    const names = this.#names
    const length = names.message.write(`${type}:${normalised}`, 0, 'utf8')
    const name = names.digest(length)
    for (let word = 0; word < 4; word += 1) writeWord(this.#claims, 1 + 4 * word, name[word] ?? 0)
    this.#stageClaims(place, now)
  }

  /** The same of a contact point that is known by its key alone. */
  stageKey(place: number, key: string, now: number): void {
    this.#claims.write(key.replaceAll('-', ''), 1, 16, 'hex')
    this.#stageClaims(place, now)
  }

  /** Of the first so many places. */
  encipher(count: number): void {
    this.#stream = this.#cipher.update(this.#counters.subarray(0, count * streamBytes))
  }

  /** After it `path` and `mail` give the link of the place. */
  take(place: number): void {
    const [staged, counters, stream, sealed] = [this.#staged, this.#counters, this.#stream, this.#sealed]
    const [claims, blocks] = [place * claimBytes, place * streamBytes]
    for (let index = 0; index < tagBytes; index += 1) sealed[1 + index] = counters[blocks + index] ?? 0
    for (let index = 0; index < claimBytes; index += 1) {
      sealed[1 + tagBytes + index] = (staged[claims + index] ?? 0) ^ (stream[blocks + index] ?? 0)
    }
  }

  /** 52 characters of base64url. */
  path(): string {
    return this.#token.toString('base64url')
  }

  /** 63 characters of base 32 in lower case (RFC 4648 §6). */
  mail(): string {
    const [sealed, mail] = [this.#sealed, this.#mail]
    for (let from = 0, to = 0; from < sealed.length; from += 5, to += 8) {
      const high = ((sealed[from] ?? 0) << 12) | ((sealed[from + 1] ?? 0) << 4) | ((sealed[from + 2] ?? 0) >> 4)
      const low = (((sealed[from + 2] ?? 0) & 15) << 16) | ((sealed[from + 3] ?? 0) << 8) | (sealed[from + 4] ?? 0)
      for (let digit = 0; digit < 4; digit += 1) {
        const shift = 15 - 5 * digit
        mail[to + digit] = base32Alphabet[(high >> shift) & 31] ?? 0
        mail[to + 4 + digit] = base32Alphabet[(low >> shift) & 31] ?? 0
      }
    }
    return mail.toString('latin1', 0, mailCharacters)
  }

  #stageClaims(place: number, now: number): void {
    const [claims, staged, counters] = [this.#claims, this.#staged, this.#counters]
    const minutes = Math.min(minutesMax, Math.max(0, Math.floor((now - epochMs) / minuteMs)))
    claims[25] = minutes >> 16
    claims[26] = minutes >> 8
    claims[27] = minutes
    const tag = this.#tags.digest(1 + claimBytes)
    const blocks = place * streamBytes
    for (let index = 0; index < tagBytes; index += 1) {
      const byte = (tag[index >> 2] ?? 0) >>> (24 - 8 * (index & 3))
      counters[blocks + index] = byte
      counters[blocks + cipherBlockBytes + index] = byte
    }
    for (let index = 0; index < claimBytes; index += 1) staged[place * claimBytes + index] = claims[1 + index] ?? 0
  }
}

function writeWord(bytes: Buffer, offset: number, word: number): void {
  bytes[offset] = word >>> 24
  bytes[offset + 1] = word >>> 16
  bytes[offset + 2] = word >>> 8
  bytes[offset + 3] = word
}
