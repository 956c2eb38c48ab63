import { type CountedNumber, readBehind } from '../../../../services/insight/people-behind.ts'
import { keptParts } from '../../../../storage/insight-leaves.ts'
import { renderNotice } from '../sign-in-page.tsx'
import { type StaffAnswer, type StaffAsking, staffPage } from '../staff-page.ts'
import { type InsightQuery, queryWord } from './insight-query.ts'
import { type InsightParts, readRoom } from './insight-room.ts'
import { renderPeopleBehind } from './people-page.tsx'

/** Who is behind a number of the room, for those who may see people. */
export async function showPeople(parts: InsightParts, request: StaffAsking): Promise<StaffAnswer> {
  const { frame, room } = await readRoom(parts, request, '/insight/people')
  if (room === undefined) return staffPage(404, renderNotice(frame, 'insight.people', 'insight.noBrand'))
  const value = queryWord(request, 'value') ?? ''
  const number = numberOf(room.query, value, queryWord(request, 'table'), queryWord(request, 'part'))
  const people = await readBehind(parts.hub.insightDb, room.query.period, number)
  return staffPage(200, renderPeopleBehind({ ...room, value, number, people }))
}

/** `table` names one of the lower tables of the page, as its CSV does; without it the number is of the question itself. */
function numberOf(
  query: InsightQuery,
  value: string,
  table: string | undefined,
  part: string | undefined,
): CountedNumber {
  const { by, measure, channel } = query
  const brand = query.brand.id
  const ofChannel = channel !== undefined && { channel }
  if (table === 'answers') return { kind: 'asked', brand, ...ofChannel, answer: value }
  if (table === 'lives') return { kind: 'lives', brand, cadence: value }
  if (table === 'kept') {
    return { kind: 'kept', brand, alternative: value, part: keptParts.find((one) => one === part) ?? 'taken' }
  }
  const about = by === 'channel' ? { brand, channel: value, value: '' } : { brand, ...ofChannel, value }
  const dimension = by === 'channel' ? 'all' : by
  if (measure === 'sent') {
    return {
      kind: 'sent',
      about: { ...about, dimension: dimension === 'topic' || dimension === 'campaign' ? dimension : 'all' },
    }
  }
  // Nobody asks for these two here; a number that nothing is counted under has nobody behind it.
  if (measure === 'asked' || dimension === 'answer') return { kind: 'asked', brand, ...ofChannel, answer: value }
  return { kind: 'said', about: { ...about, measure, dimension } }
}
