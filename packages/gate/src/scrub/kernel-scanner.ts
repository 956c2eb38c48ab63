import { kernelBinary } from './kernel-binary.ts'
import { type RowLayout, type RowScanner, rowsMax, type ScannedRows } from './row-scanner.ts'
import { windowBytes } from './row-window.ts'

/** The functions of packages/gate/kernel/scan-rows.ts. */
type Kernel = {
  readonly memory: WebAssembly.Memory
  windowOffset(): number
  endsOffset(): number
  fingerprintsOffset(): number
  marksOffset(): number
  keepsOffset(): number
  gatheredOffset(): number
  gather(from: number, rows: number): number
  stoppedAt(): number
  isExactNeeded(): number
  setUp(delimiter: number, columns: number, column: number, low: bigint, high: bigint): void
  scan(from: number, to: number, first: number): number
}

let compiled: WebAssembly.Module | undefined

/** The scanner in WebAssembly: bytes, sixteen at a time, in a memory of its own. */
export class KernelScanner implements RowScanner {
  /** Where the window has to lie. */
  readonly bytes: Uint8Array
  readonly rows: ScannedRows
  /** Set for rows to keep, for `gather`. */
  readonly keeps: Uint8Array
  readonly #kernel: Kernel
  readonly #gathered: Uint8Array

  private constructor(kernel: Kernel) {
    const { buffer } = kernel.memory
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
    try {
      compiled ??= new WebAssembly.Module(Buffer.from(kernelBinary, 'base64'))
    } catch {
      return undefined
    }
    const { exports } = new WebAssembly.Instance(compiled)
    if (!isKernel(exports)) return undefined
    const key = Buffer.from(fingerprintKey)
    exports.setUp(layout.delimiter, layout.columns, layout.column, key.readBigUInt64LE(0), key.readBigUInt64LE(8))
    return new KernelScanner(exports)
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

  /** The bytes of the rows to keep, behind each other, until the next call; the first row begins at `from`. */
  gather(from: number, count: number): Uint8Array {
    return this.#gathered.subarray(0, this.#kernel.gather(from, count))
  }
}

/** The module is made from a source of this repository; what could differ is a file that was built in part. */
function isKernel(exports: object): exports is Kernel {
  return 'scan' in exports && 'setUp' in exports && 'memory' in exports
}
