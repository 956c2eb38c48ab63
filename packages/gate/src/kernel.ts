import { kernelBinary } from './scrub/kernel-binary.ts'

/** The functions of packages/gate/kernel/scan-rows.ts. */
export type Kernel = {
  readonly memory: WebAssembly.Memory
  windowOffset(): number
  endsOffset(): number
  fingerprintsOffset(): number
  marksOffset(): number
  keepsOffset(): number
  gatheredOffset(): number
  gather(from: number, rows: number, place: number): number
  stoppedAt(): number
  isExactNeeded(): number
  setUp(delimiter: number, columns: number, column: number, low: bigint, high: bigint): void
  scan(from: number, to: number, first: number): number
  takeOne(length: number): number
  takeMany(to: number): number
}

let compiled: WebAssembly.Module | undefined

/** A kernel with a memory of its own; undefined on a machine without SIMD in WebAssembly. */
export function instantiateKernel(): Kernel | undefined {
  try {
    compiled ??= new WebAssembly.Module(Buffer.from(kernelBinary, 'base64'))
    const { exports } = new WebAssembly.Instance(compiled)
    return isKernel(exports) ? exports : undefined
  } catch {
    return undefined
  }
}

/** The module is made from a source of this repository; what could differ is a file that was built in part. */
function isKernel(exports: object): exports is Kernel {
  return 'scan' in exports && 'takeMany' in exports && 'memory' in exports
}
