import { contentEnd } from './frame-record.ts'
import type { KernelScanner } from './kernel-scanner.ts'
import { textOf } from './list-encoding.ts'
import type { ListGate } from './list-gate.ts'
import type { ListHead } from './list-head.ts'
import type { ListPiece } from './list-piece.ts'
import { type Outcome, type RowProblem, unjudged } from './outcome.ts'
import { RefusedLines } from './refused-lines.ts'
import { newline, rowMarks, rowsMax, rowUnitsMax } from './row-marks.ts'
import type { ListSink } from './scrub.ts'

export type PieceSinks = { readonly kept: ListSink; readonly refused: ListSink | undefined }

const nothing = new Uint8Array(0)

/** Judges the pieces of a list one after the other, in their order, and writes their rows. */
export class PieceJudge {
  readonly #head: ListHead
  readonly #gate: ListGate
  readonly #clock: () => number
  readonly #kept: ListSink
  readonly #refused: { readonly sink: ListSink; readonly lines: RefusedLines } | undefined
  readonly #others = new Uint32Array(rowsMax)
  readonly #problems = new Map<number, RowProblem>()
  readonly #linesOf = new Map<number, number>()
  #line: number
  #isSkipping = false

  constructor(head: ListHead, gate: ListGate, sinks: PieceSinks, clock: () => number) {
    this.#head = head
    this.#gate = gate
    this.#clock = clock
    this.#kept = sinks.kept
    this.#refused = sinks.refused && { sink: sinks.refused, lines: new RefusedLines(head) }
    this.#line = 1 + head.lines
  }

  /** True when the next piece begins in the middle of a row that is given up. */
  get isSkipping(): boolean {
    return this.#isSkipping
  }

  /** The mark and the header leave as they came. */
  async open(mark: Uint8Array, header: Uint8Array): Promise<void> {
    await this.#kept.write(Buffer.concat([mark, header]))
    await this.#refused?.sink.write(this.#refused.lines.opening(mark, header))
  }

  /**
   * Judges and writes the whole rows of a piece. Gives back what is not whole: the beginning of a row that goes on.
   * @param scanned how many rows the scanner found already, from the start on
   */
  async judge(piece: ListPiece, isEnd: boolean, scanned?: number): Promise<Uint8Array> {
    const { window, scanner } = piece
    const start = this.#isSkipping ? this.#skip(piece) : window.start
    let at = start
    let from = at
    let count = scanned ?? scanner.scan(at, window.end, 0)
    for (;;) {
      at = scanner.stoppedAt
      if (count < rowsMax) {
        const isWanted = scanner.isExactNeeded || isEnd || window.end - at > rowUnitsMax
        const next = isWanted && at < window.end ? this.#frame(piece, at, isEnd, count) : undefined
        if (next === undefined) break
        at = next
        count += 1
      }
      if (count === rowsMax) {
        await this.#finish(piece, from, count)
        from = at
        count = 0
      }
      count = scanner.scan(at, window.end, count)
    }
    await this.#finish(piece, from, count)
    // A torn character that belongs to no row is one by itself.
    const isAlone = at === start || window.units[at - 1] === newline
    if (isEnd && window.isTorn && isAlone && !this.#isSkipping) this.#gate.outcomes.malformed('not_text').rows += 1
    return at < window.end ? window.slice(at, window.end) : nothing
  }

  /** Notes one row exactly and returns where the next begins; undefined when it is not whole. */
  #frame({ window, scanner }: ListPiece, at: number, isEnd: boolean, index: number): number | undefined {
    const { units, end, isTorn } = window
    const framed = this.#head.reader.frame(units, at, end, isEnd)
    if (framed.kind === 'more') return undefined
    // Of a row that is too long the rest is passed over, in the pieces that follow.
    const next = framed.at < 0 ? end : framed.at
    this.#isSkipping = framed.at < 0
    const isTornHere = isEnd && isTorn && next === end && units[end - 1] !== newline
    const problem = isTornHere ? 'not_text' : framed.problem
    if (problem !== undefined) this.#problems.set(index, problem)
    if (framed.lines !== 1) this.#linesOf.set(index, framed.lines)
    scanner.rows.ends[index] = next
    scanner.rows.marks[index] = rowMarks.look
    return next
  }

  /** Where the row that was too long ends; the end of the piece when it goes on. */
  #skip({ window: { units, start, end } }: ListPiece): number {
    const found = units.subarray(start, end).indexOf(newline)
    this.#isSkipping = found < 0
    return found < 0 ? end : start + found + 1
  }

  async #finish(piece: ListPiece, from: number, count: number): Promise<void> {
    if (count === 0) return
    const { numbers } = piece
    const { rows } = piece.scanner
    const { units } = piece.window
    const others = this.#others
    const now = this.#clock()
    const startOf = (index: number) => (index === 0 ? from : (rows.ends[index - 1] ?? from))
    const read = (index: number) => this.#head.reader.read(units, startOf(index), rows.ends[index] ?? 0)
    const othersCount = this.#gate.judgeFingerprints(rows, count, { numbers, others }, now, (index) => {
      const content = read(index)
      return content.kind === 'points' ? content.points : []
    })
    for (const index of others.subarray(0, othersCount)) {
      const problem = this.#problems.get(index)
      if (rows.marks[index] === rowMarks.blank) numbers[index] = this.#gate.outcomes.blank.number
      else if (problem !== undefined) numbers[index] = this.#gate.outcomes.malformed(problem).number
      else numbers[index] = this.#judgeContent(read(index), index, now).number
    }
    await this.#gate.settle(numbers)
    this.#gate.outcomes.count(numbers, count)
    await this.#write(piece, from, count)
    this.#problems.clear()
    this.#linesOf.clear()
  }

  #judgeContent(content: ReturnType<ListHead['reader']['read']>, index: number, now: number): Outcome {
    switch (content.kind) {
      case 'points':
        return this.#gate.judgePoints(content.points, index, now)
      case 'malformed':
        return this.#gate.outcomes.malformed(content.reason)
      case 'blank':
        return this.#gate.outcomes.blank
    }
  }

  async #write(piece: ListPiece, from: number, count: number): Promise<void> {
    const { kernel } = piece
    if (kernel !== undefined && this.#kept.borrows === true) await this.#lend(piece, kernel, from, count)
    else {
      // The memory is written over while a slow sink still holds what it was given: it gets a copy.
      const kept = kernel ? Buffer.from(kernel.gather(from, count)) : this.#gather(piece, from, count)
      if (kept.length > 0) await this.#kept.write(kept)
    }
    if (this.#refused === undefined) return
    const refused = this.#refusedLines(piece, from, count)
    if (refused.length > 0) await this.#refused.sink.write(Buffer.concat(refused))
  }

  /** Gives the sink memory of the kernel, once it is done with what it was given there before. */
  async #lend(piece: ListPiece, kernel: KernelScanner, from: number, count: number): Promise<void> {
    await piece.lent
    const kept = kernel.gather(from, count)
    if (kept.length === 0) return
    const writing = Promise.resolve(this.#kept.write(kept))
    // Whoever waits for it is told; until then nobody may be.
    writing.catch(() => {})
    piece.lent = writing
  }

  /** Kept rows that lie beside each other are copied at once. */
  #gather({ window, scanner, numbers }: ListPiece, from: number, count: number): Uint8Array {
    const { ends } = scanner.rows
    const kept: Uint8Array[] = []
    let runStart = -1
    let start = from
    for (let index = 0; index < count; index += 1) {
      const isKept = numbers[index] === this.#gate.outcomes.kept.number
      if (isKept && runStart < 0) runStart = start
      if (!isKept && runStart >= 0) {
        kept.push(window.slice(runStart, start))
        runStart = -1
      }
      start = ends[index] ?? start
    }
    if (runStart >= 0) kept.push(window.slice(runStart, start))
    return Buffer.concat(kept)
  }

  #refusedLines(piece: ListPiece, from: number, count: number): Uint8Array[] {
    const { ends } = piece.scanner.rows
    const refused: Uint8Array[] = []
    let start = from
    for (let index = 0; index < count; index += 1) {
      const end = ends[index] ?? start
      const outcome = this.#gate.outcomes.of(piece.numbers[index] ?? unjudged)
      if ('reason' in outcome) refused.push(...this.#refusedLine(piece, start, end, outcome))
      this.#line += this.#linesOf.get(index) ?? 1
      start = end
    }
    return refused
  }

  #refusedLine({ window }: ListPiece, start: number, end: number, outcome: Outcome): readonly Uint8Array[] {
    const { units } = window
    const last = contentEnd(units, start, Math.min(end, start + rowUnitsMax))
    const text = () => textOf(units, start, last, this.#head.encoding)
    return this.#refused?.lines.line(window.slice(start, last), outcome, this.#line, text) ?? []
  }
}
