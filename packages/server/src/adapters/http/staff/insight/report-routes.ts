import type { FastifyReply, FastifyRequest } from 'fastify'
import { lastMonth } from '../../../../services/insight/days.ts'
import { readMonthReport } from '../../../../services/insight/read-report.ts'
import { renderNotice } from '../sign-in-page.tsx'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import { numbersIn } from './insight-numbers.ts'
import { queryWord, readInsightQuery } from './insight-query.ts'
import { namesOfValues } from './insight-words.ts'
import { renderReport } from './report-page.tsx'

/** The last month that is over, or the one that is asked for. */
export async function showReport(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { hub } = parts
  const frame = staffFrame(parts, request, '/insight/report')
  const query = readInsightQuery(request, hub.catalog, hub.clock())
  if (query === undefined) return sendStaffPage(reply, 200, renderNotice(frame, 'insight.report', 'insight.noBrand'))
  const report =
    (await readMonthReport(hub, query.brand, queryWord(request, 'month') ?? '')) ??
    (await readMonthReport(hub, query.brand, lastMonth(hub.clock())))
  if (report === undefined) throw new Error('the last month is no month')
  const { language, text } = frame
  const nameOf = await namesOfValues(hub, query.brand, language, text)
  const model = { frame, query, brands: hub.catalog.brands(), report, text, numbers: numbersIn(language), nameOf }
  return sendStaffPage(reply, 200, renderReport(model))
}
