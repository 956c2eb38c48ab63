import { crc32 } from 'node:zlib'
import { FeedUnreadable } from './feed-line.ts'

/**
 * Every standing at once, as bytes: what a gate starts from (`Accept: application/vnd.verzet.standing`).
 *
 *     magic, then blocks: kind, entries, payload bytes (four bytes each, little-endian), CRC-32 of those twelve and the
 *     payload, payload
 *
 *     head      JSON: the position everything was read at or after, and the countries the codes stand for
 *     refusals  for each the low word of its fingerprint, and the high one whose top three bits made room for a code
 *     ids       of the refusals before it, four words each; left out for who does not ask for them
 *     records   low word, high word, bytes of the text, the text (filled up to four); or the number of a text that came
 *               before, marked by its top bit: the first `commonTextsMax` texts that are short enough have numbers
 *     end       how many entries there were
 *
 * A payload is a whole number of words. It is read whole or not at all: without its end it is nothing.
 */
export const standingMediaType = 'application/vnd.verzet.standing'
export const magic = Buffer.from('VZSTND01')
export const blockKinds = { head: 1, refusals: 2, ids: 3, records: 4, end: 5 } as const
export const blockHeaderBytes = 16
/** As many as fill a cache of the processor, and a page or two of the network. */
export const blockEntriesMax = 8_192
/** A block of records has as many as fit, at least one. */
export const recordBytesTarget = 256 * 1024
/** The longest record: as of a line of the feed. */
export const payloadBytesMax = 8 * 1024 * 1024
export const commonTextsMax = 10_000
export const commonTextBytesMax = 200
export const repeatMark = 0x8000_0000

export type Block = {
  readonly kind: number
  readonly entries: number
  readonly payload: Uint8Array
}

export type StandingHead = {
  /** A cursor of the feed. */
  readonly position: string
  /** By code: null where the contact point or the brand decides, an empty one for a country without rules of its own. */
  readonly countries: readonly (string | null)[]
  /** About how many are to come. */
  readonly entries: number
}

/** A block as it travels. */
export function writeBlock(kind: number, entries: number, payload: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(blockHeaderBytes + payload.length)
  bytes.writeUInt32LE(kind, 0)
  bytes.writeUInt32LE(entries, 4)
  bytes.writeUInt32LE(payload.length, 8)
  bytes.set(payload, blockHeaderBytes)
  bytes.writeUInt32LE(crc32(payload, crc32(bytes.subarray(0, 12))), 12)
  return bytes
}

/** Cuts arriving bytes into blocks. */
export class BlockReader {
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #wanted: number = magic.length
  #isOpen = false
  #hasEnded = false

  /** True once the last block was read. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** @throws {FeedUnreadable} when a byte is not what was sent. */
  *read(piece: Uint8Array): Generator<Block> {
    this.#waiting.push(piece)
    this.#waitingBytes += piece.length
    while (this.#waitingBytes >= this.#wanted) {
      const bytes = this.#take(this.#wanted)
      if (!this.#isOpen) {
        if (!magic.equals(bytes)) throw new FeedUnreadable('the standings are of another version')
        this.#isOpen = true
        this.#wanted = blockHeaderBytes
      } else if (this.#hasEnded) throw new FeedUnreadable('something comes after the end of the standings')
      else {
        const payloadBytes = wordAt(bytes, 8)
        if (payloadBytes > payloadBytesMax || payloadBytes % 4 !== 0) throw damaged()
        if (bytes.length < blockHeaderBytes + payloadBytes) {
          this.#unread(bytes)
          this.#wanted = blockHeaderBytes + payloadBytes
          continue
        }
        this.#wanted = blockHeaderBytes
        yield this.#check(bytes)
      }
    }
  }

  #check(bytes: Uint8Array): Block {
    const payload = bytes.subarray(blockHeaderBytes)
    if (crc32(payload, crc32(bytes.subarray(0, 12))) !== wordAt(bytes, 12)) throw damaged()
    const kind = wordAt(bytes, 0)
    this.#hasEnded = kind === blockKinds.end
    return { kind, entries: wordAt(bytes, 4), payload }
  }

  #take(count: number): Uint8Array {
    const [first] = this.#waiting
    this.#waitingBytes -= count
    if (first !== undefined && first.length >= count) {
      if (first.length === count) this.#waiting.shift()
      else this.#waiting[0] = first.subarray(count)
      return first.subarray(0, count)
    }
    const all = Buffer.concat(this.#waiting)
    this.#waiting = all.length > count ? [all.subarray(count)] : []
    return all.subarray(0, count)
  }

  #unread(bytes: Uint8Array): void {
    this.#waiting.unshift(bytes)
    this.#waitingBytes += bytes.length
  }
}

/** The words of a payload, wherever it lies. */
export function wordsOfPayload(payload: Uint8Array): Uint32Array {
  const isAligned = payload.byteOffset % 4 === 0
  const bytes = isAligned ? payload : Uint8Array.from(payload)
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
}

function wordAt(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true)
}

function damaged(): FeedUnreadable {
  return new FeedUnreadable('the standings were damaged on the way')
}
