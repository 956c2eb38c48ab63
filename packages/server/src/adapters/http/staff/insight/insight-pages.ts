import { readComments } from '../../../../services/insight/comments.ts'
import { readInsight } from '../../../../services/insight/read-insight.ts'
import { readCadenceLives, readKept } from '../../../../services/insight/read-lives.ts'
import { findProgress } from '../../../../storage/insight-days.ts'
import type { Access } from '../access.ts'
import { renderNotice } from '../sign-in-page.tsx'
import { type StaffAnswer, type StaffAsking, staffFile, staffPage } from '../staff-page.ts'
import { chartAsPng, chartOnPage } from './chart.ts'
import { csvOf } from './csv.ts'
import { linesChart, survivalChart } from './insight-charts.ts'
import { renderInsight } from './insight-page.tsx'
import { type InsightQuery, queryWord } from './insight-query.ts'
import { type InsightParts, readRoom } from './insight-room.ts'
import { tableRows } from './insight-rows.ts'
import { showPeople } from './people-behind.ts'
import { showReport } from './report.ts'
import { renderWords } from './words-page.tsx'

/** A page of the room, from the data alone: it is put together in the thread that answers, or in one of its own. */
export type InsightPage = {
  readonly access: Access
  read(parts: InsightParts, request: StaffAsking): Promise<StaffAnswer>
}

/** What can be learned from leaving, by address. Looking changes nothing. */
export const insightPages: ReadonlyMap<string, InsightPage> = new Map<string, InsightPage>([
  ['/insight', { access: 'insight', read: showInsight }],
  ['/insight/table.csv', { access: 'insight', read: sendTable }],
  ['/insight/chart.png', { access: 'insight', read: sendPicture }],
  ['/insight/words', { access: 'insight', read: showWords }],
  ['/insight/people', { access: 'people', read: showPeople }],
  ['/insight/report', { access: 'insight', read: showReport }],
])

function questionOf({ brand, channel, measure, by, period }: InsightQuery) {
  return { brand: brand.id, ...(channel !== undefined && { channel }), measure, dimension: by, period }
}

async function showInsight(parts: InsightParts, request: StaffAsking): Promise<StaffAnswer> {
  const { frame, room } = await readRoom(parts, request, '/insight')
  if (room === undefined) return staffPage(200, renderNotice(frame, 'insight.title', 'insight.noBrand'))
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
  return staffPage(200, html)
}

async function sendTable(parts: InsightParts, request: StaffAsking): Promise<StaffAnswer> {
  const { frame, room } = await readRoom(parts, request, '/insight')
  if (room === undefined) return staffPage(404, renderNotice(frame, 'insight.title', 'insight.noBrand'))
  const table = queryWord(request, 'table') ?? 'lines'
  const rows = await tableRows(parts.hub.insightDb, table, questionOf(room.query), frame, room.nameOf)
  const filename = filenameOf(room.query, table === 'lines' ? room.query.by : table, 'csv')
  return staffFile('text/csv; charset=utf-8', filename, csvOf(rows))
}

async function sendPicture(parts: InsightParts, request: StaffAsking): Promise<StaffAnswer> {
  const { frame, room } = await readRoom(parts, request, '/insight')
  if (room === undefined) return staffPage(404, renderNotice(frame, 'insight.title', 'insight.noBrand'))
  const { insightDb: db } = parts.hub
  const { query, numbers, nameOf } = room
  const isOfLives = queryWord(request, 'chart') === 'lives'
  const chart = isOfLives
    ? survivalChart(await readCadenceLives(db, query.brand.id), frame.text, numbers)
    : linesChart(await readInsight(db, questionOf(query)), frame.text, numbers, nameOf)
  return staffFile('image/png', filenameOf(query, isOfLives ? 'lives' : query.by, 'png'), await chartAsPng(chart))
}

/** Several are kept side by side: each says what is in it. */
function filenameOf({ brand, period, measure }: InsightQuery, what: string, ending: string): string {
  const about = what.replace(/[^a-z_]/g, '')
  return `insight-${brand.id}-${measure}-${about}-${period.from}-${period.to}.${ending}`
}

async function showWords(parts: InsightParts, request: StaffAsking): Promise<StaffAnswer> {
  const { frame, room } = await readRoom(parts, request, '/insight/words')
  if (room === undefined) return staffPage(200, renderNotice(frame, 'insight.words', 'insight.noBrand'))
  const search = readSearch(request)
  const comments = await readComments(parts.hub, room.query.brand.id, room.query.period, search)
  return staffPage(200, renderWords({ ...room, search, comments, brands: parts.hub.catalog.brands() }))
}

export function readSearch(request: StaffAsking) {
  const [word, tag] = [queryWord(request, 'word'), queryWord(request, 'tag')]
  return { ...(word !== undefined && { word }), ...(tag !== undefined && { tag }) }
}
