import { type Channel, type ContactPointType, channels, channelsServedBy, maskContactPoint } from '@verzet/core'
import { type ColumnField, findColumn } from '../adapters/csv/column-guess.ts'
import { CsvUnreadable, csvEncodings, type OpenedCsv, openCsv } from '../adapters/csv/open-csv.ts'
import { looksLikeDate, readDate } from '../adapters/csv/read-date.ts'
import { type ColumnMap, chooseColumns, flagOf } from '../adapters/csv/relation-columns.ts'
import type { ConsentReading, RelationReading } from '../adapters/csv/relation-row.ts'
import { countryFor } from '../services/country-for.ts'
import type { Hub } from '../services/hub.ts'
import { type Basis, bases } from '../storage/import-batch.ts'
import type { PlaceOptions } from './command-frame.ts'
import { oneOf } from './contact-argument.ts'
import { dataProblem, usageProblem } from './exit-codes.ts'
import { assertScopeExists } from './scope-options.ts'

/** The flags of `verzet import`, as commander gives them. */
export type ImportOptions = PlaceOptions & {
  objections?: string
  basis?: string
  brand?: string
  channel?: string[]
  topic?: string
  source?: string
  brandColumn?: string
  channelColumn?: string
  topicColumn?: string
  header: boolean
  delimiter?: string
  encoding?: string
  preview?: boolean
  rejects?: string
  strict?: boolean
  restart?: boolean
  batch?: string
  json?: boolean
} & Partial<Record<Exclude<ColumnField, 'email' | 'phone' | 'post'>, string>> &
  Partial<Record<'email' | 'phone' | 'post', string[]>>

export async function openList(
  path: string,
  options: Pick<ImportOptions, 'delimiter' | 'encoding' | 'header'>,
): Promise<OpenedCsv> {
  const { delimiter } = options
  if (delimiter !== undefined && !/^(?:[\x20-\x7e]|\\t)$/.test(delimiter))
    throw usageProblem('--delimiter takes one character, or \\t')
  try {
    return await openCsv(path, {
      header: options.header,
      ...(options.encoding !== undefined && { encoding: oneOf(csvEncodings, options.encoding, '--encoding') }),
      ...(delimiter !== undefined && { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
    })
  } catch (error) {
    if (error instanceof CsvUnreadable) throw dataProblem(`${path}: ${error.message}`)
    throw error
  }
}

/** Which column is what; says which flag to add when that is not certain. */
export function columnsOf(csv: OpenedCsv, options: Partial<ImportOptions>, fields: readonly ColumnField[]): ColumnMap {
  const named: Partial<Record<ColumnField, readonly string[]>> = {}
  for (const field of fields) {
    const given = options[field]
    if (given !== undefined) named[field] = typeof given === 'string' ? [given] : given
  }
  const chosen = chooseColumns(csv.header, named, fields)
  if (chosen.kind === 'ok') return chosen.columns
  const flag = `--${flagOf(chosen.field)}`
  if (chosen.kind === 'unknown_column') {
    throw usageProblem(
      `${flag}: the file has no column "${chosen.wanted}"; it has ${csv.header.map((title) => `"${title}"`).join(', ')}`,
    )
  }
  throw usageProblem(
    `more than one column could be meant by ${flag} (${chosen.titles.join(', ')}): name one, or try --preview`,
  )
}

const contactFields = ['email', 'phone', 'post'] as const

export type RelationPlan = { readonly basis: Basis; readonly reading: RelationReading }

/** Everything the command line says about how to read the lines, checked before the first line is. */
export function planRelations(
  csv: OpenedCsv,
  options: ImportOptions,
  catalog: Hub['catalog'],
  now: number,
): RelationPlan {
  if (options.basis === undefined) {
    throw usageProblem(
      'an import must name its basis: --basis consent, customer or none (why these people may be written to)',
    )
  }
  const basis = oneOf(bases, options.basis, '--basis')
  assertScopeExists(catalog, scopeOf(options))
  const literal = takeLiterals(csv, options, now)
  const wanted: ColumnField[] = ['externalId', ...contactFields, 'name', 'language', 'country', 'impersonal']
  if (basis === 'consent' && literal.consentAt === undefined) wanted.push('consentAt')
  if (basis === 'consent' && literal.consentSource === undefined) wanted.push('consentSource')
  const readsSince = basis === 'customer' || options.customerSince !== undefined
  if (readsSince && literal.customerSince === undefined) wanted.push('customerSince')
  const columns = columnsOf(csv, options, wanted)
  if (!contactFields.some((field) => columns[field]) && columns.externalId === undefined) {
    throw usageProblem(
      'no column was recognised: name them with --external-id, --email, --phone or --post, or try --preview',
    )
  }
  if (basis === 'customer' && columns.customerSince === undefined && literal.customerSince === undefined) {
    throw usageProblem('--basis customer needs --customer-since: a column, or a date for all')
  }
  const country = countryFor(catalog, options.brand)
  const consent = basis === 'consent' ? planConsent(columns, options, literal) : undefined
  const reading = {
    header: csv.header,
    columns,
    digests: new Map<string, Buffer>(),
    isCustomers: basis === 'customer',
    ...(country !== undefined && { country }),
    ...(literal.customerSince !== undefined && { customerSince: literal.customerSince }),
    ...(consent && { consent }),
  }
  return { basis, reading }
}

export function scopeOf(options: Pick<ImportOptions, 'brand' | 'topic'>) {
  return {
    ...(options.brand !== undefined && { brand: options.brand }),
    ...(options.topic !== undefined && { topic: options.topic }),
  }
}

type Literals = { consentAt?: number; consentSource?: string; customerSince?: number }

/** `--consent-at` and its like take a column or, when there is no such column, one value for all lines. */
function takeLiterals(csv: OpenedCsv, options: ImportOptions, now: number): Literals {
  const isColumn = (value: string | undefined) => value === undefined || findColumn(csv.header, value) !== undefined
  const date = (value: string | undefined, flag: string) => {
    if (value === undefined || isColumn(value)) return undefined
    const read = readDate(value.trim(), now)
    if (read.kind === 'ok') return read.at
    if (read.kind === 'no_date') throw usageProblem(`${flag}: ${value} is what programs write where they have no date`)
    throw usageProblem(
      looksLikeDate(value.trim())
        ? `${flag}: ${value} lies in the future`
        : `${flag}: "${value}" is neither a column nor a date`,
    )
  }
  const consentAt = date(options.consentAt, '--consent-at')
  const customerSince = date(options.customerSince, '--customer-since')
  return {
    ...(consentAt !== undefined && { consentAt }),
    ...(customerSince !== undefined && { customerSince }),
    ...(!isColumn(options.consentSource) && { consentSource: options.consentSource ?? '' }),
  }
}

function planConsent(columns: ColumnMap, options: ImportOptions, literal: Literals): ConsentReading {
  const given = (options.channel ?? []).map((channel) => oneOf(channels, channel, '--channel'))
  if (given.length === 0)
    throw usageProblem('--basis consent needs --channel: the channels the consent is for, such as email,sms')
  const types: ContactPointType[] = contactFields.filter((field) => columns[field] !== undefined)
  const unserved = given.find((channel) => !types.some((type) => channelsServedBy(type).includes(channel)))
  if (unserved !== undefined)
    throw usageProblem(`--channel ${unserved}: the file has no column that can be reached by ${unserved}`)
  if (columns.consentAt === undefined && literal.consentAt === undefined) {
    throw usageProblem(
      '--basis consent needs --consent-at: a column (its empty cells are consents of unknown date), or a date for all',
    )
  }
  if (columns.consentSource === undefined && literal.consentSource === undefined) {
    throw usageProblem('--basis consent needs --consent-source: a column, or a text such as "sign-up form 2024"')
  }
  const distinct: Channel[] = [...new Set(given)]
  return {
    channels: distinct,
    ...scopeOf(options),
    ...(literal.consentAt !== undefined && { at: literal.consentAt }),
    ...(literal.consentSource !== undefined && { source: literal.consentSource }),
  }
}

/** A cell as a preview may show it: enough to know the column again, too little to know the person. */
export function maskCell(field: string | undefined, value: string): string {
  if (value === '') return ''
  if (field === 'email') return maskContactPoint({ type: 'email', normalised: value })
  if (field === 'phone') return value.replace(/\d(?=.*\d{2})/g, '•')
  if (
    field === 'language' ||
    field === 'country' ||
    field === 'impersonal' ||
    field?.endsWith('At') ||
    field === 'customerSince'
  )
    return value
  return `${value.slice(0, 1)}•••`
}
