import type { Standing } from '@verzet/core'
import { countryCodes, countryOfCode, toGateRecord } from './gate-record.ts'
import { wordsOf } from './index-memory.ts'
import { isSame } from './jsonb-text.ts'
import { RecordBlock } from './record-block.ts'
import { RefusalReader } from './refusal-text.ts'
import { SpokenReader } from './spoken-text.ts'
import {
  blockEntriesMax,
  blockKinds,
  commonTextBytesMax,
  commonTextsMax,
  magic,
  type StandingHead,
  writeBlock,
} from './standing-stream.ts'
import { endOfUntouched } from './untouched-text.ts'

const wordsPerId = 4
const codeBits = 3
/** What becomes of a record that is not kept in mind is worked out again. */
const preparedMax = 10_000
const nothing = Buffer.alloc(0)

/** A record as it is sent, and the number it has once it was. */
export type PreparedText = { readonly kind: 'text'; readonly text: Buffer; number: number }

/** What is sent of a record of the database: its text without what no gate needs; empty when nothing is left of it. */
type Prepared = PreparedText | { readonly kind: 'refusal'; readonly code: number; readonly id: Uint32Array }

/** Turns standings as the database has them, as text of JSON, into the blocks of standing-stream.ts. */
export class StandingWriter {
  #entries = 0
  #refusals = 0
  readonly #pairs = new Uint32Array(2 * blockEntriesMax)
  readonly #ids = new Uint32Array(wordsPerId * blockEntriesMax)
  readonly #records = new RecordBlock()
  #commonTexts = 0
  readonly #prepared = new Map<string, Prepared>()
  #lastRest: { readonly bytes: Uint8Array; readonly prepared: Prepared } | undefined
  readonly #refusalReader = new RefusalReader()
  readonly #spokenReader = new SpokenReader()
  #blocks: Uint8Array[] = []

  constructor(head: Pick<StandingHead, 'position' | 'entries'>) {
    const countries = countryCodes.map((code) => countryOfCode(code) ?? null)
    const text = Buffer.from(JSON.stringify({ ...head, countries: [null, ...countries] }))
    this.#blocks.push(magic, writeBlock(blockKinds.head, 0, filledUp(text, 0x20)))
  }

  get entries(): number {
    return this.#entries
  }

  /** @param text the record, JSON as PostgreSQL writes `jsonb`; other JSON takes longer. */
  add(low: number, high: number, text: Uint8Array): void {
    const code = this.#refusalReader.read(text)
    if (code > 0) this.addRefusal(low, ((high << codeBits) >>> 0) | code, this.#refusalReader.id, 0)
    else this.#addOther(low, high, text)
  }

  /**
   * @param tag the high word of the fingerprint, shifted up by the bits of the code, with the code in them
   * @param ids the choice, in four words from `from` on
   */
  addRefusal(low: number, tag: number, ids: Uint32Array, from: number): void {
    const at = this.#refusals
    this.#pairs[2 * at] = low
    this.#pairs[2 * at + 1] = tag
    for (let word = 0; word < wordsPerId; word += 1) this.#ids[wordsPerId * at + word] = ids[from + word] ?? 0
    this.#refusals += 1
    this.#entries += 1
    if (this.#refusals === blockEntriesMax) this.#flushRefusals()
  }

  /** A record that needs nothing done to it; empty ones are not sent. */
  addText(low: number, high: number, prepared: PreparedText): void {
    const { text, number } = prepared
    if (text.length === 0) return
    if (number >= 0) this.#records.addRepeat(low, high, number)
    else {
      this.#records.addText(low, high, text)
      if (text.length <= commonTextBytesMax && this.#commonTexts < commonTextsMax) {
        prepared.number = this.#commonTexts
        this.#commonTexts += 1
      }
    }
    this.#entries += 1
    if (this.#records.isFull) this.#flushRecords()
  }

  /** The blocks that are full. */
  take(): readonly Uint8Array[] {
    const blocks = this.#blocks
    this.#blocks = []
    return blocks
  }

  end(): readonly Uint8Array[] {
    this.#flushRefusals()
    this.#flushRecords()
    const count = Buffer.alloc(8)
    count.writeBigUInt64LE(BigInt(this.#entries))
    this.#blocks.push(writeBlock(blockKinds.end, 0, count))
    return this.take()
  }

  #addOther(low: number, high: number, bytes: Uint8Array): void {
    const end = endOfUntouched(bytes)
    if (end < 0) {
      const text = this.#spokenReader.read(bytes)
      if (text !== undefined) this.addText(low, high, { kind: 'text', text, number: -1 })
      else this.#addPrepared(low, high, this.#prepare(textOf(bytes)))
      return
    }
    const rest = bytes.subarray(end)
    if (this.#lastRest === undefined || !isSame(this.#lastRest.bytes, rest)) {
      this.#lastRest = { bytes: Uint8Array.from(rest), prepared: this.#prepare(`{"groups": []${textOf(rest)}`) }
    }
    this.#addPrepared(low, high, this.#lastRest.prepared)
  }

  #prepare(source: string): Prepared {
    const known = this.#prepared.get(source)
    if (known !== undefined) return known
    const record = toGateRecord(JSON.parse(source) as Standing)
    const prepared: Prepared =
      record.kind === 'refusal'
        ? { kind: 'refusal', code: record.code, id: wordsOf(record.choiceId) }
        : { kind: 'text', text: record.kind === 'nothing' ? nothing : textBytes(record.standing), number: -1 }
    if (prepared.kind === 'text' && source.length <= commonTextBytesMax && this.#prepared.size < preparedMax) {
      this.#prepared.set(source, prepared)
    }
    return prepared
  }

  #addPrepared(low: number, high: number, prepared: Prepared): void {
    if (prepared.kind === 'text') this.addText(low, high, prepared)
    else this.addRefusal(low, ((high << codeBits) >>> 0) | prepared.code, prepared.id, 0)
  }

  #flushRefusals(): void {
    const count = this.#refusals
    if (count === 0) return
    this.#blocks.push(writeBlock(blockKinds.refusals, count, bytesOf(this.#pairs.subarray(0, 2 * count))))
    this.#blocks.push(writeBlock(blockKinds.ids, count, bytesOf(this.#ids.subarray(0, wordsPerId * count))))
    this.#refusals = 0
  }

  #flushRecords(): void {
    if (!this.#records.isEmpty) this.#blocks.push(this.#records.take())
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

function textBytes(standing: Standing): Buffer {
  return Buffer.from(JSON.stringify(standing))
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

function filledUp(bytes: Buffer, filling: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4, filling)])
}
