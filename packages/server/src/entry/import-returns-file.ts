import { offers } from '@verzet/core'
import { findColumn } from '../adapters/csv/column-guess.ts'
import type { OpenedCsv } from '../adapters/csv/open-csv.ts'
import { type ReturnReading, readReturnLine, readReturnMark } from '../adapters/csv/return-row.ts'
import type { Catalog } from '../services/catalog.ts'
import { countryFor } from '../services/country-for.ts'
import { PrintWatch } from '../services/print/on-the-way.ts'
import { recordReturns } from '../services/print/record-returns.ts'
import { type ResolvedReturn, type ReturnedPiece, resolveReturns } from '../services/print/resolve-returns.ts'
import { returnMarks } from '../services/print/return-scope.ts'
import { print, printJson, withHub } from './command-frame.ts'
import { oneOf } from './contact-argument.ts'
import { usageProblem } from './exit-codes.ts'
import { importFile } from './import-frame.ts'
import { columnsOf, type ImportOptions, maskCell, openList } from './import-plan.ts'
import { assertScopeExists } from './scope-options.ts'

export type ReturnsOptions = ImportOptions & {
  code?: string
  markColumn?: string
  mark: string
  offered?: string[]
  unaddressed?: string
}

/** How such columns are called, where no flag names them. */
const codeTitles = ['code', 'kaartcode', 'optout_code', 'verzetcode']
const markTitles = ['mark', 'remark', 'opmerking', 'remarque', 'bemerkung', 'vermerk', 'wat', 'keuze']

const previewRows = 5
const zero = { objections: 0, stoodAlready: 0, notThere: 0, toReview: 0, repeated: 0 }

export async function importReturnsFile(path: string, options: ReturnsOptions): Promise<void> {
  const csv = await openList(path, options)
  await withHub(options, async (hub) => {
    const { unaddressed, brand, source } = options
    assertScopeExists(hub.catalog, {
      ...(brand !== undefined && { brand }),
      ...(unaddressed !== undefined && { topic: unaddressed }),
    })
    const reading = readingOf(csv, options, hub.catalog)
    const offered = (options.offered ?? []).map((part) => oneOf(offers, part, '--offered'))
    const context = {
      actor: 'verzet post',
      ...(unaddressed !== undefined && { unaddressedTopic: unaddressed }),
      ...(source !== undefined && { source }),
    }
    await using watch = new PrintWatch(hub.db, hub.clock, hub.random)
    return importFile<ReturnedPiece, readonly ResolvedReturn[]>({
      path,
      csv,
      options,
      hub,
      columns: reading.contacts,
      reading: { kind: 'returns', ...reading, offered, unaddressed, source },
      zero,
      read(fields) {
        const line = readReturnLine(hub.secrets, reading, fields, hub.clock())
        if (unaddressed !== undefined || !line.taken.some(({ mark }) => mark === 'sticker')) return line
        return { taken: [], reasons: ['a sticker refuses unaddressed print: name its topic with --unaddressed'] }
      },
      prepare: (batch, file) => resolveReturns(hub, batch, { offered, file }),
      write: async (prepared, close) => watch.note(await recordReturns(hub, prepared, context, close)),
    })
  })
}

/** Shows what would be read as what, with the first lines masked. Opens no database. */
export async function previewReturns(path: string, options: ReturnsOptions): Promise<void> {
  const csv = await openList(path, options)
  const reading = readingOf(csv, options)
  const roles = new Map<number, string>(
    Object.entries(reading.contacts).flatMap(([field, found]) => found.map((at): [number, string] => [at, field])),
  )
  if (reading.codeColumn !== undefined) roles.set(reading.codeColumn, 'code')
  if (reading.markColumn !== undefined) roles.set(reading.markColumn, 'mark')
  const rows: (readonly string[])[] = []
  for await (const some of csv.rows()) {
    for (const row of some) if (row.kind === 'row' && rows.length < previewRows) rows.push(row.fields)
    if (rows.length === previewRows) break
  }
  const columns = csv.header.map((title, at) => ({ title, role: roles.get(at) ?? null }))
  if (options.json) return printJson({ delimiter: csv.delimiter, encoding: csv.encoding, columns })
  for (const [at, { title, role }] of columns.entries()) {
    const samples = rows.map((row) => sample(role, row[at]?.trim() ?? '')).join(' | ')
    print(`  ${String(at + 1).padStart(3)}  ${title}  →  ${role ?? 'not read'}   ${samples}`)
  }
}

function sample(role: string | null, value: string): string {
  return role === 'mark' ? `${value || '(nothing)'} = ${readReturnMark(value)}` : maskCell(role ?? undefined, value)
}

function readingOf(csv: OpenedCsv, options: ReturnsOptions, catalog?: Catalog): ReturnReading {
  const contacts = columnsOf(csv, options, ['externalId', 'post', 'saidAt'])
  const codeColumn = column(csv, options.code, '--code', codeTitles)
  const markColumn = column(csv, options.markColumn, '--mark-column', markTitles)
  if (codeColumn === undefined && !contacts.post && !contacts.externalId) {
    throw usageProblem('no column was recognised: name them with --code, --post or --external-id, or try --preview')
  }
  const country = catalog && countryFor(catalog, options.brand)
  const mark = oneOf(returnMarks, options.mark, '--mark')
  if (mark === 'unclear') throw usageProblem('--mark says what the pile is; what is unclear is a word on one piece')
  return {
    header: csv.header,
    contacts,
    mark,
    ...(codeColumn !== undefined && { codeColumn }),
    ...(markColumn !== undefined && { markColumn }),
    ...(country !== undefined && { country }),
  }
}

function column(csv: OpenedCsv, wanted: string | undefined, flag: string, titles: readonly string[]) {
  if (wanted === undefined) {
    const at = csv.header.findIndex((title) => titles.includes(title.trim().toLowerCase()))
    return at === -1 ? undefined : at
  }
  const found = findColumn(csv.header, wanted)
  if (found === undefined) throw usageProblem(`${flag}: the file has no column "${wanted}"`)
  return found
}
