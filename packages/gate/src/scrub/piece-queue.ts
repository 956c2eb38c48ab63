import type { ReadsInto } from './list-file.ts'
import type { ListGate } from './list-gate.ts'
import type { ListHead } from './list-head.ts'
import { createPiece, type ListPiece } from './list-piece.ts'
import type { PieceJudge } from './piece-judge.ts'
import { ScanThreads } from './scan-threads.ts'

export type QueueOptions = {
  /** Those that find rows, the one that judges them included. */
  readonly threads: number
  readonly useKernel: boolean
  /** Smaller in tests, so that a short list has many pieces. */
  readonly pieceBytes?: number
  /** What another thread runs, in the test of one that fails. */
  readonly scanProgram?: string
}

/** Pieces each thread may be ahead of the judge: while it scans one, the next waits for it. */
const aheadPerThread = 2

/**
 * Cuts a list into pieces behind the last newline of each, so that several threads can find rows at once. That newline
 * may stand between quotes; only the judge, who takes the pieces in their order, knows. What it finds open goes before
 * the next piece, whose rows are then looked for anew: so the outcome is that of one thread, wherever the cuts are.
 */
export class PieceQueue {
  readonly #judge: PieceJudge
  readonly #options: QueueOptions
  readonly #head: ListHead
  readonly #fingerprintKey: Uint8Array | undefined
  readonly #pieces: ListPiece[] = []
  /** The numbers of pieces to be judged, the oldest first. */
  readonly #waiting: number[] = []
  readonly #ahead: number
  #threads: ScanThreads | undefined
  #filling = 0
  #open: Uint8Array = new Uint8Array(0)

  constructor(head: ListHead, gate: ListGate, judge: PieceJudge, options: QueueOptions) {
    this.#head = head
    this.#judge = judge
    this.#options = options
    this.#fingerprintKey = head.layout === undefined || head.layout.column < 0 ? undefined : gate.fingerprintKey
    if (this.#fingerprintKey !== undefined) gate.prepare()
    const first = this.#addPiece()
    const others = first.kernel === undefined ? 0 : options.threads - 1
    this.#ahead = others * aheadPerThread
  }

  async take(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0; ) {
      const { window } = this.#pieceAt(this.#filling)
      rest = rest.subarray(window.fill(rest))
      if (window.isFull) {
        this.#seal()
        await this.#judgeAhead()
      }
    }
  }

  /**
   * Takes all that an input reads: the next bytes while a piece is judged.
   * @param goesOn asked after each piece
   */
  async read(input: ReadsInto, goesOn: () => boolean): Promise<void> {
    let reading = input.readInto(this.#pieceAt(this.#filling).window.room)
    for (;;) {
      const bytes = await reading
      const { window } = this.#pieceAt(this.#filling)
      if (bytes === 0) return
      window.advance(bytes)
      const { isFull } = window
      if (isFull) this.#seal()
      reading = input.readInto(this.#pieceAt(this.#filling).window.room)
      if (!isFull) continue
      // Whoever waits for it is told; until then nobody may be.
      reading.catch(() => {})
      await this.#judgeAhead()
      if (!goesOn()) return
    }
  }

  /** Judges what is left, and waits until the sinks have everything. */
  async end(): Promise<void> {
    while (this.#waiting.length > 0) await this.#judgeOldest()
    const last = this.#pieceAt(this.#filling)
    this.#prepend(last)
    await this.#judge.judge(last, true)
    await Promise.all(this.#pieces.map(({ lent }) => lent))
  }

  async close(): Promise<void> {
    await this.#threads?.close()
  }

  /** Lets the piece that is full be scanned, and goes on with another. */
  #seal(): void {
    const full = this.#filling
    const { window } = this.#pieceAt(full)
    const rest = window.cut()
    // There is one for each that is ahead, one that is judged and one that is filled.
    while (this.#pieces.length < this.#ahead + 2) this.#addPiece()
    this.#filling = (full + 1) % this.#pieces.length
    this.#pieceAt(this.#filling).window.begin(rest)
    this.#startThreads()?.submit(full, window.start, window.end)
    this.#waiting.push(full)
  }

  async #judgeAhead(): Promise<void> {
    if (this.#waiting.length > this.#ahead) await this.#judgeOldest()
  }

  async #judgeOldest(): Promise<void> {
    const number = this.#waiting.shift()
    if (number === undefined) return
    const piece = this.#pieceAt(number)
    let scanned: number | undefined
    if (this.#open.length > 0 || this.#judge.isSkipping) {
      if (this.#threads?.take(number) === false) await this.#threads.result(number)
      this.#prepend(piece)
    } else if (this.#threads !== undefined) scanned = await this.#scanned(number, this.#threads)
    const open = await this.#judge.judge(piece, false, scanned)
    // Its memory is filled anew before the next piece is judged.
    this.#open = Uint8Array.from(open)
  }

  /** While another thread has the oldest piece, the newest that nobody took is scanned here. */
  async #scanned(number: number, threads: ScanThreads): Promise<number> {
    for (;;) {
      const own = threads.isDone(number)
        ? undefined
        : [number, ...this.#waiting.toReversed()].find((one) => threads.take(one))
      if (own === undefined) return threads.result(number)
      threads.scan(own)
    }
  }

  #prepend({ window }: ListPiece): void {
    if (this.#open.length > 0) window.prepend(this.#open)
    this.#open = new Uint8Array(0)
  }

  /** A list of one piece needs none. */
  #startThreads(): ScanThreads | undefined {
    const { layout } = this.#head
    if (this.#ahead === 0 || this.#threads !== undefined || layout === undefined) return this.#threads
    const scanners = this.#pieces.flatMap(({ kernel }) => kernel ?? [])
    // A machine that is short of memory may have had none for the last of them.
    if (scanners.length < this.#pieces.length) return undefined
    const given = { layout, fingerprintKey: this.#fingerprintKey ?? new Uint8Array(16) }
    const program = this.#options.scanProgram
    this.#threads = new ScanThreads(this.#options.threads - 1, scanners, {
      ...given,
      ...(program !== undefined && { program }),
    })
    return this.#threads
  }

  #addPiece(): ListPiece {
    const { useKernel, pieceBytes } = this.#options
    const piece = createPiece(this.#head, this.#fingerprintKey, { useKernel, pieceBytes })
    this.#pieces.push(piece)
    return piece
  }

  #pieceAt(number: number): ListPiece {
    const piece = this.#pieces[number]
    if (piece === undefined) throw new RangeError('a list has fewer pieces')
    return piece
  }
}
