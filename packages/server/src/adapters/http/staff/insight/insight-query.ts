import { channels } from '@verzet/core'
import type { Catalog } from '../../../../services/catalog.ts'
import { addDays, dayOf, firstDay, type Period, startOf } from '../../../../services/insight/days.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { type Dimension, dimensions, type Measure } from '../../../../storage/insight-days.ts'
import type { StaffAsking } from '../staff-page.ts'

/** What a page of insight can be asked for; the same words in every address. */
export type InsightQuery = {
  readonly brand: BrandRow
  readonly channel?: string
  readonly measure: Measure
  readonly by: Dimension | 'channel'
  readonly period: Period
  /** Of the report, so that it is still there after a look at another page of the room. */
  readonly month?: string
  readonly lang?: string
}

export const measuresOffered = ['left', 'paused', 'less', 'scanner', 'sent'] as const
export const splitsOffered = [
  'channel',
  'topic',
  'campaign',
  'signal',
  'reason',
  'language',
  'age',
  'since_send',
] as const satisfies readonly (Dimension | 'channel')[]
const splitsOfSends = ['all', 'channel', 'topic', 'campaign'] as const

const daysDefault = 90
/** Three years, beside the three before: more days than that are a report of their own. */
const daysMax = 1_096

/** Reads an address; what is no answer to its question is as if it was not there. Undefined where there is no brand. */
export function readInsightQuery(request: StaffAsking, catalog: Catalog, now: number): InsightQuery | undefined {
  const brand = catalog.brand(queryWord(request, 'brand') ?? '') ?? catalog.brands()[0]
  if (brand === undefined) return undefined
  const channel = channels.find((one) => one === queryWord(request, 'channel'))
  const measure = measuresOffered.find((one) => one === queryWord(request, 'what')) ?? 'left'
  const asked = [...splitsOffered, ...dimensions].find((one) => one === queryWord(request, 'by')) ?? 'channel'
  const isCounted = measure !== 'sent' || splitsOfSends.some((one) => one === asked)
  const lang = queryWord(request, 'lang')
  const month = queryWord(request, 'month')
  return {
    brand,
    ...(channel !== undefined && { channel }),
    measure,
    by: isCounted ? asked : 'channel',
    period: readPeriod(queryWord(request, 'from'), queryWord(request, 'to'), now),
    ...(month !== undefined && /^\d{4}-\d\d$/.test(month) && { month }),
    ...(lang !== undefined && { lang }),
  }
}

export function queryWord({ query }: StaffAsking, name: string): string | undefined {
  if (typeof query !== 'object' || query === null) return undefined
  const value: unknown = Reflect.get(query, name)
  const isWord = typeof value === 'string' && value !== '' && value.length <= 200 && !value.includes('\0')
  return isWord ? value : undefined
}

function readPeriod(from: string | undefined, to: string | undefined, now: number): Period {
  const today = dayOf(now)
  const last = readDay(to) ?? today
  const first = readDay(from) ?? addDays(last, 1 - daysDefault)
  const [start, end] = first <= last ? [first, last] : [last, first]
  const earliest = addDays(end, -daysMax)
  return { from: laterOf(start, earliest), to: end }
}

function laterOf(one: string, other: string): string {
  return one.localeCompare(other) >= 0 ? one : other
}

function readDay(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined
  const at = startOf(text)
  return Number.isNaN(at) || dayOf(at) !== text || text < firstDay ? undefined : text
}

/** A question in the words of an address, as a form keeps those that it does not ask for. */
export function insightWords(query: InsightQuery): Readonly<Record<string, string>> {
  const { brand, channel, measure, by, period, month, lang } = query
  return {
    brand: brand.id,
    ...(channel !== undefined && { channel }),
    what: measure,
    by,
    from: period.from,
    to: period.to,
    ...(month !== undefined && { month }),
    ...(lang !== undefined && { lang }),
  }
}

/** An address of this room that asks the same, but for what is named. */
export function insightHref(path: string, query: InsightQuery, more: Readonly<Record<string, string>> = {}): string {
  return `${path}?${new URLSearchParams({ ...insightWords(query), ...more })}`
}
