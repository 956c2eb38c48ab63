import {
  type ContactColumns,
  type ContactNames,
  type ListEncoding,
  ListFile,
  type ListFormat,
  type ListHash,
  type ListSink,
  ListUnreadable,
  PackingUnknown,
  type ScrubCounts,
  scrub,
} from '@verzet/gate'
import { ListOutput } from '../adapters/csv/output-file.ts'
import { ProgressLine, rowsPerSecond } from '../adapters/csv/progress-line.ts'
import { unpackZstd } from '../adapters/csv/unpack-zstd.ts'
import { interruption, note } from './command-frame.ts'
import { dataProblem, type ExitCode, exitCodes } from './exit-codes.ts'
import type { ScrubSource, ScrubWants } from './scrub-source.ts'

export type ScrubWork = ScrubWants & {
  readonly path: string
  readonly input: ListFile | NodeJS.ReadStream
  readonly inputBytes: number | undefined
  readonly out: string | undefined
  readonly refused: string | undefined
  readonly isStrict: boolean
  readonly isJson: boolean
  readonly threads: number
  readonly shape: {
    readonly format?: ListFormat
    readonly encoding?: ListEncoding
    readonly delimiter?: string
    readonly hasHeader: boolean
    readonly names: ContactNames
    chooseColumns(header: readonly string[]): ContactColumns
  }
}

/** Streams the list; memory does not grow with it. The files get their names only when the whole list was judged. */
export async function runScrub(work: ScrubWork, source: ScrubSource, clock: () => number): Promise<ExitCode> {
  using interrupted = interruption()
  const kept = new ListOutput(work.out, process.stdout)
  const refused = work.refused === undefined ? undefined : new ListOutput(work.refused, process.stdout)
  const startedAt = clock()
  const progress = new ProgressLine(process.stderr, work.path, work.inputBytes, startedAt)
  let counts: ScrubCounts | undefined
  try {
    const input = work.input instanceof ListFile ? work.input : bytesOf(work.input)
    counts = await scrub(input, lendingTo(kept, interrupted.signal), {
      ...work.shape,
      about: work.about,
      questions: source.questions,
      ...(work.hash !== undefined && { hash: work.hash satisfies ListHash }),
      ...(source.changed && { changed: source.changed }),
      ...(source.settler && { settler: source.settler }),
      ...(refused && { refused: sinkTo(refused, interrupted.signal) }),
      clock,
      threads: work.threads,
      signal: interrupted.signal,
      unpackZstd,
      onProgress: (rows) => progress.show(rows, bytesRead(work.input), clock()),
    })
  } catch (error) {
    throw inWords(error, work.path)
  } finally {
    progress.end()
    const isWhole = counts !== undefined && !interrupted.signal.aborted
    await Promise.all([kept.finish(isWhole), refused?.finish(isWhole)])
  }
  if (interrupted.hasReaderLeft()) return exitCodes.ok
  if (interrupted.signal.aborted) {
    note(`verzet: stopped after ${counts.rows} rows; the list is not whole, begin again.`)
    return exitCodes.interrupted
  }
  summarise(work, counts, source.position, rowsPerSecond(counts.rows, clock() - startedAt))
  const malformed = total(counts.malformed)
  return work.isStrict && malformed > 0 ? exitCodes.data : exitCodes.ok
}

/** More than any stream takes before it says that it is full: this much is written when it has drained. */
const lentBytesMin = 128 * 1024

/** Writes from the memory it is lent while the next rows are judged; a copy of what a stream might keep beyond that. */
function lendingTo(output: ListOutput, signal: AbortSignal): ListSink {
  const { write } = sinkTo(output, signal)
  return { borrows: true, write: (bytes) => write(bytes.length < lentBytesMin ? Buffer.from(bytes) : bytes) }
}

function sinkTo(output: ListOutput, signal: AbortSignal): ListSink {
  return { write: (bytes) => output.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), signal) }
}

async function* bytesOf(input: AsyncIterable<Buffer | string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of input) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

function bytesRead(input: ScrubWork['input']): number {
  return 'bytesRead' in input ? input.bytesRead : 0
}

function inWords(error: unknown, path: string): unknown {
  if (error instanceof ListUnreadable || error instanceof PackingUnknown)
    return dataProblem(`${path}: ${error.message}`)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code.startsWith('Z_') ? dataProblem(`${path}: the file is packed and not whole (${code})`) : error
}

function summarise(work: ScrubWork, counts: ScrubCounts, position: string, rate: number): void {
  const refusedTotal = total(counts.refused)
  const malformedTotal = total(counts.malformed)
  if (work.isJson) {
    note(JSON.stringify({ ...counts, refusedTotal, malformedTotal, position, rowsPerSecond: rate }))
    return
  }
  const number = (count: number) => count.toLocaleString('en')
  const reasons = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([reason, count]) => `${number(count)} ${reason}`)
      .join(', ')
  note(
    [
      `${number(counts.rows)} rows, ${number(counts.kept)} kept (${number(rate)} rows/s).`,
      ...(refusedTotal > 0 ? [`${number(refusedTotal)} refused: ${reasons(counts.refused)}.`] : []),
      ...(malformedTotal > 0
        ? [`${number(malformedTotal)} malformed and not kept: ${reasons(counts.malformed)}.`]
        : []),
      ...(counts.unchanged > 0 ? [`${number(counts.unchanged)} passed over: nothing changed about them.`] : []),
      ...(work.refused !== undefined && refusedTotal + malformedTotal > 0 ? [`See ${work.refused}.`] : []),
      `Next time only what changed: --since ${position}`,
    ].join('\n'),
  )
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
