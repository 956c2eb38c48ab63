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

/** `2026-10` as its first and last day; undefined for what is no month. */
export function monthPeriod(month: string): Period | undefined {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month) || month < firstDay) return undefined
  const [year = 0, number = 1] = month.split('-').map(Number)
  return { from: `${month}-01`, to: dayOf(Date.UTC(year, number, 0)) }
}

/** The last month that is over. */
export function lastMonth(now: number): string {
  const date = new Date(now)
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 0)).slice(0, 7)
}
