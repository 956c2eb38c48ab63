import { instantiateKernel, type Kernel } from '../kernel.ts'
import { rowsMax } from './row-marks.ts'
import type { RowLayout, RowScanner, ScannedRows } from './row-scanner.ts'
import { windowBytes } from './row-window.ts'

/** The scanner in WebAssembly: bytes, sixteen at a time, in a memory of its own that another thread may scan as well. */
export class KernelScanner implements RowScanner {
  /** Where the window has to lie. */
  readonly bytes: Uint8Array
  readonly rows: ScannedRows
  /** 1 for rows to keep, for `gather`: the number of that outcome. */
  readonly keeps: Uint8Array
  readonly memory: WebAssembly.Memory
  stoppedAt = 0
  isExactNeeded = false
  readonly #kernel: Kernel
  readonly #gathered: Uint8Array

  private constructor(kernel: Kernel) {
    const { buffer } = kernel.memory
    this.memory = kernel.memory
    this.#kernel = kernel
    this.bytes = new Uint8Array(buffer, kernel.windowOffset(), windowBytes)
    this.keeps = new Uint8Array(buffer, kernel.keepsOffset(), rowsMax)
    this.#gathered = new Uint8Array(buffer, kernel.gatheredOffset(), windowBytes)
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
    kernel.setUp(...kernelSettings(layout, fingerprintKey))
    return new KernelScanner(kernel)
  }

  scan(from: number, to: number, first: number): number {
    const count = this.#kernel.scan(from, to, first)
    this.stoppedAt = this.#kernel.stoppedAt()
    this.isExactNeeded = this.#kernel.isExactNeeded() !== 0
    return count
  }

  /** The bytes of the rows to keep, behind each other, until the next call; the first row begins at `from`. */
  gather(from: number, count: number): Uint8Array {
    return this.#gathered.subarray(0, this.#kernel.gather(from, count))
  }
}

/** What `setUp` of the kernel is to be told, in any thread. */
export function kernelSettings(layout: RowLayout, fingerprintKey: Uint8Array) {
  const key = Buffer.from(fingerprintKey)
  const { delimiter, columns, column } = layout
  return [delimiter, columns, column, key.readBigUInt64LE(0), key.readBigUInt64LE(8)] as const
}
