import type { Standing } from '@verzet/core'
import { countryCodes, countryOfCode, toGateRecord } from './gate-record.ts'
import { RefusalReader } from './refusal-text.ts'
import {
  blockEntriesMax,
  blockKinds,
  commonTextBytesMax,
  commonTextsMax,
  magic,
  recordBytesTarget,
  repeatMark,
  type StandingHead,
  writeBlock,
} from './standing-stream.ts'

const wordsPerId = 4
const codeBits = 3
/** What becomes of a record that is not kept in mind is worked out again. */
const preparedMax = 10_000
const nothing = Buffer.alloc(0)

/** What is sent of a record of the database: its text without what no gate needs; empty when nothing is left of it. */
type Prepared = { readonly text: Buffer; number: number }

/** Turns standings as the database has them, as text of JSON, into the blocks of standing-stream.ts. */
export class StandingWriter {
  #entries = 0
  #refusals = 0
  readonly #pairs = new Uint32Array(2 * blockEntriesMax)
  readonly #ids = new Uint32Array(wordsPerId * blockEntriesMax)
  #records: Buffer[] = []
  #recordEntries = 0
  #recordBytes = 0
  #commonTexts = 0
  readonly #prepared = new Map<string, Prepared>()
  readonly #refusalReader = new RefusalReader()
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
    if (code > 0) this.#addRefusal(low, high, code, this.#refusalReader.id)
    else this.#addOther(low, high, text)
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

  #addRefusal(low: number, high: number, code: number, id: Uint32Array): void {
    const at = this.#refusals
    this.#pairs[2 * at] = low
    this.#pairs[2 * at + 1] = ((high << codeBits) >>> 0) | code
    this.#ids.set(id, wordsPerId * at)
    this.#refusals += 1
    this.#entries += 1
    if (this.#refusals === blockEntriesMax) this.#flushRefusals()
  }

  #addOther(low: number, high: number, bytes: Uint8Array): void {
    const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    const known = this.#prepared.get(source)
    if (known !== undefined) {
      this.#addRecord(low, high, known)
      return
    }
    const record = toGateRecord(JSON.parse(source) as Standing)
    if (record.kind === 'refusal') {
      const id = Buffer.from(record.choiceId.replaceAll('-', ''), 'hex')
      const words = Uint32Array.from({ length: wordsPerId }, (_, index) => id.readUInt32BE(4 * index))
      this.#addRefusal(low, high, record.code, words)
      return
    }
    const text = record.kind === 'nothing' ? nothing : Buffer.from(JSON.stringify(record.standing))
    const prepared = { text, number: -1 }
    if (bytes.length <= commonTextBytesMax && this.#prepared.size < preparedMax) this.#prepared.set(source, prepared)
    this.#addRecord(low, high, prepared)
  }

  #addRecord(low: number, high: number, prepared: Prepared): void {
    const { text, number } = prepared
    if (text.length === 0) return
    const isRepeated = number >= 0
    const record = Buffer.alloc(12 + (isRepeated ? 0 : Math.ceil(text.length / 4) * 4))
    record.writeUInt32LE(low, 0)
    record.writeUInt32LE(high, 4)
    record.writeUInt32LE(isRepeated ? (repeatMark | number) >>> 0 : text.length, 8)
    if (!isRepeated) {
      text.copy(record, 12)
      if (text.length <= commonTextBytesMax && this.#commonTexts < commonTextsMax) {
        prepared.number = this.#commonTexts
        this.#commonTexts += 1
      }
    }
    this.#records.push(record)
    this.#recordBytes += record.length
    this.#recordEntries += 1
    this.#entries += 1
    if (this.#recordBytes >= recordBytesTarget || this.#recordEntries === blockEntriesMax) this.#flushRecords()
  }

  #flushRefusals(): void {
    const count = this.#refusals
    if (count === 0) return
    this.#blocks.push(writeBlock(blockKinds.refusals, count, bytesOf(this.#pairs.subarray(0, 2 * count))))
    this.#blocks.push(writeBlock(blockKinds.ids, count, bytesOf(this.#ids.subarray(0, wordsPerId * count))))
    this.#refusals = 0
  }

  #flushRecords(): void {
    if (this.#recordEntries === 0) return
    this.#blocks.push(writeBlock(blockKinds.records, this.#recordEntries, Buffer.concat(this.#records)))
    this.#records = []
    this.#recordEntries = 0
    this.#recordBytes = 0
  }
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

function filledUp(bytes: Buffer, filling: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4, filling)])
}
