import { Worker } from 'node:worker_threads'
import { kernelModule } from '../kernel.ts'
import { type KernelScanner, kernelSettings } from './kernel-scanner.ts'
import type { RowLayout } from './row-scanner.ts'

/*
 *  what becomes of a piece     free ──submit──> waiting ──take──> taken ──> done ──result──> free
 *
 *  Every thread is told of every piece, and the first to take it scans it; so does the thread that judges, rather than wait.
 */
const states = { free: 0, waiting: 1, taken: 2, done: 3 } as const
/** Places in the control words of a piece. */
const places = { state: 0, from: 1, to: 2, count: 3, stoppedAt: 4, isExactNeeded: 5 } as const
const wordsPerPiece = 8

/**
 * What a thread runs: the kernel, and nothing else of this package. It is text, so that it goes wherever this module is
 * bundled to and needs no file beside it.
 */
export const scanProgram = `
const { parentPort, workerData } = require('node:worker_threads')
const { module, memories, settings, control, states, places, wordsPerPiece } = workerData
const kernels = memories.map((memory) => {
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports
  kernel.setUp(...settings)
  return kernel
})
parentPort.on('message', (piece) => {
  const words = control.subarray(piece * wordsPerPiece, (piece + 1) * wordsPerPiece)
  if (Atomics.compareExchange(words, places.state, states.waiting, states.taken) !== states.waiting) return
  const kernel = kernels[piece]
  words[places.count] = kernel.scan(words[places.from], words[places.to], 0)
  words[places.stoppedAt] = kernel.stoppedAt()
  words[places.isExactNeeded] = kernel.isExactNeeded()
  Atomics.store(words, places.state, states.done)
  parentPort.postMessage(piece)
})
`

/** A thread that helped to read the list is gone, so the list was not judged to its end. */
export class ScanThreadFailed extends Error {
  override readonly name = 'ScanThreadFailed'
  readonly code = 'scan_thread_failed'
}

type Wait = { readonly piece: number; resolve(): void; reject(error: Error): void }

/** Threads that find the rows of pieces while this one judges others. */
export class ScanThreads {
  readonly #scanners: readonly KernelScanner[]
  readonly #control: Int32Array
  readonly #workers: readonly Worker[]
  #failure: ScanThreadFailed | undefined
  #isClosing = false
  #wait: Wait | undefined

  /** @param scanners one for each piece there is at a time */
  constructor(
    threads: number,
    scanners: readonly KernelScanner[],
    given: { readonly layout: RowLayout; readonly fingerprintKey: Uint8Array; readonly program?: string },
  ) {
    this.#scanners = scanners
    this.#control = new Int32Array(new SharedArrayBuffer(scanners.length * wordsPerPiece * 4))
    const workerData = {
      module: kernelModule(),
      memories: scanners.map(({ memory }) => memory),
      settings: kernelSettings(given.layout, given.fingerprintKey),
      control: this.#control,
      states,
      places,
      wordsPerPiece,
    }
    this.#workers = Array.from({ length: threads }, () => this.#start(given.program ?? scanProgram, workerData))
  }

  /** Lets somebody scan a piece between two places. */
  submit(piece: number, from: number, to: number): void {
    const words = this.#wordsOf(piece)
    words[places.from] = from
    words[places.to] = to
    Atomics.store(words, places.state, states.waiting)
    for (const worker of this.#workers) worker.postMessage(piece)
  }

  /** True when nobody took it, and now nobody else will. */
  take(piece: number): boolean {
    return Atomics.compareExchange(this.#wordsOf(piece), places.state, states.waiting, states.taken) === states.waiting
  }

  /** Scans a piece that was taken here. */
  scan(piece: number): void {
    const words = this.#wordsOf(piece)
    const scanner = this.#scanners[piece]
    if (scanner === undefined) return
    words[places.count] = scanner.scan(words[places.from] ?? 0, words[places.to] ?? 0, 0)
    words[places.stoppedAt] = scanner.stoppedAt
    words[places.isExactNeeded] = scanner.isExactNeeded ? 1 : 0
    Atomics.store(words, places.state, states.done)
  }

  /** Puts what was found in a piece into its scanner, once it is there, and returns how many rows that are. */
  async result(piece: number): Promise<number> {
    if (this.#failure !== undefined) throw this.#failure
    const words = this.#wordsOf(piece)
    if (!this.isDone(piece)) {
      await new Promise<void>((resolve, reject) => {
        this.#wait = { piece, resolve, reject }
      })
    }
    const scanner = this.#scanners[piece]
    if (scanner !== undefined) {
      scanner.stoppedAt = words[places.stoppedAt] ?? 0
      scanner.isExactNeeded = words[places.isExactNeeded] !== 0
    }
    Atomics.store(words, places.state, states.free)
    return words[places.count] ?? 0
  }

  async close(): Promise<void> {
    this.#isClosing = true
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #start(program: string, workerData: unknown): Worker {
    // What this process was started with, such as a loader, is nothing a thread of the kernel needs.
    const worker = new Worker(program, { eval: true, workerData, execArgv: [], env: {} })
    worker.on('message', () => {
      if (this.#wait === undefined || !this.isDone(this.#wait.piece)) return
      this.#wait.resolve()
      this.#wait = undefined
    })
    worker.on('error', (error) => this.#fail(error instanceof Error ? error.message : String(error)))
    worker.on('exit', () => this.#fail('it ended'))
    return worker
  }

  #fail(reason: string): void {
    if (this.#isClosing) return
    this.#failure ??= new ScanThreadFailed(`a thread that reads the list failed: ${reason}`)
    this.#wait?.reject(this.#failure)
    this.#wait = undefined
  }

  isDone(piece: number): boolean {
    return Atomics.load(this.#wordsOf(piece), places.state) === states.done
  }

  #wordsOf(piece: number): Int32Array {
    return this.#control.subarray(piece * wordsPerPiece, (piece + 1) * wordsPerPiece)
  }
}
