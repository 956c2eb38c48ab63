import { kernelBinary } from './scrub/kernel-binary.ts'

/** The functions of packages/gate/kernel/scan-rows.ts. */
type KernelFunctions = {
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
  takeOne(length: number): number
  takeMany(to: number): number
}

/** With the memory it works on, which other threads may look into. */
export type Kernel = KernelFunctions & { readonly memory: WebAssembly.Memory }

/** 40 pages of 64 KiB, as scripts/build-kernel.mjs says. */
const pages = 40

let compiled: WebAssembly.Module | undefined

/** The kernel as other threads can make it run. @throws on a machine without SIMD in WebAssembly. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(kernelBinary, 'base64'))
  return compiled
}

/** A kernel with a memory of its own; undefined on a machine without SIMD in WebAssembly. */
export function instantiateKernel(): Kernel | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
    const { exports } = new WebAssembly.Instance(kernelModule(), { env: { memory } })
    return isKernel(exports) ? { ...exports, memory } : undefined
  } catch {
    return undefined
  }
}

/** The module is made from a source of this repository; what could differ is a file that was built in part. */
function isKernel(exports: object): exports is KernelFunctions {
  return 'scan' in exports && 'takeMany' in exports && 'gather' in exports
}
