import type { CsvRow, OpenedCsv } from './open-csv.ts'
import type { ProgressLine } from './progress-line.ts'
import type { RejectsFile } from './rejects-file.ts'

/** One line read: what it brings, and what of it could not be taken. */
export type ReadLine<T> = { readonly taken: readonly T[]; readonly reasons: readonly string[] }

/** How far the file is done after a batch; stored with it. */
export type Mark = {
  readonly rowsDone: number
  readonly bytesDone: number
  readonly rejected: number
  readonly rejectsBytes: number
  readonly isLast: boolean
}

export type ImportSteps<T, P> = {
  readonly csv: OpenedCsv
  readonly rejects: RejectsFile
  readonly progress: ProgressLine
  readonly batchRows: number
  /** Where an earlier run stopped. */
  readonly done: Pick<Mark, 'rowsDone' | 'bytesDone' | 'rejected'>
  readonly signal: AbortSignal
  readonly clock: () => number
  read(fields: readonly string[]): ReadLine<T>
  /** Works out a batch, while the one before it is being written. */
  prepare(batch: readonly T[]): Promise<P>
  /** Writes the batch and the mark together. */
  commit(prepared: P, mark: Mark): Promise<void>
}

/** Lines are read in slices of this many, so that between them the answers of the database are heard. */
const sliceRows = 64

type Batch<T> = {
  readonly taken: T[]
  readonly rejected: { bytes: Buffer; reasons: readonly string[] }[]
  rows: number
  bytes: number
}

/**
 * Reads a file batch by batch in constant memory: the next batch is read while the one before it is being written.
 * When interrupted it finishes the batch under way and returns what is done; the rest is for the next run.
 */
export async function runImport<T, P>(steps: ImportSteps<T, P>): Promise<Mark> {
  let mark: Mark = { ...steps.done, rejectsBytes: steps.rejects.bytes, isLast: false }
  let writing: Promise<void> = Promise.resolve()
  const write = async (batch: Batch<T>, isLast: boolean) => {
    const prepared = await steps.prepare(batch.taken)
    await writing
    for (const line of batch.rejected) steps.rejects.add(line.bytes, line.reasons)
    steps.rejects.flush()
    const next = {
      rowsDone: mark.rowsDone + batch.rows,
      bytesDone: mark.bytesDone + batch.bytes,
      rejected: mark.rejected + batch.rejected.length,
      rejectsBytes: steps.rejects.bytes,
      isLast,
    }
    writing = steps.commit(prepared, next).then(() => {
      mark = next
      steps.progress.show(next.rowsDone, next.bytesDone, steps.clock())
    })
    // The error is thrown where it is awaited, at the next batch; until then it is no unhandled rejection.
    writing.catch(() => {})
  }
  let batch = emptyBatch<T>()
  for await (const row of remainingRows(steps)) {
    if (row === undefined) await new Promise(setImmediate)
    else readInto(batch, row, steps)
    if (batch.rows < steps.batchRows) continue
    await write(batch, false)
    batch = emptyBatch<T>()
    if (steps.signal.aborted) break
  }
  if (!steps.signal.aborted) await write(batch, true)
  await writing
  steps.progress.end()
  return mark
}

/** The rows after those of an earlier run; undefined now and then, as a place to pause. */
async function* remainingRows<T, P>({ csv, done }: ImportSteps<T, P>): AsyncGenerator<CsvRow | undefined> {
  let index = 0
  for await (const rows of csv.rows()) {
    for (const row of rows) {
      index += 1
      if (index <= done.rowsDone) continue
      yield row
      if (index % sliceRows === 0) yield undefined
    }
  }
}

function emptyBatch<T>(): Batch<T> {
  return { taken: [], rejected: [], rows: 0, bytes: 0 }
}

function readInto<T, P>(batch: Batch<T>, row: CsvRow, steps: ImportSteps<T, P>): void {
  batch.rows += 1
  batch.bytes += row.bytes.length + 1
  if (row.kind === 'unreadable') {
    batch.rejected.push({ bytes: row.bytes, reasons: [`line ${row.line}: ${row.reason}`] })
    return
  }
  const { taken, reasons } = steps.read(row.fields)
  batch.taken.push(...taken)
  if (reasons.length > 0) batch.rejected.push({ bytes: row.bytes, reasons })
}
