import { type Change, changeBetween, type Interval, wilsonInterval } from '@verzet/core'
import type { Queryable } from '../../storage/database.ts'
import type { Dimension, Measure } from '../../storage/insight-days.ts'
import { type InsightRow, listInsight } from '../../storage/insight-totals.ts'
import { addDays, daysBetween, type Period, periodBefore, planReading } from './days.ts'

export type InsightQuestion = {
  readonly brand: string
  readonly channel?: string
  readonly measure: Measure
  readonly dimension: Dimension | 'channel'
  readonly period: Period
}

/** How many messages there were to leave by, and what of them became a no. */
export type Rate = Interval & { readonly share: number; readonly sent: number }

export type InsightLine = {
  readonly value: string
  readonly count: number
  readonly before: number
  /** Counts by the steps of the period. */
  readonly series: readonly number[]
  /** Undefined where nothing is known to have been sent. */
  readonly rate?: Rate
  /** Against the period before: of the messages sent where they are known in both, else of everything that was counted. */
  readonly change: Change
}

export type Insight = {
  readonly question: InsightQuestion
  /** The first day of each step, and whether a step is a day, a week or a month. */
  readonly steps: readonly string[]
  readonly stepKind: StepKind
  readonly lines: readonly InsightLine[]
  readonly total: InsightLine
  /** Noes within a minute of a message; they are part of the total. */
  readonly scanner: number
}

export type StepKind = 'day' | 'week' | 'month'
/** More points than this are not told apart on a phone. */
const dayStepsMax = 31
const weekStepsMax = 26

/** What is counted of one brand in a period, by one dimension, beside the period before. */
export async function readInsight(db: Queryable, question: InsightQuestion): Promise<Insight> {
  const { brand, channel, dimension, period, measure } = question
  const { steps, stepKind } = stepsOf(period)
  const both = { from: periodBefore(period).from, to: period.to }
  const range = { brand, ...(channel !== undefined && { channel }), measure, steps, ...planReading(both, steps) }
  const [all, totals] = await Promise.all([
    listInsight(db, { ...range, dimension }),
    listInsight(db, { ...range, dimension: 'all' }),
  ])
  // Only of these is it known by what a message was sent.
  const isSplitBySends = dimension === 'channel' || dimension === 'topic' || dimension === 'campaign'
  const grand = sums(totals, measure)
  const line = (value: string, rows: readonly InsightRow[], sendRows: readonly InsightRow[]): InsightLine => {
    const counted = sums(rows, measure)
    const sent = sums(sendRows, 'sent')
    const hasSends = measure !== 'sent' && measure !== 'asked' && sent.now > 0
    const isKnownTwice = hasSends && sent.before > 0
    return {
      value,
      count: counted.now,
      before: counted.before,
      series: seriesOf(rows, measure, steps.length),
      ...(hasSends && { rate: rateOf(counted.now, sent.now) }),
      change: changeBetween(
        { count: counted.now, total: isKnownTwice ? sent.now : grand.now },
        { count: counted.before, total: isKnownTwice ? sent.before : grand.before },
      ),
    }
  }
  const lines = [...groupByValue(all)]
    .map(([value, rows]) => line(value, rows, isSplitBySends ? rows : totals))
    .filter(({ count, before }) => count + before > 0)
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value))
  return { question, steps, stepKind, lines, total: line('', totals, totals), scanner: sums(totals, 'scanner').now }
}

function groupByValue(rows: readonly InsightRow[]): Map<string, InsightRow[]> {
  const groups = new Map<string, InsightRow[]>()
  for (const row of rows) {
    const group = groups.get(row.value)
    if (group === undefined) groups.set(row.value, [row])
    else group.push(row)
  }
  return groups
}

function seriesOf(rows: readonly InsightRow[], measure: Measure, length: number): number[] {
  const series = Array.from({ length }, () => 0)
  for (const row of rows) {
    if (row.measure === measure && row.step > 0) series[row.step - 1] = (series[row.step - 1] ?? 0) + row.count
  }
  return series
}

function sums(rows: readonly InsightRow[], measure: Measure) {
  let [now, before] = [0, 0]
  for (const row of rows) {
    if (row.measure !== measure) continue
    if (row.step > 0) now += row.count
    else before += row.count
  }
  return { now, before }
}

function rateOf(count: number, sent: number): Rate {
  return { share: count / sent, sent, ...wilsonInterval(Math.min(count, sent), sent) }
}

/** Days while they can be told apart, then weeks of seven days from the first, then months. */
function stepsOf(period: Period): { steps: string[]; stepKind: StepKind } {
  const days = daysBetween(period.from, period.to)
  if (days.length <= dayStepsMax) return { steps: days, stepKind: 'day' }
  if (days.length <= weekStepsMax * 7) {
    const steps = Array.from({ length: Math.ceil(days.length / 7) }, (_, week) => addDays(period.from, week * 7))
    return { steps, stepKind: 'week' }
  }
  const months = [...new Set(days.map((day) => `${day.slice(0, 7)}-01`))]
  // The first month begins with the period.
  return { steps: [period.from, ...months.slice(1)], stepKind: 'month' }
}
