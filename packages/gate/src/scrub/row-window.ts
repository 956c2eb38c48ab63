import { bytesPerUnit, type ListEncoding } from './list-encoding.ts'
import type { Units } from './row-scanner.ts'

/** Read at once: large enough that a call costs nothing, small enough for the cache of a processor. */
export const windowBytes = 1024 * 1024

/** The piece of a list that is being looked at: its bytes as they came, and as units of its encoding. */
export class RowWindow {
  readonly bytes: Uint8Array
  readonly units: Units
  readonly unitBytes: 1 | 2
  readonly #swapped: Buffer | undefined
  #end = 0

  /** @param memory where the bytes shall lie, when somebody else reads them there. */
  constructor(encoding: ListEncoding, memory: Uint8Array = new Uint8Array(windowBytes)) {
    this.bytes = memory
    this.unitBytes = bytesPerUnit(encoding)
    this.#swapped = encoding === 'utf16be' ? Buffer.alloc(memory.length) : undefined
    const read = this.#swapped ?? memory
    this.units =
      this.unitBytes === 1 ? memory : new Uint16Array(read.buffer, read.byteOffset, Math.floor(read.length / 2))
  }

  /** Whole units in it. */
  get end(): number {
    return Math.floor(this.#end / this.unitBytes)
  }

  get isFull(): boolean {
    return this.#end === this.bytes.length
  }

  /** True when a unit has come in half. */
  get isTorn(): boolean {
    return this.#end % this.unitBytes !== 0
  }

  /** Takes what fits and returns how much that was. */
  fill(chunk: Uint8Array): number {
    const taken = chunk.subarray(0, this.bytes.length - this.#end)
    this.bytes.set(taken, this.#end)
    const from = this.#end & ~1
    this.#end += taken.length
    this.#swap(from)
    return taken.length
  }

  /** Drops the units before this one. */
  drop(units: number): void {
    const from = units * this.unitBytes
    this.bytes.copyWithin(0, from, this.#end)
    this.#swapped?.copyWithin(0, from, this.#end)
    this.#end -= from
  }

  /** The bytes of some units, as they came; valid until the next `fill` or `drop`. */
  slice(start: number, end: number): Uint8Array {
    return this.bytes.subarray(start * this.unitBytes, end * this.unitBytes)
  }

  #swap(from: number): void {
    if (this.#swapped === undefined) return
    const whole = this.#end & ~1
    const part = this.#swapped.subarray(from, whole)
    part.set(this.bytes.subarray(from, whole))
    part.swap16()
  }
}
