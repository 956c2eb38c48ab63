import type { Queryable } from './database.ts'
import type { Dimension, Measure } from './insight-days.ts'

export type InsightRow = {
  readonly measure: Measure
  readonly value: string
  /** 0: before the first step; of other measures than the one that is asked for, 1 stands for all steps. */
  readonly step: number
  readonly count: number
}

export type InsightRange = {
  readonly brand: string
  readonly channel?: string
  /** By channel, the values are those of the channel. */
  readonly dimension: Dimension | 'channel'
  readonly measure: Measure
  /** First days of the months that are read as their sums: none holds a step's first day but as its own first. */
  readonly months: readonly string[]
  /** What is read day by day: YYYY-MM-DD, both included. */
  readonly days: readonly { readonly from: string; readonly to: string }[]
  /** The first day of each step, in their order. */
  readonly steps: readonly string[]
}

/** Planned anew each time: by campaign it reads a thousand times as many rows as by channel. */
const listSteps = `
  select measure, value, step, sum(count)::float8 as count from (
    select measure, case when $2 = 'channel' then channel else value end as value, count,
      case when measure = $4 then width_bucket(day, $5::date[]) else least(1, width_bucket(day, $5::date[])) end as step
    from (
      select brand, dimension, measure, channel, value, month as day, count from insight_monthly where month = any($6::date[])
      union all
      select brand, dimension, measure, channel, value, day, count
      from unnest($7::date[], $8::date[]) as stretch (first, last)
      join insight_daily on day >= first and day <= last
    ) read
    where brand in ($1, '') and dimension = case when $2 = 'channel' then 'all' else $2 end
      and measure in ($4, 'sent', 'scanner') and ($3::text is null or channel = $3)
  ) counted
  group by measure, value, step`

/** The counts of a brand and of what named no brand, which concerns them all, by step. */
export async function listInsight(db: Queryable, range: InsightRange): Promise<InsightRow[]> {
  const { brand, dimension, channel = null, measure, months, days, steps } = range
  const [firsts, lasts] = [days.map(({ from }) => from), days.map(({ to }) => to)]
  return db.query<InsightRow>(listSteps, [brand, dimension, channel, measure, steps, months, firsts, lasts])
}

/** The days on which a value was counted, the latest first. */
export async function listDaysOf(
  db: Queryable,
  wanted: {
    readonly brand: string
    readonly channel?: string
    readonly dimension: Dimension
    readonly measure: Measure
    readonly value: string
    readonly from: string
    readonly to: string
  },
): Promise<string[]> {
  const text = `select distinct day::text as day from insight_daily
    where brand in ($1, '') and dimension = $2 and day >= $3::date and day <= $4::date and measure = $5 and value = $6
      and ($7::text is null or channel = $7)
    order by day desc`
  const { brand, dimension, from, to, measure, value, channel = null } = wanted
  const rows = await db.query<{ day: string }>(text, [brand, dimension, from, to, measure, value, channel])
  return rows.map(({ day }) => day)
}
