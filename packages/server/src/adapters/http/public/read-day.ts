/**
 * The start of a day, `2026-12-03`, where the reader lives: "no advertising until the 3rd" leaves the 3rd itself free.
 * Undefined for a day that no calendar has.
 */
export function readDay(value: string | undefined, timeZone: string): number | undefined {
  const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(value ?? '') ?? []).map(Number)
  if (year === undefined || month === undefined || day === undefined) return undefined
  const midnight = Date.UTC(year, month - 1, day)
  // Date.UTC takes a 31st of February for the 3rd of March.
  if (new Date(midnight).toISOString().slice(0, 10) !== value) return undefined
  const nearly = midnight - clockAhead(midnight, timeZone)
  // Once more, for the day on which the clocks change.
  return midnight - clockAhead(nearly, timeZone)
}

/** How far the clocks of a time zone are ahead of UTC at a moment, in milliseconds. */
function clockAhead(at: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  })
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - at
}
