import type { BrandRow } from '../../storage/catalog.ts'
import type { Hub } from '../hub.ts'
import { readComments } from './comments.ts'
import { monthPeriod, type Period } from './days.ts'
import type { Keyword } from './keywords.ts'
import { type Insight, readInsight } from './read-insight.ts'
import { type KeptBy, readKept } from './read-lives.ts'

/** What a month's report is split by, in its order. */
export const reportSplits = ['channel', 'topic', 'campaign', 'reason', 'signal'] as const

export type MonthReport = {
  readonly brand: BrandRow
  readonly month: string
  readonly period: Period
  readonly splits: readonly Insight[]
  readonly kept: readonly KeptBy[]
  readonly keywords: readonly Keyword[]
}

/** As many lines of each table as somebody reads in a mail. */
export const reportLinesMax = 8
const reportWordsMax = 12

/** One month of one brand beside the month before; undefined for what is no month. Names nobody. */
export async function readMonthReport(
  hub: Pick<Hub, 'insightDb'>,
  brand: BrandRow,
  month: string,
): Promise<MonthReport | undefined> {
  const period = monthPeriod(month)
  if (period === undefined) return undefined
  const splits: Insight[] = []
  for (const dimension of reportSplits) {
    splits.push(await readInsight(hub.insightDb, { brand: brand.id, measure: 'left', dimension, period }))
  }
  const kept = await readKept(hub.insightDb, brand.id, period)
  const { keywords } = await readComments(hub, brand.id, period, {})
  return { brand, month, period, splits, kept, keywords: keywords.slice(0, reportWordsMax) }
}
