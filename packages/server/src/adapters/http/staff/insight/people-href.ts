import type { Period } from '../../../../services/insight/days.ts'
import type { Measure } from '../../../../storage/insight-days.ts'
import type { KeptPart } from '../../../../storage/insight-leaves.ts'
import { type InsightQuery, insightHref } from './insight-query.ts'

type Number = {
  readonly by: InsightQuery['by']
  readonly value: string
  readonly period: Period
  readonly measure?: Measure
}

/** Where the people behind a number of the question are. */
export function peopleHref(query: InsightQuery, { by, value, period, measure = query.measure }: Number): string {
  return insightHref('/insight/people', query, { what: measure, by, value, from: period.from, to: period.to })
}

/** Where the people behind a number of one of the lower tables are. */
export function tablePeopleHref(
  query: InsightQuery,
  table: 'answers' | 'kept' | 'lives',
  value: string,
  part?: KeptPart,
): string {
  return insightHref('/insight/people', query, { table, value, ...(part !== undefined && { part }) })
}
