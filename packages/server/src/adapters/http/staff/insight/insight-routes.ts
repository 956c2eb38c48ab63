import type { FastifyReply, FastifyRequest } from 'fastify'
import { readComments, readTag, tagComment } from '../../../../services/insight/comments.ts'
import { readInsight } from '../../../../services/insight/read-insight.ts'
import { readCadenceLives, readKept } from '../../../../services/insight/read-lives.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import { findProgress } from '../../../../storage/insight-days.ts'
import { postedField } from '../access.ts'
import { renderNotice } from '../sign-in-page.tsx'
import { type StaffParts, sendStaffPage } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { chartAsPng, chartOnPage } from './chart.ts'
import { csvOf } from './csv.ts'
import { linesChart, survivalChart } from './insight-charts.ts'
import { renderInsight } from './insight-page.tsx'
import { type InsightQuery, insightHref, queryWord, readInsightQuery } from './insight-query.ts'
import { readRoom } from './insight-room.ts'
import { tableRows } from './insight-rows.ts'
import { showPeople } from './people-routes.ts'
import { showReport } from './report-routes.ts'
import { renderWords } from './words-page.tsx'

/** What can be learned from leaving. Looking changes nothing; the one act is a tag on a comment. */
export const insightRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/insight', access: 'insight', handle: showInsight },
  { method: 'GET', url: '/insight/table.csv', access: 'insight', handle: sendTable },
  { method: 'GET', url: '/insight/chart.png', access: 'insight', handle: sendPicture },
  { method: 'GET', url: '/insight/words', access: 'insight', handle: showWords },
  { method: 'POST', url: '/insight/words', access: 'insight', handle: changeTag },
  { method: 'GET', url: '/insight/people', access: 'people', handle: showPeople },
  { method: 'GET', url: '/insight/report', access: 'insight', handle: showReport },
]

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

function questionOf({ brand, channel, measure, by, period }: InsightQuery) {
  return { brand: brand.id, ...(channel !== undefined && { channel }), measure, dimension: by, period }
}

async function showInsight(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { frame, room } = await readRoom(parts, request, '/insight')
  if (room === undefined) return sendStaffPage(reply, 200, renderNotice(frame, 'insight.title', 'insight.noBrand'))
  const { insightDb: db, catalog } = parts.hub
  const { query, numbers, nameOf } = room
  const question = questionOf(query)
  const [insight, answers, kept, lives, progress] = await Promise.all([
    readInsight(db, question),
    readInsight(db, { ...question, measure: 'asked', dimension: 'answer' }),
    readKept(db, query.brand.id, query.period),
    readCadenceLives(db, query.brand.id),
    findProgress(db, 'days'),
  ])
  const html = renderInsight({
    ...room,
    brands: catalog.brands(),
    insight,
    answers,
    kept,
    lives,
    linesSvg: insight.lines.length === 0 ? '' : await chartOnPage(linesChart(insight, frame.text, numbers, nameOf)),
    livesSvg: lives.length === 0 ? '' : await chartOnPage(survivalChart(lives, frame.text, numbers)),
    ...(progress !== undefined && { countedAt: progress.workedAt }),
  })
  return sendStaffPage(reply, 200, html)
}

async function sendTable(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { frame, room } = await readRoom(parts, request, '/insight')
  if (room === undefined) return sendStaffPage(reply, 404, renderNotice(frame, 'insight.title', 'insight.noBrand'))
  const table = queryWord(request, 'table') ?? 'lines'
  const rows = await tableRows(parts.hub.insightDb, table, questionOf(room.query), frame, room.nameOf)
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-disposition', attachedAs(room.query, table === 'lines' ? room.query.by : table, 'csv'))
    .send(csvOf(rows))
}

async function sendPicture(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { frame, room } = await readRoom(parts, request, '/insight')
  if (room === undefined) return sendStaffPage(reply, 404, renderNotice(frame, 'insight.title', 'insight.noBrand'))
  const { insightDb: db } = parts.hub
  const { query, numbers, nameOf } = room
  const isOfLives = queryWord(request, 'chart') === 'lives'
  const chart = isOfLives
    ? survivalChart(await readCadenceLives(db, query.brand.id), frame.text, numbers)
    : linesChart(await readInsight(db, questionOf(query)), frame.text, numbers, nameOf)
  return reply
    .header('content-type', 'image/png')
    .header('cache-control', 'no-store')
    .header('content-disposition', attachedAs(query, isOfLives ? 'lives' : query.by, 'png'))
    .send(Buffer.from(await chartAsPng(chart)))
}

/** Several are kept side by side: each says what is in it. */
function attachedAs({ brand, period, measure }: InsightQuery, what: string, ending: string): string {
  const about = what.replace(/[^a-z_]/g, '')
  return `attachment; filename="insight-${brand.id}-${measure}-${about}-${period.from}-${period.to}.${ending}"`
}

async function showWords(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { frame, room } = await readRoom(parts, request, '/insight/words')
  if (room === undefined) return sendStaffPage(reply, 200, renderNotice(frame, 'insight.words', 'insight.noBrand'))
  const search = readSearch(request)
  const comments = await readComments(parts.hub, room.query.brand.id, room.query.period, search)
  return sendStaffPage(reply, 200, renderWords({ ...room, search, comments, brands: parts.hub.catalog.brands() }))
}

function readSearch(request: FastifyRequest) {
  const [word, tag] = [queryWord(request, 'word'), queryWord(request, 'tag')]
  return { ...(word !== undefined && { word }), ...(tag !== undefined && { tag }) }
}

/** Puts a tag on a comment or takes one off, and shows the same search again. */
async function changeTag(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const query = readInsightQuery(request, parts.hub.catalog, parts.hub.clock())
  const off = postedField(request, 'off')
  const tag = readTag(off ?? postedField(request, 'tag') ?? '')
  const [subjectKey = '', choiceId = ''] = [postedField(request, 'subject'), postedField(request, 'choice')]
  if (tag !== undefined && uuid.test(subjectKey) && uuid.test(choiceId)) {
    const actor = staffActor(request.staff?.session.staffId ?? '')
    await tagComment(parts.hub, { subjectKey, choiceId, tag }, off === undefined, actor)
  }
  return reply.redirect(
    query === undefined ? '/insight' : insightHref('/insight/words', query, readSearch(request)),
    303,
  )
}
