const dayMs = 86_400_000
/** Nobody was written to electronically before; with no bound a question reaches years that no date can name. */
export const firstDay = '1970-01-01'

/** A day as YYYY-MM-DD, in UTC as all of insight counts. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

export function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}

export function addDays(day: string, days: number): string {
  return dayOf(startOf(day) + days * dayMs)
}

/** Every day from one to another, both included. */
export function daysBetween(from: string, to: string): string[] {
  const count = Math.max(0, Math.round((startOf(to) - startOf(from)) / dayMs) + 1)
  return Array.from({ length: count }, (_, index) => addDays(from, index))
}

export type Period = { readonly from: string; readonly to: string }

/** As many days again, just before. */
export function periodBefore({ from, to }: Period): Period {
  const days = Math.round((startOf(to) - startOf(from)) / dayMs) + 1
  return { from: addDays(from, -days), to: addDays(from, -1) }
}

export type ReadingPlan = { readonly months: readonly string[]; readonly days: readonly Period[] }

/** The whole months of a period in which no step begins but with the month itself, and the days around them. */
export function planReading({ from, to }: Period, steps: readonly string[]): ReadingPlan {
  const months: string[] = []
  const days: Period[] = []
  for (let day = from; day <= to; ) {
    const month = monthOf(day)
    const isWhole = day === month.from && month.to <= to && !steps.some((step) => step > month.from && step <= month.to)
    const end = month.to < to ? month.to : to
    const last = days.at(-1)
    if (isWhole) months.push(day)
    else if (last !== undefined && addDays(last.to, 1) === day) days.splice(-1, 1, { from: last.from, to: end })
    else days.push({ from: day, to: end })
    day = addDays(end, 1)
  }
  return { months, days }
}

function monthOf(day: string): Period {
  const [year = 0, number = 1] = day.split('-').map(Number)
  return { from: `${day.slice(0, 7)}-01`, to: dayOf(Date.UTC(year, number, 0)) }
}

/** `2026-10` as its first and last day; undefined for what is no month. */
export function monthPeriod(month: string): Period | undefined {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month) || month < firstDay) return undefined
  return monthOf(`${month}-01`)
}

/** The last month that is over. */
export function lastMonth(now: number): string {
  const date = new Date(now)
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 0)).slice(0, 7)
}
