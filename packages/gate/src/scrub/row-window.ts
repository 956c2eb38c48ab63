import { bytesPerUnit, type ListEncoding } from './list-encoding.ts'
import { newline, rowUnitsMax } from './row-marks.ts'
import type { Units } from './row-scanner.ts'

/** The memory of a window: what it reads at once, and before that room for the row that a piece before it left open. */
export const windowBytes = 1024 * 1024
/** Read at once: large enough that a call costs nothing, small enough for the cache of a processor. */
export const pieceBytesMax = 512 * 1024
/** A row that goes on longer than this is given up. */
const openUnitsMax = rowUnitsMax + 64

/** The piece of a list that is being looked at: its bytes as they came, and as units of its encoding. */
export class RowWindow {
  readonly bytes: Uint8Array
  readonly units: Units
  readonly unitBytes: 1 | 2
  readonly #swapped: Buffer | undefined
  readonly #firstByte: number
  readonly #lastByte: number
  #start: number
  #end: number

  /**
   * @param memory where the bytes shall lie, when somebody else reads them there
   * @param openUnits room for `prepend`
   */
  constructor(encoding: ListEncoding, memory?: Uint8Array, pieceBytes = pieceBytesMax, openUnits = openUnitsMax) {
    this.unitBytes = bytesPerUnit(encoding)
    this.#firstByte = openUnits * this.unitBytes
    this.#lastByte = this.#firstByte + pieceBytes
    this.bytes = memory ?? new Uint8Array(this.#lastByte)
    this.#swapped = encoding === 'utf16be' ? Buffer.alloc(this.bytes.length) : undefined
    const read = this.#swapped ?? this.bytes
    this.units =
      this.unitBytes === 1 ? this.bytes : new Uint16Array(read.buffer, read.byteOffset, Math.floor(read.length / 2))
    this.#start = this.#firstByte
    this.#end = this.#firstByte
  }

  /** Nothing but these bytes. */
  static over(encoding: ListEncoding, bytes: Uint8Array): RowWindow {
    const window = new RowWindow(encoding, undefined, bytes.length, 0)
    window.fill(bytes)
    return window
  }

  /** Whole units lie from here on. */
  get start(): number {
    return this.#start / this.unitBytes
  }

  get end(): number {
    return Math.floor(this.#end / this.unitBytes)
  }

  get isFull(): boolean {
    return this.#end === this.#lastByte
  }

  /** True when a unit has come in half. */
  get isTorn(): boolean {
    return this.#end % this.unitBytes !== 0
  }

  /** Begins anew with these bytes, which fit. */
  begin(bytes: Uint8Array): void {
    this.#start = this.#firstByte
    this.#end = this.#firstByte
    this.fill(bytes)
  }

  /** Takes what fits and returns how much that was. */
  fill(chunk: Uint8Array): number {
    const taken = chunk.subarray(0, this.#lastByte - this.#end)
    this.bytes.set(taken, this.#end)
    this.advance(taken.length)
    return taken.length
  }

  /** Where the next bytes belong, for whoever puts them there and then calls `advance`. */
  get room(): Uint8Array {
    return this.bytes.subarray(this.#end, this.#lastByte)
  }

  advance(bytes: number): void {
    const from = this.#end & ~1
    this.#end += bytes
    this.#swap(from, this.#end)
  }

  /** Ends behind the last newline and gives back what lies behind it, valid until `begin`; without one it keeps all. */
  cut(): Uint8Array {
    const { start, end } = this
    const found = end === start ? -1 : this.units.lastIndexOf(newline, end - 1)
    if (found < start) return this.bytes.subarray(this.#end, this.#end)
    const to = this.#end
    this.#end = (found + 1) * this.unitBytes
    return this.bytes.subarray(this.#end, to)
  }

  /** Puts the beginning of its first row, of at most `rowUnitsMax` and one, before what it holds. */
  prepend(bytes: Uint8Array): void {
    const to = this.#start
    this.#start -= bytes.length
    this.bytes.set(bytes, this.#start)
    this.#swap(this.#start, to)
  }

  /** The bytes of some units, as they came; valid until the next `begin`. */
  slice(start: number, end: number): Uint8Array {
    return this.bytes.subarray(start * this.unitBytes, end * this.unitBytes)
  }

  #swap(from: number, to: number): void {
    if (this.#swapped === undefined) return
    const whole = to & ~1
    const part = this.#swapped.subarray(from, whole)
    part.set(this.bytes.subarray(from, whole))
    part.swap16()
  }
}
