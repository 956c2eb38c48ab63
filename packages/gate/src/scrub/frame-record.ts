import { carriageReturn, newline, quote, rowUnitsMax } from './row-marks.ts'
import type { Units } from './row-scanner.ts'

/** A quoted field may hold line breaks (a postal address). More than this is a quote that was never closed. */
const recordLinesMax = 20

export type FrameProblem = 'row_too_long' | 'quote_not_closed' | 'quote_misplaced' | 'stray_carriage_return'

/** `at` is where the next row begins; of a row that is too long, -1: its end has to be looked for. */
export type Framed =
  | { readonly kind: 'more' }
  | { readonly kind: 'record'; readonly at: number; readonly lines: number; readonly problem?: FrameProblem }

type Reading = {
  readonly units: Units
  readonly start: number
  readonly to: number
  readonly delimiter: number
  readonly isEnd: boolean
}

/**
 * The row that begins at `start`, by RFC 4180 with any delimiter of one unit. Of a row whose quotes do not close only the
 * first line is given up: the lines after it are read anew, so that one stray quote never swallows those that follow.
 */
export function frameRecord(reading: Reading): Framed {
  const { units, start, to, isEnd } = reading
  const line = frameLine(reading)
  if (line.kind === 'more' || line.problem !== undefined) return line
  if (units.subarray(start, line.at).includes(quote)) return frameQuoted(reading, line.at)
  return hasStrayReturn(units, start, line.at, isEnd && line.at === to)
    ? { ...line, problem: 'stray_carriage_return' }
    : line
}

/** The line that begins at `start`, whatever is in it. */
export function frameLine({ units, start, to, isEnd }: Omit<Reading, 'delimiter'>): Framed {
  const found = units.subarray(start, to).indexOf(newline)
  const end = found < 0 ? -1 : start + found + 1
  const length = (end < 0 ? to : end) - start
  if (length > rowUnitsMax) return { kind: 'record', at: end, lines: 1, problem: 'row_too_long' }
  if (end >= 0) return { kind: 'record', at: end, lines: 1 }
  return isEnd ? { kind: 'record', at: to, lines: 1 } : { kind: 'more' }
}

function frameQuoted({ units, start, to, delimiter, isEnd }: Reading, lineEnd: number): Framed {
  const broken = (problem: FrameProblem): Framed => ({ kind: 'record', at: lineEnd, lines: 1, problem })
  let lines = 1
  let isQuoted = false
  let hasStray = false
  let fieldStart = start
  for (let at = start; at < to; at += 1) {
    if (at - start > rowUnitsMax) return broken(isQuoted ? 'quote_not_closed' : 'row_too_long')
    const unit = units[at]
    const next = at + 1 < to ? units[at + 1] : undefined
    if (next === undefined && !isEnd && unit !== newline) return { kind: 'more' }
    if (isQuoted) {
      if (unit === newline) lines += 1
      if (lines > recordLinesMax) return broken('quote_not_closed')
      if (unit !== quote) continue
      if (next === quote) at += 1
      else if (next === undefined || next === delimiter || next === newline || next === carriageReturn) isQuoted = false
      else return broken('quote_misplaced')
    } else if (unit === newline) {
      const end = { kind: 'record', at: at + 1, lines } as const
      return hasStray ? { ...end, problem: 'stray_carriage_return' } : end
    } else if (unit === carriageReturn) hasStray ||= next !== newline && next !== undefined
    else if (unit === quote && at === fieldStart) isQuoted = true
    else if (unit === delimiter) fieldStart = at + 1
  }
  if (!isEnd) return { kind: 'more' }
  if (isQuoted) return broken('quote_not_closed')
  return { kind: 'record', at: to, lines, ...(hasStray && { problem: 'stray_carriage_return' as const }) }
}

/** A carriage return alone is a line end to some readers and a sign to others: nobody can say who is in such a row. */
function hasStrayReturn(units: Units, start: number, end: number, isLast: boolean): boolean {
  const line = units.subarray(start, end)
  for (let at = line.indexOf(carriageReturn); at >= 0; at = line.indexOf(carriageReturn, at + 1)) {
    if (at + 1 < line.length ? line[at + 1] !== newline : !isLast) return true
  }
  return false
}

/** Where the row ends without its line end. */
export function contentEnd(units: Units, start: number, end: number): number {
  const before = end > start && units[end - 1] === newline ? end - 1 : end
  return before > start && units[before - 1] === carriageReturn ? before - 1 : before
}

/** Where a field lies, without its quotes. */
export type Field = { readonly start: number; readonly end: number; readonly isQuoted: boolean }

/** The fields of a row that was framed without a problem; `end` without its line end. */
export function splitRecord(units: Units, start: number, end: number, delimiter: number): Field[] {
  const fields: Field[] = []
  for (let at = start; ; ) {
    const isQuoted = at < end && units[at] === quote
    const close = isQuoted ? closingQuote(units, at + 1, end) : at
    let next = close
    while (next < end && units[next] !== delimiter) next += 1
    fields.push({ start: isQuoted ? at + 1 : at, end: isQuoted ? close : next, isQuoted })
    if (next >= end) return fields
    at = next + 1
  }
}

function closingQuote(units: Units, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    if (units[at] !== quote) continue
    if (at + 1 >= end || units[at + 1] !== quote) return at
    at += 1
  }
  return end
}
