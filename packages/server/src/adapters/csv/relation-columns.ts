import type { ColumnField } from './column-guess.ts'
import { findColumn, type Guess, guessColumns } from './column-guess.ts'

/** Where each thing stands in the file, counted from 0. Several post columns are the lines of one address. */
export type ColumnMap = Readonly<Partial<Record<ColumnField, readonly number[]>>>

export type ColumnsProblem =
  | { readonly kind: 'unknown_column'; readonly field: ColumnField; readonly wanted: string }
  | { readonly kind: 'ambiguous'; readonly field: ColumnField; readonly titles: readonly string[] }

/** What was named wins; the rest is guessed from the titles, of the fields that are asked for. */
export function chooseColumns(
  header: readonly string[],
  named: Readonly<Partial<Record<ColumnField, readonly string[]>>>,
  fields: readonly ColumnField[],
): { kind: 'ok'; columns: ColumnMap } | ColumnsProblem {
  const guess: Guess = guessColumns(header)
  const columns: Partial<Record<ColumnField, readonly number[]>> = {}
  const taken = new Set<number>()
  for (const field of fields) {
    const wanted = named[field]
    if (wanted === undefined) continue
    const found: number[] = []
    for (const title of wanted) {
      const column = findColumn(header, title)
      if (column === undefined) return { kind: 'unknown_column', field, wanted: title }
      found.push(column)
      taken.add(column)
    }
    columns[field] = found
  }
  for (const field of fields) {
    if (named[field] !== undefined) continue
    const found = (guess.columns.get(field) ?? []).filter((column) => !taken.has(column))
    if (found.length > 1 && guess.ambiguous.includes(field)) {
      return { kind: 'ambiguous', field, titles: found.map((column) => header[column] ?? '') }
    }
    if (found.length > 0) columns[field] = found
  }
  return { kind: 'ok', columns }
}

/** `e-mail from "E-mailadres"; phone from "GSM"`: what will be read as what. */
export function describeColumns(header: readonly string[], columns: ColumnMap): string {
  return Object.entries(columns)
    .map(([field, found]) => `${flagOf(field)} from ${found.map((column) => `"${header[column]}"`).join(' and ')}`)
    .join('; ')
}

/** The flag of a field, as it is typed: `customer-since`. */
export function flagOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
