import { type Unpack, unpacked } from './decompress.ts'
import { contentEnd, rowUnitsMax } from './frame-record.ts'
import { type GatheredPlace, gatheredPlaces, KernelScanner } from './kernel-scanner.ts'
import { LineScanner } from './line-scanner.ts'
import { bytesPerUnit, textOf } from './list-encoding.ts'
import { type JudgedRows, ListGate, type ListTerms } from './list-gate.ts'
import { type ListHead, type ListShape, openList } from './list-head.ts'
import { type Outcome, type RowProblem, type ScrubCounts, unjudged } from './outcome.ts'
import { RefusedLines } from './refused-lines.ts'
import { rowMarks, rowsMax } from './row-marks.ts'
import { newline, PlainScanner, type RowScanner } from './row-scanner.ts'
import { RowWindow } from './row-window.ts'

/** Takes bytes; what it returns is waited for, so that a slow reader slows the reading of the list. */
export type ListSink = {
  write(bytes: Uint8Array): void | Promise<void>
  /**
   * True says that it needs the bytes no longer once what it returned has settled: it then gets them without a copy, and
   * the next rows are judged while it writes.
   */
  readonly borrows?: boolean
}

export type ScrubOptions = ListShape &
  ListTerms & {
    /** Where the rows go that are not kept, with line and reason. */
    readonly refused?: ListSink
    readonly clock: () => number
    readonly onProgress?: (rows: number) => void
    readonly signal?: AbortSignal
    /** Zstandard for a Node that has none. */
    readonly unpackZstd?: Unpack
    /** False takes the scanner in TypeScript. */
    readonly useKernel?: boolean
  }

/**
 * Writes the rows of a list that may be sent to, byte for byte as they came, in constant memory. The list is a table or
 * NDJSON, plain or packed with gzip or Zstandard; a piece of it may be written over once the next is asked for. A row that
 * cannot be read for certain is not kept.
 * @throws {ListUnreadable} when it is no list, `PackingUnknown`, and what input and sinks throw.
 */
export async function scrub(
  input: AsyncIterable<Uint8Array>,
  kept: ListSink,
  options: ScrubOptions,
): Promise<ScrubCounts> {
  const chunks = unpacked(input, options.unpackZstd)
  try {
    const { head, first } = await openList(chunks, options)
    const run = new ScrubRun(head, kept, options)
    await run.open(first)
    let rest: Uint8Array = first.subarray(head.markBytes + head.headerBytes)
    for (;;) {
      await run.take(rest)
      if (options.signal?.aborted) break
      const next = await chunks.next()
      if (next.done === true) break
      rest = next.value
    }
    if (!options.signal?.aborted) await run.end()
    return run.counts()
  } finally {
    await chunks.return(undefined)
  }
}

class ScrubRun {
  readonly #head: ListHead
  readonly #gate: ListGate
  readonly #scanner: RowScanner
  readonly #kernel: KernelScanner | undefined
  readonly #window: RowWindow
  readonly #kept: ListSink
  readonly #refused: { readonly sink: ListSink; readonly lines: RefusedLines } | undefined
  readonly #options: ScrubOptions
  readonly #judged: JudgedRows
  readonly #problems = new Map<number, RowProblem>()
  readonly #linesOf = new Map<number, number>()
  #line: number
  #isSkipping = false
  #place: GatheredPlace = 0
  readonly #lent: (Promise<void> | undefined)[] = gatheredPlaces.map(() => undefined)

  constructor(head: ListHead, kept: ListSink, options: ScrubOptions) {
    this.#head = head
    this.#kept = kept
    this.#options = options
    this.#gate = new ListGate(options)
    this.#line = 1 + head.lines
    const { encoding, layout } = head
    const key = layout === undefined || layout.column < 0 ? undefined : this.#gate.fingerprintKey
    const mayUseKernel = key !== undefined && bytesPerUnit(encoding) === 1 && options.useKernel !== false
    const kernel = layout && mayUseKernel ? KernelScanner.create(layout, key) : undefined
    this.#kernel = kernel
    this.#window = new RowWindow(encoding, kernel?.bytes)
    const { units } = this.#window
    this.#scanner = kernel ?? (layout === undefined ? new LineScanner(units) : new PlainScanner(units, layout, key))
    this.#judged = { numbers: kernel?.keeps ?? new Uint8Array(rowsMax), others: new Uint32Array(rowsMax) }
    if (key !== undefined) this.#gate.prepare()
    this.#refused = options.refused && { sink: options.refused, lines: new RefusedLines(head) }
  }

  counts(): ScrubCounts {
    return this.#gate.outcomes.counts()
  }

  /** The mark and the header leave as they came. */
  async open(first: Uint8Array): Promise<void> {
    const { markBytes, headerBytes } = this.#head
    const mark = first.subarray(0, markBytes)
    const header = first.subarray(markBytes, markBytes + headerBytes)
    await this.#kept.write(Buffer.concat([mark, header]))
    await this.#refused?.sink.write(this.#refused.lines.opening(mark, header))
  }

  async take(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0; ) {
      rest = rest.subarray(this.#window.fill(rest))
      if (this.#window.isFull) await this.#work(false)
    }
  }

  /** Judges what is left, and waits until the sinks have everything. */
  async end(): Promise<void> {
    await this.#work(true)
    await Promise.all(this.#lent)
  }

  /** Judges and writes the whole rows in the window, and leaves what is not whole. */
  async #work(isEnd: boolean): Promise<void> {
    const window = this.#window
    const scanner = this.#scanner
    let at = this.#isSkipping ? this.#skip() : 0
    let from = at
    let count = 0
    for (;;) {
      count = scanner.scan(at, window.end, count)
      at = scanner.stoppedAt
      if (count < rowsMax) {
        const isWanted = scanner.isExactNeeded || isEnd || window.end - at > rowUnitsMax
        const next = isWanted && at < window.end ? this.#frame(at, isEnd, count) : undefined
        if (next === undefined) break
        at = next
        count += 1
      }
      if (count < rowsMax) continue
      await this.#finish(from, count)
      from = at
      count = 0
    }
    await this.#finish(from, count)
    // A torn character that belongs to no row is one by itself.
    if (isEnd && window.isTorn && (at === 0 || window.units[at - 1] === newline)) {
      this.#gate.outcomes.malformed('not_text').rows += 1
    }
    window.drop(at)
    this.#options.onProgress?.(this.counts().rows)
  }

  /** Notes one row exactly and returns where the next begins; undefined when it is not whole. */
  #frame(at: number, isEnd: boolean, index: number): number | undefined {
    const { units, end, isTorn } = this.#window
    const framed = this.#head.reader.frame(units, at, end, isEnd)
    if (framed.kind === 'more') return undefined
    // Of a row that is too long the rest is passed over, in the windows that follow.
    const next = framed.at < 0 ? end : framed.at
    this.#isSkipping = framed.at < 0
    const isTornHere = isEnd && isTorn && next === end && units[end - 1] !== newline
    const problem = isTornHere ? 'not_text' : framed.problem
    if (problem !== undefined) this.#problems.set(index, problem)
    if (framed.lines !== 1) this.#linesOf.set(index, framed.lines)
    this.#scanner.rows.ends[index] = next
    this.#scanner.rows.marks[index] = rowMarks.look
    return next
  }

  /** Where the row that was too long ends; the end of the window when it goes on. */
  #skip(): number {
    const { units, end } = this.#window
    const found = units.subarray(0, end).indexOf(newline)
    this.#isSkipping = found < 0
    return found < 0 ? end : found + 1
  }

  async #finish(from: number, count: number): Promise<void> {
    if (count === 0) return
    const { rows } = this.#scanner
    const { units } = this.#window
    const { numbers, others } = this.#judged
    const now = this.#options.clock()
    const startOf = (index: number) => (index === 0 ? from : (rows.ends[index - 1] ?? from))
    const read = (index: number) => this.#head.reader.read(units, startOf(index), rows.ends[index] ?? 0)
    const othersCount = this.#gate.judgeFingerprints(rows, count, this.#judged, now, (index) => {
      const content = read(index)
      return content.kind === 'points' ? content.points : []
    })
    for (const index of others.subarray(0, othersCount)) {
      const problem = this.#problems.get(index)
      if (rows.marks[index] === rowMarks.blank) numbers[index] = this.#gate.outcomes.blank.number
      else if (problem !== undefined) numbers[index] = this.#gate.outcomes.malformed(problem).number
      else numbers[index] = this.#judge(read(index), index, now).number
    }
    await this.#gate.settle(numbers)
    this.#gate.outcomes.count(numbers, count)
    await this.#write(from, count)
    this.#problems.clear()
    this.#linesOf.clear()
  }

  #judge(content: ReturnType<ListHead['reader']['read']>, index: number, now: number): Outcome {
    switch (content.kind) {
      case 'points':
        return this.#gate.judgePoints(content.points, index, now)
      case 'malformed':
        return this.#gate.outcomes.malformed(content.reason)
      case 'blank':
        return this.#gate.outcomes.blank
    }
  }

  async #write(from: number, count: number): Promise<void> {
    if (this.#kernel !== undefined && this.#kept.borrows === true) await this.#lend(this.#kernel, from, count)
    else {
      // The window is written over while a slow sink still holds what it was given: it gets a copy.
      const kept = this.#kernel ? Buffer.from(this.#kernel.gather(from, count, 0)) : this.#gather(from, count)
      if (kept.length > 0) await this.#kept.write(kept)
    }
    if (this.#refused === undefined) return
    const refused = this.#refusedLines(from, count)
    if (refused.length > 0) await this.#refused.sink.write(Buffer.concat(refused))
  }

  /** Gives the sink memory of the kernel, once it is done with what it was given there before. */
  async #lend(kernel: KernelScanner, from: number, count: number): Promise<void> {
    const place = this.#place
    await this.#lent[place]
    const kept = kernel.gather(from, count, place)
    if (kept.length === 0) return
    const writing = Promise.resolve(this.#kept.write(kept))
    // Whoever waits for it is told; until then nobody may be.
    writing.catch(() => {})
    this.#lent[place] = writing
    this.#place = place === 0 ? 1 : 0
  }

  /** Kept rows that lie beside each other are copied at once. */
  #gather(from: number, count: number): Uint8Array {
    const { ends } = this.#scanner.rows
    const kept: Uint8Array[] = []
    let runStart = -1
    let start = from
    for (let index = 0; index < count; index += 1) {
      const isKept = this.#judged.numbers[index] === this.#gate.outcomes.kept.number
      if (isKept && runStart < 0) runStart = start
      if (!isKept && runStart >= 0) {
        kept.push(this.#window.slice(runStart, start))
        runStart = -1
      }
      start = ends[index] ?? start
    }
    if (runStart >= 0) kept.push(this.#window.slice(runStart, start))
    return Buffer.concat(kept)
  }

  #refusedLines(from: number, count: number): Uint8Array[] {
    const { ends } = this.#scanner.rows
    const refused: Uint8Array[] = []
    let start = from
    for (let index = 0; index < count; index += 1) {
      const end = ends[index] ?? start
      const outcome = this.#gate.outcomes.of(this.#judged.numbers[index] ?? unjudged)
      if ('reason' in outcome) refused.push(...this.#refusedLine(start, end, outcome))
      this.#line += this.#linesOf.get(index) ?? 1
      start = end
    }
    return refused
  }

  #refusedLine(start: number, end: number, outcome: Outcome): readonly Uint8Array[] {
    const { units } = this.#window
    const last = contentEnd(units, start, Math.min(end, start + rowUnitsMax))
    const text = () => textOf(units, start, last, this.#head.encoding)
    return this.#refused?.lines.line(this.#window.slice(start, last), outcome, this.#line, text) ?? []
  }
}
