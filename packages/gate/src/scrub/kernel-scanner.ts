import { instantiateKernel, type Kernel } from '../kernel.ts'
import { rowsMax } from './row-marks.ts'
import type { RowLayout, RowScanner, ScannedRows } from './row-scanner.ts'
import { windowBytes } from './row-window.ts'

/** Rows to keep are put into one place while the other is written. */
export const gatheredPlaces = [0, 1] as const
export type GatheredPlace = (typeof gatheredPlaces)[number]

/** The scanner in WebAssembly: bytes, sixteen at a time, in a memory of its own. */
export class KernelScanner implements RowScanner {
  /** Where the window has to lie. */
  readonly bytes: Uint8Array
  readonly rows: ScannedRows
  /** 1 for rows to keep, for `gather`: the number of that outcome. */
  readonly keeps: Uint8Array
  readonly #kernel: Kernel
  readonly #gathered: readonly Uint8Array[]

  private constructor(kernel: Kernel) {
    const { buffer } = kernel.memory
    this.#kernel = kernel
    this.bytes = new Uint8Array(buffer, kernel.windowOffset(), windowBytes)
    this.keeps = new Uint8Array(buffer, kernel.keepsOffset(), rowsMax)
    this.#gathered = gatheredPlaces.map(
      (place) => new Uint8Array(buffer, kernel.gatheredOffset() + place * windowBytes, windowBytes),
    )
    this.rows = {
      ends: new Uint32Array(buffer, kernel.endsOffset(), rowsMax),
      marks: new Uint8Array(buffer, kernel.marksOffset(), rowsMax),
      fingerprints: new Uint32Array(buffer, kernel.fingerprintsOffset(), 2 * rowsMax),
    }
  }

  /** Undefined on a machine without SIMD in WebAssembly. */
  static create(layout: RowLayout, fingerprintKey: Uint8Array): KernelScanner | undefined {
    const kernel = instantiateKernel()
    if (kernel === undefined) return undefined
    const key = Buffer.from(fingerprintKey)
    kernel.setUp(layout.delimiter, layout.columns, layout.column, key.readBigUInt64LE(0), key.readBigUInt64LE(8))
    return new KernelScanner(kernel)
  }

  get stoppedAt(): number {
    return this.#kernel.stoppedAt()
  }

  get isExactNeeded(): boolean {
    return this.#kernel.isExactNeeded() !== 0
  }

  scan(from: number, to: number, first: number): number {
    return this.#kernel.scan(from, to, first)
  }

  /** The bytes of the rows to keep, behind each other, until the next call with this place; the first begins at `from`. */
  gather(from: number, count: number, place: GatheredPlace): Uint8Array {
    const bytes = this.#kernel.gather(from, count, place)
    return this.#gathered[place]?.subarray(0, bytes) ?? new Uint8Array(0)
  }
}
