import { identifyFile } from '../adapters/csv/file-identity.ts'
import type { OpenedCsv } from '../adapters/csv/open-csv.ts'
import { ProgressLine, rowsPerSecond } from '../adapters/csv/progress-line.ts'
import { RejectsFile } from '../adapters/csv/rejects-file.ts'
import { type ColumnMap, describeColumns } from '../adapters/csv/relation-columns.ts'
import { type Mark, type ReadLine, runImport } from '../adapters/csv/run-import.ts'
import type { Hub } from '../services/hub.ts'
import type { RandomBytes } from '../services/ports.ts'
import type { Transaction } from '../storage/database.ts'
import { findImportProgress, saveImportProgress } from '../storage/import-progress.ts'
import { interruption, note, print, printJson } from './command-frame.ts'
import { type ExitCode, exitCodes, usageProblem } from './exit-codes.ts'
import type { ImportOptions } from './import-plan.ts'

/** Measured: a larger batch carries no more a second, and holds the counters that opt-outs need for longer. */
const batchRowsDefault = 1_000
const batchRowsMax = 20_000

/** Bytes asked of the system at once. */
const randomPoolBytes = 16_384

type Counts = Record<string, number>

export type FileImport<T, P> = {
  readonly path: string
  readonly csv: OpenedCsv
  readonly options: ImportOptions
  readonly hub: Hub
  readonly columns: ColumnMap
  /** All that decides how lines are read: the same file read another way is another import. */
  readonly reading: unknown
  /** Counts of nothing yet. */
  readonly zero: Counts
  read(fields: readonly string[], file: string): ReadLine<T>
  /** Works out one batch, while the one before it is being written. */
  prepare(batch: readonly T[], file: string): Promise<P>
  /** Writes it and, in its last transaction, calls `close` with what it did. */
  write(prepared: P, close: (tx: Transaction, counts: Counts) => Promise<void>, file: string): Promise<unknown>
}

/** Runs an import of either kind: progress, rejects, going on after an interruption, and the summary at the end. */
export async function importFile<T, P>(work: FileImport<T, P>): Promise<ExitCode> {
  const { path, csv, options, hub } = work
  using interrupted = interruption()
  note(`Reading ${describeColumns(csv.header, work.columns)}.`)
  const identity = await identifyFile(path, work.reading)
  const earlier = options.restart ? undefined : await findImportProgress(hub.db, identity.run)
  const resumes = earlier !== undefined && earlier.finishedAt === null
  const counts: Counts = { ...work.zero, ...(resumes ? earlier.counts : {}) }
  const { rejected = 0, rejectsBytes = 0, ...totals } = counts
  if (resumes) note(`Going on after ${earlier.rowsDone} rows; --restart begins again.`)
  else if (earlier)
    note(
      `This file was brought in before, on ${earlier.finishedAt?.toISOString().slice(0, 10)}; reading it again adds only what is missing.`,
    )
  using rejects = new RejectsFile(options.rejects ?? `${path}.rejected.csv`, {
    bytes: csv.headerBytes,
    delimiter: csv.delimiter,
    byteOrderMark: csv.hasByteOrderMark,
  })
  rejects.resume(rejectsBytes)
  const startedAt = hub.clock()
  const progress = new ProgressLine(process.stderr, path, identity.bytes, startedAt)
  progress.startAt(resumes ? earlier.rowsDone : 0)
  const done = { rowsDone: resumes ? earlier.rowsDone : 0, bytesDone: resumes ? earlier.bytesDone : 0, rejected }
  const commit = (prepared: P, mark: Mark) =>
    work.write(
      prepared,
      async (tx, added) => {
        const sum = addTo(totals, added)
        const finishedAt = mark.isLast ? new Date(hub.clock()) : null
        const stored = { ...sum, rejected: mark.rejected, rejectsBytes: mark.rejectsBytes }
        const { rowsDone, bytesDone } = mark
        await saveImportProgress(tx, { id: identity.run, rowsDone, bytesDone, counts: stored, finishedAt }, hub.clock())
        batchCounts = added
      },
      identity.file,
    )
  let batchCounts: Counts = {}
  const mark = await runImport<T, P>({
    csv,
    rejects,
    progress,
    batchRows: batchRows(options),
    done,
    signal: interrupted.signal,
    clock: hub.clock,
    read: (fields) => work.read(fields, identity.file),
    prepare: (batch) => work.prepare(batch, identity.file),
    commit: async (prepared, next) => {
      await commit(prepared, next)
      // Only once it is committed: a transaction that is tried again closes twice.
      Object.assign(totals, addTo(totals, batchCounts))
    },
  })
  return conclude(mark, totals, rejects.path, options, hub.clock() - startedAt, mark.rowsDone - done.rowsDone)
}

function conclude(
  mark: Mark,
  totals: Counts,
  rejectsPath: string,
  options: ImportOptions,
  ms: number,
  rows: number,
): ExitCode {
  const { rowsDone, rejected, isLast } = mark
  const rejects = rejected > 0 ? rejectsPath : null
  const speed = rowsPerSecond(rows, ms)
  if (options.json) printJson({ rows: rowsDone, ...totals, rejected, rejects, finished: isLast, rowsPerSecond: speed })
  else print(describeTotals(rowsDone, totals, speed))
  if (!options.json && rejects !== null) print(`${rejected} lines could not be taken (or not whole): see ${rejects}`)
  if (!isLast) {
    note(`verzet: stopped after ${rowsDone} rows; run the same command again to go on.`)
    return exitCodes.interrupted
  }
  return options.strict && rejected > 0 ? exitCodes.data : exitCodes.ok
}

function describeTotals(rows: number, totals: Counts, speed: number): string {
  const words = Object.entries(totals).map(
    ([what, count]) => `${count} ${what.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
  )
  return `${rows} rows: ${words.join(', ')} (${speed} rows/s).`
}

function addTo(totals: Counts, added: Counts): Counts {
  return Object.fromEntries(Object.entries(totals).map(([name, count]) => [name, count + (added[name] ?? 0)]))
}

function batchRows({ batch }: ImportOptions): number {
  if (batch === undefined) return batchRowsDefault
  const rows = Number(batch)
  if (!Number.isInteger(rows) || rows < 1 || rows > batchRowsMax)
    throw usageProblem(`--batch takes a number from 1 to ${batchRowsMax}`)
  return rows
}

/** Asking the system for ten bytes a million times costs more than everything done with them. */
export function pooledRandom(random: RandomBytes): RandomBytes {
  let pool = random(randomPoolBytes)
  let used = 0
  return (count) => {
    if (used + count > pool.length) {
      pool = random(Math.max(count, randomPoolBytes))
      used = 0
    }
    used += count
    return pool.subarray(used - count, used)
  }
}
