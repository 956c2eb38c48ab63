import { createHmac } from 'node:crypto'
import { type Channel, channels, type HashSecrets, type Scope, uuidV7 } from '@verzet/core'
import type { ObjectionToImport } from '../../services/import-objections.ts'
import { keyContactPoint } from '../../services/key-contact-point.ts'
import type { KeyedContactPoint } from '../../services/ports.ts'
import { readContactPoints } from './contact-fields.ts'
import { dayMs, readDate } from './read-date.ts'
import type { ColumnMap } from './relation-columns.ts'

/** Columns that narrow the no of each line; an empty cell narrows nothing. */
export type ScopeColumns = { readonly brand?: number; readonly channel?: number; readonly topic?: number }

export type ObjectionReading = {
  readonly header: readonly string[]
  readonly columns: ColumnMap
  readonly scopeColumns: ScopeColumns
  /** What the command says for all lines. */
  readonly scope: Scope
  readonly country?: string
  readonly source?: string
  /** Tells this file from another: an undated no of a later file is said again. */
  readonly file: string
  readonly isBrand: (id: string) => boolean
  readonly isTopic: (id: string, brand: string | undefined) => boolean
}

/** `reasons` says what could not be read. Whatever could be is in `objections`: a no is taken even from half a line. */
export type ObjectionLine = { readonly objections: readonly ObjectionToImport[]; readonly reasons: readonly string[] }

export function readObjectionLine(
  secrets: HashSecrets,
  reading: ObjectionReading,
  fields: readonly string[],
  now: number,
): ObjectionLine {
  const { header, columns } = reading
  const reasons: string[] = []
  const found = readContactPoints(secrets, header, columns, fields, reading.country)
  const points: KeyedContactPoint[] = [...found.points]
  reasons.push(...found.problems)
  const externalId = fields[columns.externalId?.[0] ?? -1]?.trim() ?? ''
  if (externalId !== '') {
    const named = keyContactPoint(secrets, { type: 'customer', value: externalId })
    if (named.kind === 'ok') points.push(named.keyed)
    else reasons.push(`${header[columns.externalId?.[0] ?? -1]}: ${named.hint}`)
  }
  if (points.length === 0 && reasons.length === 0)
    reasons.push('there is no customer number and no address or number in this line')
  const scope = readScope(reading, fields, reasons)
  const saidAt = readSaidAt(reading, fields, now, reasons)
  const source = reading.source
  const objections = points.map((keyed) => ({
    id: objectionId(secrets, reading.file, keyed.key, scope, saidAt),
    keyed,
    scope,
    saidAt,
    ...(source !== undefined && { source }),
  }))
  return { objections, reasons }
}

/** A word that is not understood narrows nothing: the no is then taken for all of that part, and the line is named. */
function readScope(reading: ObjectionReading, fields: readonly string[], reasons: string[]): Scope {
  const { scopeColumns, header } = reading
  const cell = (column: number | undefined) => (column === undefined ? '' : (fields[column]?.trim() ?? ''))
  const widened = (column: number | undefined, what: string) =>
    reasons.push(`${header[column ?? -1]}: there is no such ${what}; taken as every ${what}`)
  let { brand, channel, topic } = reading.scope
  const brandCell = cell(scopeColumns.brand)
  if (brandCell !== '') {
    if (reading.isBrand(brandCell)) brand = brandCell
    else widened(scopeColumns.brand, 'brand')
  }
  const channelCell = cell(scopeColumns.channel).toLowerCase()
  if (channelCell !== '') {
    const known: Channel | undefined = channels.find((one) => one === channelCell)
    if (known === undefined) widened(scopeColumns.channel, 'channel')
    else channel = known
  }
  const topicCell = cell(scopeColumns.topic)
  if (topicCell !== '') {
    if (reading.isTopic(topicCell, brand)) topic = topicCell
    else widened(scopeColumns.topic, 'topic')
  }
  return {
    ...(brand !== undefined && { brand }),
    ...(channel !== undefined && { channel }),
    ...(topic !== undefined && { topic }),
  }
}

/** A day without a time is read as its end: a consent of that same day must not undo it. An unreadable date is no date. */
function readSaidAt(
  reading: ObjectionReading,
  fields: readonly string[],
  now: number,
  reasons: string[],
): number | null {
  const column = reading.columns.saidAt?.[0]
  const text = column === undefined ? '' : (fields[column]?.trim() ?? '')
  if (text === '') return null
  const date = readDate(text, now)
  if (date.kind === 'ok') return date.isDay ? date.at + dayMs - 1 : date.at
  if (date.kind === 'no_date') return null
  const why = date.reason === 'in_the_future' ? 'this date lies in the future' : 'this date cannot be read'
  reasons.push(`${reading.header[column ?? -1]}: ${why}; the no counts from now`)
  return null
}

function objectionId(
  secrets: HashSecrets,
  file: string,
  contactKey: string,
  scope: Scope,
  saidAt: number | null,
): string {
  const { brand, channel, topic } = scope
  const text = JSON.stringify(['imported objection', contactKey, brand, channel, topic, saidAt ?? file])
  return uuidV7(Math.max(0, saidAt ?? 0), createHmac('sha256', secrets.pepper).update(text).digest())
}
