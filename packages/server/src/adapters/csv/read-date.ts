export type DateProblem = 'unreadable' | 'in_the_future'

/** A day when the file gives no time; a moment when it does. Both as ms since 1970, a day as its first moment UTC. */
export type DateRead =
  | { readonly kind: 'ok'; readonly at: number; readonly isDay: boolean }
  /** What programs write where they have none. */
  | { readonly kind: 'no_date' }
  | { readonly kind: 'problem'; readonly reason: DateProblem }

export const dayMs = 86_400_000
/** Somewhere it is already tomorrow: UTC+14 at most. */
const aheadMaxMs = 14 * 3_600_000

/**
 * The first day that a program can count, or the one before it, stands for "no date" in an export: Windows (1601), SQL
 * Server and Dynamics (1753), OLE and spreadsheets (1899, 1900, 1904), MySQL's YEAR (1901), Unix (1970, west of
 * Greenwich 1969). Nobody said a thing on one of them.
 */
const placeholderDays = new Set(
  '1601-01-01 1753-01-01 1899-12-30 1899-12-31 1900-01-00 1900-01-01 1901-01-01 1904-01-01 1969-12-31 1970-01-01'.split(
    ' ',
  ),
)
/** MySQL's zero date, the first day of .NET and SQL, and the last one of both. */
const placeholderYears = new Set(['0000', '0001', '9999'])

const isoShape =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i
const dayFirstShape = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/

/**
 * Reads `2024-05-01`, `2024-05-01T10:00:00+02:00`, `2024-05-01 10:00`, and day-first `1/5/2024`, `01-05-2024`,
 * `1.5.2024`, with or without a time. A time without a zone is read as UTC. Month-first dates are not guessed: the
 * thirteenth month is an error, not another order. `1900-01-01` and its like are no date.
 */
export function readDate(text: string, now: number): DateRead {
  if (isPlaceholder(text)) return { kind: 'no_date' }
  const at = parseIso(text) ?? parseDayFirst(text)
  if (at === undefined) return { kind: 'problem', reason: 'unreadable' }
  if (at.at > now + aheadMaxMs) return { kind: 'problem', reason: 'in_the_future' }
  return { kind: 'ok', ...at }
}

export function looksLikeDate(text: string): boolean {
  return (parseIso(text) ?? parseDayFirst(text)) !== undefined
}

/** By the day as it is written: the clock and the zone beside it are those of the program. */
function isPlaceholder(text: string): boolean {
  const [, isoYear, isoMonth, isoDay] = isoShape.exec(text) ?? []
  const [, day, , month, year] = dayFirstShape.exec(text) ?? []
  const written = isoYear ?? year
  if (written === undefined) return false
  const two = (part: Part) => (part ?? '').padStart(2, '0')
  return (
    placeholderYears.has(written) || placeholderDays.has(`${written}-${two(isoMonth ?? month)}-${two(isoDay ?? day)}`)
  )
}

function parseIso(text: string) {
  const match = isoShape.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, zone] = match
  return moment([year, month, day], [hour, minute, second], zone)
}

function parseDayFirst(text: string) {
  const match = dayFirstShape.exec(text)
  if (match === null) return undefined
  const [, day, , month, year, hour, minute, second] = match
  return moment([year, month, day], [hour, minute, second])
}

type Part = string | undefined

function moment(date: readonly [Part, Part, Part], time: readonly [Part, Part, Part], zone?: string) {
  const [year, month, day] = date.map(Number)
  const [hour, minute, second] = time.map((part) => Number(part ?? 0))
  if (year === undefined || month === undefined || day === undefined) return undefined
  const at = Date.UTC(year, month - 1, day, hour, minute, second)
  const read = new Date(at)
  // Date.UTC rolls the thirtieth of February over into March.
  if (read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day || year < 1900) return undefined
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined
  return { at: at - zoneMs(zone), isDay: time[0] === undefined }
}

function zoneMs(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '')
  if (match === null) return 0
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000
}
