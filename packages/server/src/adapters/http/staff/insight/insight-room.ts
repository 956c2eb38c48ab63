import type { Hub } from '../../../../services/hub.ts'
import { may } from '../../../../services/staff/permissions.ts'
import type { Texts } from '../../pages/text.ts'
import type { StaffAsking } from '../staff-page.ts'
import { staffFrame } from '../staff-reading.ts'
import { numbersIn } from './insight-numbers.ts'
import { readInsightQuery } from './insight-query.ts'
import { namesOfValues } from './insight-words.ts'

/** What the pages of the room are made with, in whichever thread. */
export type InsightParts = {
  readonly hub: Pick<Hub, 'db' | 'insightDb' | 'catalog' | 'pages' | 'clock'>
  readonly texts: Texts
}

/** What every page of the room begins with; no room where there is no brand yet. */
export async function readRoom(parts: InsightParts, request: StaffAsking, path: string) {
  const frame = staffFrame(parts, request, path)
  const query = readInsightQuery(request, parts.hub.catalog, parts.hub.clock())
  if (query === undefined) return { frame, room: undefined }
  const nameOf = await namesOfValues(parts.hub, query.brand, frame.language, frame.text)
  const seesPeople = may(request.staff?.session.roles ?? [], 'people')
  return { frame, room: { frame, query, nameOf, numbers: numbersIn(frame.language), seesPeople } }
}
