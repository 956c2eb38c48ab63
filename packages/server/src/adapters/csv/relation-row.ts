import { createHmac } from 'node:crypto'
import { type Channel, channelsServedBy, type HashSecrets, type Scope, uuidToBytes, uuidV7 } from '@verzet/core'
import { keyContactPoint } from '../../services/key-contact-point.ts'
import type { ConsentToImport, PersonToImport } from '../../services/person-to-import.ts'
import type { KeyedContactPoint } from '../../services/ports.ts'
import { readContactPoints } from './contact-fields.ts'
import { readCountry, readLanguage, readYesNo } from './person-words.ts'
import { readDate } from './read-date.ts'
import type { ColumnMap } from './relation-columns.ts'

/** Words kept by their digest: the days of thirty years. */
const digestsMax = 10_000

type ConsentWords = Pick<ConsentToImport, 'scope' | 'saidAt' | 'source'>

/** Longer than any name on a passport. */
export const nameCharactersMax = 200

/** How a line becomes a person: which columns, and what the command says for all of them. */
export type RelationReading = {
  readonly header: readonly string[]
  readonly columns: ColumnMap
  /** Where a number or address without a country lies. */
  readonly country?: string
  /** Basis customer: a line without a date is not taken. */
  readonly isCustomers?: boolean
  /** For basis customer, where the file has no column for it. */
  readonly customerSince?: number
  /** For basis consent. */
  readonly consent?: ConsentReading
  /** Filled while reading. */
  readonly digests: Map<string, Buffer>
}

export type ConsentReading = {
  readonly channels: readonly Channel[]
  readonly brand?: string
  readonly topic?: string
  /** For all lines, where the file has no column for it. */
  readonly at?: number
  readonly source?: string
}

/** Either the person or the reasons. */
export type RelationLine = { readonly person?: PersonToImport; readonly reasons: readonly string[] }

/** A line is taken whole or not at all: what cannot be read is named, so that it can be mended and brought in later. */
export function readRelationLine(
  secrets: HashSecrets,
  reading: RelationReading,
  fields: readonly string[],
  now: number,
): RelationLine {
  const { columns, header } = reading
  const reasons: string[] = []
  const words = readWords(reading, fields, now, reasons)
  const country = words.country ?? reading.country
  const found = readContactPoints(secrets, header, columns, fields, country)
  reasons.push(...found.problems)
  const externalId = cell(columns.externalId, fields)
  const named = externalId === '' ? undefined : keyContactPoint(secrets, { type: 'customer', value: externalId })
  if (named !== undefined && named.kind !== 'ok')
    reasons.push(`${header[columns.externalId?.[0] ?? -1]}: ${named.hint}`)
  const relation = named?.kind === 'ok' ? named.keyed : undefined
  if (relation === undefined && found.points.length === 0 && reasons.length === 0) {
    reasons.push('there is no customer number and no address or number in this line')
  }
  const consents = readConsents(secrets, reading, found.points, fields, now, reasons)
  if (reasons.length > 0) return { reasons }
  const { impersonal, ...details } = words
  return {
    reasons,
    person: {
      ...(relation && { relation: { keyed: relation, ...details } }),
      ...(impersonal !== undefined && { impersonal }),
      contactPoints: found.points,
      consents,
    },
  }
}

type Words = { name?: string; language?: string; country?: string; customerSince?: string; impersonal?: boolean }

function readWords(reading: RelationReading, fields: readonly string[], now: number, reasons: string[]): Words {
  const { columns, header } = reading
  const words: Words = {}
  const read = <T>(column: readonly number[] | undefined, parse: (text: string) => T | undefined, hint: string) => {
    const text = cell(column, fields)
    if (text === '') return undefined
    const value = parse(text)
    if (value === undefined) reasons.push(`${header[column?.[0] ?? -1]}: ${hint}`)
    return value
  }
  const name = read(
    columns.name,
    (text) => (text.length <= nameCharactersMax ? text : undefined),
    'longer than 200 characters',
  )
  const language = read(columns.language, readLanguage, 'write the language as two letters')
  const country = read(columns.country, readCountry, 'write the country as two letters')
  const impersonal = read(columns.impersonal, readYesNo, 'write yes or no')
  const since = readMoment(reading.columns.customerSince, reading.header, fields, now, reasons) ?? reading.customerSince
  if (reading.isCustomers && since === undefined && reasons.length === 0) {
    reasons.push('say since when this is a customer, or bring the line in with --basis none')
  }
  if (name !== undefined) words.name = name
  if (language !== undefined) words.language = language
  if (country !== undefined) words.country = country
  if (impersonal !== undefined) words.impersonal = impersonal
  if (since !== undefined) words.customerSince = new Date(since).toISOString().slice(0, 10)
  return words
}

function readConsents(
  secrets: HashSecrets,
  reading: RelationReading,
  points: readonly KeyedContactPoint[],
  fields: readonly string[],
  now: number,
  reasons: string[],
): ConsentToImport[] {
  const { consent, columns, header } = reading
  if (consent === undefined) return []
  const saidAt = readMoment(columns.consentAt, header, fields, now, reasons) ?? consent.at ?? null
  const source = cell(columns.consentSource, fields) || consent.source
  if (source === undefined) {
    reasons.push(`${header[columns.consentSource?.[0] ?? -1]}: say where this consent comes from`)
    return []
  }
  return points.flatMap((point) =>
    consent.channels
      .filter((channel) => channelsServedBy(point.contactPoint.type).includes(channel))
      .map((channel) => {
        const scope: Scope = {
          ...(consent.brand !== undefined && { brand: consent.brand }),
          channel,
          ...(consent.topic !== undefined && { topic: consent.topic }),
        }
        const id = consentId(secrets, point.key, { scope, saidAt, source }, reading.digests)
        return { id, contactKey: point.key, scope, saidAt, source }
      }),
  )
}

/**
 * The same words about the same contact point are the same consent, in this file or the next. The contact point's key is
 * a keyed hash already, so mixing it with one of the words is enough, and the words of a whole file are few.
 */
function consentId(
  secrets: HashSecrets,
  contactKey: string,
  words: ConsentWords,
  digests: Map<string, Buffer>,
): string {
  const text = JSON.stringify(['imported consent', words.scope, words.saidAt, words.source])
  let digest = digests.get(text)
  if (digest === undefined) {
    digest = createHmac('sha256', secrets.pepper).update(text).digest()
    if (digests.size >= digestsMax) digests.clear()
    digests.set(text, digest)
  }
  const mixed = uuidToBytes(contactKey)
  for (let index = 0; index < mixed.length; index += 1) mixed[index] = (mixed[index] ?? 0) ^ (digest[index] ?? 0)
  return uuidV7(Math.max(0, words.saidAt ?? 0), mixed)
}

function readMoment(
  column: readonly number[] | undefined,
  header: readonly string[],
  fields: readonly string[],
  now: number,
  reasons: string[],
): number | undefined {
  const text = cell(column, fields)
  if (text === '') return undefined
  const date = readDate(text, now)
  if (date.kind === 'ok') return date.at
  if (date.kind === 'no_date') return undefined
  const why =
    date.reason === 'in_the_future'
      ? 'this date lies in the future'
      : 'write the date as 2024-05-01 or 1/5/2024 (day first)'
  reasons.push(`${header[column?.[0] ?? -1]}: ${why}`)
  return undefined
}

function cell(column: readonly number[] | undefined, fields: readonly string[]): string {
  const index = column?.[0]
  return index === undefined ? '' : (fields[index]?.trim() ?? '')
}
