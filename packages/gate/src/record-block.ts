import { blockEntriesMax, blockKinds, recordBytesTarget, repeatMark, writeBlock } from './standing-stream.ts'

const wordsPerHead = 3
const wordsTarget = recordBytesTarget / 4

/** The block of records that is being written. */
export class RecordBlock {
  #words = new Uint32Array(2 * wordsTarget)
  #bytes = Buffer.from(this.#words.buffer)
  #end = 0
  #entries = 0

  get isEmpty(): boolean {
    return this.#entries === 0
  }

  get isFull(): boolean {
    return this.#end >= wordsTarget || this.#entries === blockEntriesMax
  }

  addText(low: number, high: number, text: Buffer): void {
    const end = this.#end + wordsPerHead + Math.ceil(text.length / 4)
    if (end > this.#words.length) this.#grow(end)
    const from = this.#addHead(low, high, text.length)
    this.#words[end - 1] = 0
    text.copy(this.#bytes, 4 * from)
    this.#end = end
  }

  /** The text that came as the `number`th. */
  addRepeat(low: number, high: number, number: number): void {
    if (this.#end + wordsPerHead > this.#words.length) this.#grow(this.#end + wordsPerHead)
    this.#end = this.#addHead(low, high, (repeatMark | number) >>> 0)
  }

  take(): Uint8Array {
    const block = writeBlock(blockKinds.records, this.#entries, this.#bytes.subarray(0, 4 * this.#end))
    this.#entries = 0
    this.#end = 0
    return block
  }

  #addHead(low: number, high: number, word: number): number {
    this.#words[this.#end] = low
    this.#words[this.#end + 1] = high
    this.#words[this.#end + 2] = word
    this.#entries += 1
    return this.#end + wordsPerHead
  }

  #grow(needed: number): void {
    const next = new Uint32Array(2 * needed)
    next.set(this.#words.subarray(0, this.#end))
    this.#words = next
    this.#bytes = Buffer.from(next.buffer)
  }
}
