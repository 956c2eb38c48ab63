import type { GivenContactPoint } from '../questions.ts'
import { contentEnd, type Framed, frameLine, frameRecord, splitRecord } from './frame-record.ts'
import { type ListEncoding, textOf } from './list-encoding.ts'
import type { RowProblem } from './outcome.ts'
import { rowUnitsMax } from './row-marks.ts'
import type { Units } from './row-scanner.ts'

/** What a row says: its contact points that are filled in, or why it cannot be read. */
export type RowContent =
  | { readonly kind: 'points'; readonly points: readonly GivenContactPoint[] }
  | { readonly kind: 'malformed'; readonly reason: RowProblem }
  | { readonly kind: 'blank' }

/** Reads the rows of one list exactly. */
export type ListReader = {
  frame(units: Units, start: number, to: number, isEnd: boolean): Framed
  /** A framed row, line end included. */
  read(units: Units, start: number, end: number): RowContent
}

/** Where the contact points stand: columns counted from 0. */
export type ContactColumns = { readonly email: readonly number[]; readonly phone: readonly number[] }
/** The names they have in each document of NDJSON. */
export type ContactNames = { readonly email: readonly string[]; readonly phone: readonly string[] }

type Table = {
  readonly encoding: ListEncoding
  readonly delimiter: number
  readonly width: number
  readonly columns: ContactColumns
}

/** The text of a field; undefined when it is none. */
export function fieldText(
  units: Units,
  field: { readonly start: number; readonly end: number; readonly isQuoted: boolean },
  encoding: ListEncoding,
): string | undefined {
  const text = textOf(units, field.start, field.end, encoding)
  return field.isQuoted ? text?.replaceAll('""', '"') : text
}

export function tableReader({ encoding, delimiter, width, columns }: Table): ListReader {
  const places = [
    ...columns.email.map((column) => ({ type: 'email' as const, column })),
    ...columns.phone.map((column) => ({ type: 'phone' as const, column })),
  ]
  return {
    frame: (units, start, to, isEnd) => frameRecord({ units, start, to, delimiter, isEnd }),
    read(units, start, end) {
      const framed = frameRecord({ units, start, to: end, delimiter, isEnd: true })
      if (framed.kind === 'record' && framed.problem !== undefined) return { kind: 'malformed', reason: framed.problem }
      const content = contentEnd(units, start, end)
      if (content === start) return { kind: 'blank' }
      const fields = splitRecord(units, start, content, delimiter)
      if (fields.length !== width) return { kind: 'malformed', reason: 'wrong_width' }
      const points: GivenContactPoint[] = []
      for (const { type, column } of places) {
        const field = fields[column]
        const value = field && fieldText(units, field, encoding)?.trim()
        if (value === undefined) return { kind: 'malformed', reason: 'not_text' }
        if (value !== '') points.push({ type, value })
      }
      return { kind: 'points', points }
    },
  }
}

export function documentReader(encoding: ListEncoding, names: ContactNames): ListReader {
  return {
    frame: (units, start, to, isEnd) => frameLine({ units, start, to, isEnd }),
    read(units, start, end) {
      if (end - start > rowUnitsMax) return { kind: 'malformed', reason: 'row_too_long' }
      const text = textOf(units, start, contentEnd(units, start, end), encoding)
      if (text === undefined) return { kind: 'malformed', reason: 'not_text' }
      if (text.trim() === '') return { kind: 'blank' }
      const document = parseDocument(text)
      if (document === undefined) return { kind: 'malformed', reason: 'not_json' }
      const points: GivenContactPoint[] = []
      for (const type of ['email', 'phone'] as const) {
        for (const name of names[type]) {
          const value = document[name] ?? ''
          // A number may stand without quotes; anything else is no address.
          if (typeof value !== 'string' && typeof value !== 'number') return { kind: 'malformed', reason: 'not_text' }
          if (String(value).trim() !== '') points.push({ type, value: String(value).trim() })
        }
      }
      return { kind: 'points', points }
    },
  }
}

function parseDocument(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return Object.fromEntries(Object.entries(value))
  } catch {
    return undefined
  }
}
