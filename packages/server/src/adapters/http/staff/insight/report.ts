import { lastMonth, type Period, periodBefore } from '../../../../services/insight/days.ts'
import { readMonthReport } from '../../../../services/insight/read-report.ts'
import { may } from '../../../../services/staff/permissions.ts'
import { renderNotice } from '../sign-in-page.tsx'
import { type StaffAnswer, type StaffAsking, staffPage } from '../staff-page.ts'
import { staffFrame } from '../staff-reading.ts'
import { numbersIn } from './insight-numbers.ts'
import { type InsightQuery, queryWord, readInsightQuery } from './insight-query.ts'
import type { InsightParts } from './insight-room.ts'
import { namesOfValues } from './insight-words.ts'
import { peopleHref, tablePeopleHref } from './people-href.ts'
import type { ReportParts } from './report-body.tsx'
import { renderReport } from './report-page.tsx'

/** The last month that is over, or the one that is asked for. */
export async function showReport(parts: InsightParts, request: StaffAsking): Promise<StaffAnswer> {
  const { hub } = parts
  const frame = staffFrame(parts, request, '/insight/report')
  const query = readInsightQuery(request, hub.catalog, hub.clock())
  if (query === undefined) return staffPage(200, renderNotice(frame, 'insight.report', 'insight.noBrand'))
  const report =
    (await readMonthReport(hub, query.brand, queryWord(request, 'month') ?? '')) ??
    (await readMonthReport(hub, query.brand, lastMonth(hub.clock())))
  if (report === undefined) throw new Error('the last month is no month')
  const { language, text } = frame
  const nameOf = await namesOfValues(hub, query.brand, language, text)
  const seesPeople = may(request.staff?.session.roles ?? [], 'people')
  const hrefs = seesPeople && { hrefs: hrefsOf(query, report.period) }
  const words = { text, numbers: numbersIn(language), nameOf }
  const isRunning = report.month > lastMonth(hub.clock())
  const model = { frame, query, brands: hub.catalog.brands(), report, isRunning, ...words, ...hrefs }
  return staffPage(200, renderReport(model))
}

/** The report is of the whole brand, whatever the other pages of the room were asked for. */
function hrefsOf(asked: InsightQuery, period: Period): NonNullable<ReportParts['hrefs']> {
  const { channel: _, ...query } = asked
  return {
    line: ({ question: { dimension, measure } }, value, isBefore) =>
      peopleHref(query, { by: dimension, value, measure, period: isBefore ? periodBefore(period) : period }),
    kept: (alternative) => tablePeopleHref({ ...query, period }, 'kept', alternative, 'taken'),
  }
}
