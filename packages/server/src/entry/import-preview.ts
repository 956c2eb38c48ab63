import { type ColumnField, findColumn } from '../adapters/csv/column-guess.ts'
import { type ColumnMap, chooseColumns, flagOf } from '../adapters/csv/relation-columns.ts'
import { print, printJson } from './command-frame.ts'
import { columnsOf, type ImportOptions, maskCell, openList } from './import-plan.ts'

const previewRows = 5
const ofPeople: readonly ColumnField[] = [
  'externalId',
  'email',
  'phone',
  'post',
  'name',
  'language',
  'country',
  'impersonal',
  'customerSince',
  'consentAt',
  'consentSource',
]
const ofObjections: readonly ColumnField[] = ['externalId', 'email', 'phone', 'post', 'saidAt']

/** Shows what would be read as what, with the first lines masked, and the command that does it. Opens no database. */
export async function previewImport(path: string, options: ImportOptions): Promise<void> {
  const csv = await openList(path, options)
  const fields = options.objections === undefined ? ofPeople : ofObjections
  const chosen = chooseColumns(csv.header, {}, fields)
  // What is ambiguous without flags may be certain with them; if not, this throws and says what to add.
  const columns =
    chosen.kind === 'ok' && !hasColumnFlag(options, fields)
      ? chosen.columns
      : columnsOf(csv, withoutValues(options, csv.header), fields)
  const fieldOf = new Map(
    Object.entries(columns).flatMap(([field, found]) => found.map((column): [number, string] => [column, field])),
  )
  const rows = await firstRows(csv)
  const command = commandFor(path, options, csv.header, columns)
  if (options.json) {
    const guessed = Object.fromEntries(
      Object.entries(columns).map(([field, found]) => [field, found.map((at) => csv.header[at])]),
    )
    return printJson({ delimiter: csv.delimiter, encoding: csv.encoding, columns: guessed, command })
  }
  print(`${path}: ${csv.encoding}, columns divided by ${csv.delimiter === '\t' ? 'tabs' : `"${csv.delimiter}"`}`)
  for (const [index, title] of csv.header.entries()) {
    const field = fieldOf.get(index)
    const samples = rows.map((row) => maskCell(field, row[index]?.trim() ?? '')).join(' | ')
    print(
      `  ${String(index + 1).padStart(3)}  ${title}  →  ${field === undefined ? 'not read' : flagOf(field)}   ${samples}`,
    )
  }
  print(`\nWhen this is right:\n  ${command}`)
}

async function firstRows(csv: Awaited<ReturnType<typeof openList>>): Promise<(readonly string[])[]> {
  const found: (readonly string[])[] = []
  for await (const rows of csv.rows()) {
    for (const row of rows) {
      if (row.kind === 'row') found.push(row.fields)
      if (found.length === previewRows) return found
    }
  }
  return found
}

function hasColumnFlag(options: ImportOptions, fields: readonly ColumnField[]): boolean {
  return fields.some((field) => options[field] !== undefined)
}

/** A date or a text for all lines is no column. */
function withoutValues(options: ImportOptions, header: readonly string[]): ImportOptions {
  const fields = ['consentAt', 'consentSource', 'customerSince'] as const
  const values = fields.filter((field) => findColumn(header, options[field] ?? '') === undefined)
  return { ...options, ...Object.fromEntries(values.map((field) => [field, undefined])) }
}

function commandFor(path: string, options: ImportOptions, header: readonly string[], columns: ColumnMap): string {
  const quoted = (text: string) => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
  const flags = Object.entries(columns).flatMap(([field, found]) =>
    found.map((column) => `--${flagOf(field)} ${quoted(header[column] ?? String(column + 1))}`),
  )
  if (options.objections !== undefined) return ['verzet import --objections', quoted(path), ...flags].join(' ')
  const basis = options.basis ?? (columns.consentAt ? 'consent' : columns.customerSince ? 'customer' : 'none')
  const channel =
    basis === 'consent' ? ['--channel email', ...(columns.consentSource ? [] : ["--consent-source '…'"])] : []
  const wanted = flags.filter((flag) => basis === 'consent' || !flag.startsWith('--consent-'))
  const kept = wanted.filter((flag) => basis === 'customer' || !flag.startsWith('--customer-since'))
  return ['verzet import', quoted(path), `--basis ${basis}`, ...channel, ...kept].join(' ')
}
