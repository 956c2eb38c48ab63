import { writeFileSync } from 'node:fs'
import { readContactPoints } from '../adapters/csv/contact-fields.ts'
import { joinFields } from '../adapters/csv/fields.ts'
import { decisionColumn, linkColumns, linkFields } from '../adapters/csv/link-columns.ts'
import type { CsvRow, OpenedCsv } from '../adapters/csv/open-csv.ts'
import { ListOutput } from '../adapters/csv/output-file.ts'
import { ProgressLine, rowsPerSecond } from '../adapters/csv/progress-line.ts'
import { RejectsFile } from '../adapters/csv/rejects-file.ts'
import type { ColumnMap } from '../adapters/csv/relation-columns.ts'
import type { Hub } from '../services/hub.ts'
import { keyContactPoint } from '../services/key-contact-point.ts'
import { type LinkRow, type Mailing, mintLinkRows } from '../services/mint-link-rows.ts'
import type { KeyedContactPoint } from '../services/ports.ts'
import { interruption, note } from './command-frame.ts'
import type { LinksOptions } from './commands/links.ts'
import { type ExitCode, exitCodes, usageProblem } from './exit-codes.ts'
import { pooledRandom } from './import-frame.ts'

/** Measured: beyond this a transaction carries no more a second. */
const batchRows = 1_000

export type LinksWork = {
  readonly path: string
  readonly csv: OpenedCsv
  readonly mailing: Mailing
  readonly columns: ColumnMap
  readonly options: LinksOptions
}

type Counts = { rows: number; written: number; unreadable: number; refused: Record<string, number> }
export type Recipient = {
  readonly row: CsvRow
  readonly keyed?: KeyedContactPoint
  readonly reasons: readonly string[]
}

/** Streams the list through the gate; memory does not grow with it. */
export async function writeLinks(hub: Hub, work: LinksWork): Promise<ExitCode> {
  const { csv, options, path } = work
  if (csv.encoding !== 'utf8' && options.out === undefined) note('The list is written as UTF-8.')
  if (csv.header.some((title) => [...linkColumns, decisionColumn].some((added) => added === title.toLowerCase()))) {
    throw usageProblem('the list has such columns already: give the list as it was before "verzet links"')
  }
  using interrupted = interruption()
  using rejects = new RejectsFile(options.rejects ?? (path === '-' ? 'links.rejected.csv' : `${path}.rejected.csv`), {
    bytes: csv.headerBytes,
    delimiter: csv.delimiter,
    byteOrderMark: csv.hasByteOrderMark,
  })
  rejects.resume(0)
  const output = new ListOutput(options.out, process.stdout)
  const counts: Counts = { rows: 0, written: 0, unreadable: 0, refused: {} }
  const startedAt = hub.clock()
  const progress = new ProgressLine(process.stderr, path, undefined, startedAt)
  const quick = { ...hub, random: pooledRandom(hub.random) }
  let isWhole = false
  try {
    await output.write(headOf(work), interrupted.signal)
    for await (const rows of batchesOf(csv)) {
      if (interrupted.signal.aborted) break
      await output.write(await writeBatch(quick, work, rows, rejects, counts), interrupted.signal)
      progress.show(counts.rows, 0, hub.clock())
    }
    isWhole = !interrupted.signal.aborted
  } finally {
    progress.end()
    await output.finish(isWhole)
  }
  if (interrupted.hasReaderLeft()) return exitCodes.ok
  if (!isWhole) {
    note(`verzet: stopped after ${counts.rows} rows; the list is not whole, begin again.`)
    return exitCodes.interrupted
  }
  summarise(counts, options, rowsPerSecond(counts.rows, hub.clock() - startedAt), rejects.path)
  return exitCodes.ok
}

function headOf({ csv, options }: LinksWork): Buffer {
  if (!csv.hasHeader) return Buffer.alloc(0)
  const added = joinFields([...linkColumns, ...(options.mark ? [decisionColumn] : [])], csv.delimiter)
  const mark = csv.hasByteOrderMark ? '\uFEFF' : ''
  return Buffer.from(`${mark}${textOf(csv, csv.headerBytes)}${csv.delimiter}${added}\n`)
}

async function writeBatch(
  hub: Hub,
  work: LinksWork,
  rows: readonly CsvRow[],
  rejects: RejectsFile,
  counts: Counts,
): Promise<Buffer> {
  const { csv, mailing, options } = work
  const recipients = rows.map((row) => readRecipient(hub, work, row))
  const readable = recipients.flatMap(({ keyed }) => keyed ?? [])
  const answers = await mintLinkRows(hub, mailing, readable, { withRefused: options.mark === true })
  const answerOf = new Map(readable.map((keyed, index) => [keyed, answers[index]]))
  const lines: string[] = []
  for (const { row, keyed, reasons } of recipients) {
    counts.rows += 1
    const answer = keyed && answerOf.get(keyed)
    if (answer === undefined) {
      counts.unreadable += 1
      rejects.add(row.bytes, reasons)
    } else if (answer.decision.decision !== 'allow') {
      const { reason } = answer.decision
      counts.refused[reason] = (counts.refused[reason] ?? 0) + 1
    }
    // A line that cannot be taken apart cannot be given columns either.
    const isKept = options.mark ? row.kind === 'row' : answer?.decision.decision === 'allow'
    if (!isKept) continue
    counts.written += 1
    const added = [...linkFields(answer?.links), ...(options.mark ? [describe(answer)] : [])]
    lines.push(`${textOf(csv, row.bytes)}${csv.delimiter}${joinFields(added, csv.delimiter)}\n`)
  }
  return Buffer.from(lines.join(''))
}

/** `allow:consent`, `deny:objection`, `defer:pause`. */
function describe(answer: LinkRow | undefined): string {
  if (answer === undefined) return 'deny:invalid_contact_point'
  return `${answer.decision.decision}:${answer.decision.reason}`
}

/** The one contact point of a line that the message goes to. */
export function readRecipient(
  hub: Hub,
  { csv, columns, mailing }: Pick<LinksWork, 'csv' | 'columns' | 'mailing'>,
  row: CsvRow,
): Recipient {
  if (row.kind === 'unreadable') return { row, reasons: [`line ${row.line}: ${row.reason}`] }
  const number = columns.externalId?.[0]
  if (number !== undefined) {
    const named = keyContactPoint(hub.secrets, { type: 'customer', value: row.fields[number] ?? '' })
    return named.kind === 'ok'
      ? { row, keyed: named.keyed, reasons: [] }
      : { row, reasons: [`${csv.header[number]}: ${named.hint}`] }
  }
  const found = readContactPoints(hub.secrets, csv.header, columns, row.fields, mailing.brand.country)
  const [keyed] = found.points
  if (keyed !== undefined) return { row, keyed, reasons: [] }
  return { row, reasons: found.problems.length > 0 ? found.problems : ['there is no address or number in this line'] }
}

/** A line as it was read. */
export function textOf(csv: OpenedCsv, bytes: Buffer): string {
  return bytes.toString(csv.encoding === 'latin1' ? 'latin1' : 'utf8')
}

export async function* batchesOf(csv: OpenedCsv): AsyncGenerator<CsvRow[]> {
  let batch: CsvRow[] = []
  for await (const rows of csv.rows()) {
    for (const row of rows) {
      batch.push(row)
      if (batch.length < batchRows) continue
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

function summarise(counts: Counts, options: LinksOptions, rate: number, rejectsPath: string): void {
  const refused = Object.values(counts.refused).reduce((sum, count) => sum + count, 0)
  const rejects = counts.unreadable > 0 ? rejectsPath : null
  const summary = { ...counts, refusedTotal: refused, rejects, rowsPerSecond: rate }
  if (options.summary !== undefined) writeFileSync(options.summary, `${JSON.stringify(summary, null, 2)}\n`)
  if (options.json) {
    note(JSON.stringify(summary))
    return
  }
  const reasons = Object.entries(counts.refused).map(([reason, count]) => `${count} ${reason}`)
  const fate = options.mark ? 'marked' : 'left out'
  note(
    [
      `${counts.rows} rows, ${counts.written} written (${rate} rows/s).`,
      ...(refused > 0 ? [`${refused} refused and ${fate}: ${reasons.join(', ')}.`] : []),
      ...(rejects === null ? [] : [`${counts.unreadable} could not be read: see ${rejects}`]),
    ].join('\n'),
  )
}
