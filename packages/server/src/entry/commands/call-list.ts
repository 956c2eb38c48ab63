import type { Command } from 'commander'
import { readContactPoints } from '../../adapters/csv/contact-fields.ts'
import { joinFields } from '../../adapters/csv/fields.ts'
import type { CsvRow, OpenedCsv } from '../../adapters/csv/open-csv.ts'
import { ListOutput } from '../../adapters/csv/output-file.ts'
import type { ColumnMap } from '../../adapters/csv/relation-columns.ts'
import { askGate, type GateAnswer } from '../../services/ask-gate.ts'
import { registersNow } from '../../services/calls/record-calls.ts'
import type { Hub } from '../../services/hub.ts'
import { hubCommand, interruption, jsonOption, note, type PlaceOptions, withHub } from '../command-frame.ts'
import { collect } from '../contact-argument.ts'
import { type ExitCode, exitCodes, usageProblem } from '../exit-codes.ts'
import { columnsOf, type ImportOptions, openList } from '../import-plan.ts'
import { assertScopeExists } from '../scope-options.ts'

type Options = PlaceOptions &
  Pick<ImportOptions, 'header' | 'delimiter' | 'encoding' | 'phone' | 'json'> & {
    brand: string
    topic: string
    out?: string
    refused?: string
  }

/** Columns of the list of those who are not called. */
const refusedColumns = ['decision', 'reason', 'until']

export function addCallListCommand(program: Command): void {
  program.addCommand(
    hubCommand('call-list', 'leave out of a list to call whom the gate refuses, the registers included', [
      'verzet call-list customers.csv --brand shop --topic news --out to-call.csv --refused not-to-call.csv',
    ])
      .argument('<file>', 'CSV with one person a line, or - for stdin')
      .requiredOption('--brand <brand>', 'who calls')
      .requiredOption('--topic <topic>', 'what the calls are about')
      .option('--phone <column>', 'the number', collect)
      .option('--out <file>', 'where the list goes (default: stdout)')
      .option('--refused <file>', 'where the others go, each with the reason')
      .option('--no-header', 'the first line is a person too; columns then go by number')
      .option('--delimiter <char>', 'what stands between columns (default: as the first line shows)')
      .option('--encoding <encoding>', 'utf8, latin1 or utf16le')
      .addOption(jsonOption('print the summary as JSON, on stderr: stdout carries the list'))
      .addHelpText('after', '\nCall a list on the day it was made: what is said after that is not in it.\n')
      .action(callList),
  )
}

async function callList(path: string, options: Options): Promise<void> {
  const csv = await openList(path, options)
  const columns = columnsOf(csv, options, ['phone'])
  if (columns.phone?.length !== 1) throw usageProblem('name the one column with the number to call: --phone')
  await withHub(options, (hub) => {
    assertScopeExists(hub.catalog, { brand: options.brand, topic: options.topic })
    return scrub(hub, csv, columns, options)
  })
}

type Counts = { rows: number; kept: number; refused: Record<string, number> }

async function scrub(hub: Hub, csv: OpenedCsv, columns: ColumnMap, options: Options): Promise<ExitCode> {
  using interrupted = interruption()
  const kept = new ListOutput(options.out, process.stdout)
  const refused = options.refused === undefined ? undefined : new ListOutput(options.refused, process.stdout)
  const counts: Counts = { rows: 0, kept: 0, refused: {} }
  const head = (added: readonly string[]) => (csv.hasHeader ? lineOf(csv, csv.headerBytes, added) : Buffer.alloc(0))
  let isWhole = false
  try {
    await kept.write(head([]), interrupted.signal)
    await refused?.write(head(refusedColumns), interrupted.signal)
    for await (const rows of csv.rows()) {
      if (interrupted.signal.aborted) break
      const judged = await judge(hub, csv, columns, options, rows)
      const toCall = judged.filter(({ answer }) => answer?.decision === 'allow')
      await kept.write(Buffer.concat(toCall.map(({ row }) => lineOf(csv, row.bytes, []))), interrupted.signal)
      const others = judged.filter(({ answer }) => answer?.decision !== 'allow')
      await refused?.write(
        Buffer.concat(others.map(({ row, answer }) => lineOf(csv, row.bytes, whyNot(answer)))),
        interrupted.signal,
      )
      count(counts, judged)
    }
    isWhole = !interrupted.signal.aborted
  } finally {
    await kept.finish(isWhole)
    await refused?.finish(isWhole)
  }
  if (interrupted.hasReaderLeft()) return exitCodes.ok
  if (!isWhole) {
    note(`verzet: stopped after ${counts.rows} rows; the list is not whole, begin again.`)
    return exitCodes.interrupted
  }
  summarise(counts, registersNow(hub.catalog), options.json === true)
  return exitCodes.ok
}

type Judged = { readonly row: CsvRow; readonly answer?: GateAnswer }

/** What cannot be read cannot be held against anything, and so is not called (rule 6). */
async function judge(
  hub: Hub,
  csv: OpenedCsv,
  columns: ColumnMap,
  { brand, topic }: Options,
  rows: readonly CsvRow[],
): Promise<Judged[]> {
  const country = hub.catalog.brand(brand)?.country
  const read = rows.map((row) =>
    row.kind === 'row' ? readContactPoints(hub.secrets, csv.header, columns, row.fields, country).points[0] : undefined,
  )
  const questions = read.flatMap((keyed) =>
    keyed === undefined
      ? []
      : [
          {
            contactPoint: { type: keyed.contactPoint.type, value: keyed.contactPoint.normalised },
            brand,
            topic,
            channel: 'phone' as const,
          },
        ],
  )
  const answers = await askGate(hub.db, hub.catalog, hub.secrets, questions, hub.clock())
  let next = 0
  return rows.map((row, index) => {
    if (read[index] === undefined) return { row }
    const answer = answers[next]
    next += 1
    return { row, ...(answer && { answer }) }
  })
}

function whyNot(answer: GateAnswer | undefined): string[] {
  if (answer === undefined) return ['deny', 'unreadable', '']
  const { decision, reason, until } = answer
  return [decision, reason, until === undefined ? '' : new Date(until).toISOString()]
}

function lineOf(csv: OpenedCsv, bytes: Buffer, added: readonly string[]): Buffer {
  const text = bytes.toString(csv.encoding === 'latin1' ? 'latin1' : 'utf8')
  return Buffer.from(`${text}${added.length === 0 ? '' : `${csv.delimiter}${joinFields(added, csv.delimiter)}`}\n`)
}

function count(counts: Counts, judged: readonly Judged[]): void {
  for (const { answer } of judged) {
    counts.rows += 1
    if (answer?.decision === 'allow') counts.kept += 1
    else {
      const reason = answer?.reason ?? 'unreadable'
      counts.refused[reason] = (counts.refused[reason] ?? 0) + 1
    }
  }
}

function summarise(counts: Counts, registers: Record<string, string>, isJson: boolean): void {
  if (isJson) {
    note(JSON.stringify({ ...counts, registers }))
    return
  }
  const reasons = Object.entries(counts.refused).map(([reason, rows]) => `${rows} ${reason}`)
  const lists = Object.entries(registers).map(([id, at]) => `${id} of ${at.slice(0, 10)}`)
  note(`${counts.rows} rows, ${counts.kept} to call${reasons.length > 0 ? `; left out: ${reasons.join(', ')}` : ''}.`)
  if (lists.length > 0) note(`Held against ${lists.join(', ')}.`)
}
