import type { FastifyReply, FastifyRequest } from 'fastify'
import { bringBack } from '../../../../services/content/bring-back.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { findCatalogChange, listCatalogChanges } from '../../../../storage/catalog-changes.ts'
import { listStaff } from '../../../../storage/staff.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { brandInPath, sendNotThere } from './content-parts.ts'
import { differencesOf } from './differences.ts'
import { type HistoryModel, historyRoute, renderHistory } from './history-page.tsx'
import { inTurn } from './in-turn.ts'

/** The newest changes of a brand that one page shows. */
const changesShownMax = 100

/** Who changed what of a brand and when, and the way back. */
export const historyRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: historyRoute, access: 'content', handle: showHistory },
  {
    method: 'POST',
    url: historyRoute,
    access: 'content',
    handle: (parts, ...call) => inTurn(parts.hub, () => restore(parts, ...call)),
  },
]

async function showHistory(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const brand = brandInPath(parts, request)
  if (brand === undefined) return sendNotThere(parts, request, reply)
  return send(parts, request, reply, 200, brand)
}

async function restore(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const brand = brandInPath(parts, request)
  const number = Number(postedField(request, 'number'))
  const isNumber = Number.isSafeInteger(number) && number > 0 && number < 2 ** 31
  const change = brand && isNumber ? await findCatalogChange(parts.hub.db, brand.id, number) : undefined
  if (brand === undefined || change === undefined) return sendNotThere(parts, request, reply)
  const outcome = await bringBack(parts.hub, brand, change, staffActor(request.staff?.session.staffId ?? ''))
  const isDone = outcome === 'restored'
  return send(parts, request, reply, isDone ? 200 : 422, brand, isDone ? 'restored' : 'refused')
}

async function send(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  brand: BrandRow,
  outcome?: HistoryModel['outcome'],
): Promise<FastifyReply> {
  const { db } = parts.hub
  const [changes, staff] = await Promise.all([listCatalogChanges(db, brand.id, changesShownMax), listStaff(db)])
  const emails = new Map(staff.map(({ id, email }) => [`staff:${id}`, email]))
  const frame = staffFrame(parts, request, `/content/${brand.id}/history`)
  const lines = changes.map((change) => ({
    change,
    who: emails.get(change.actor) ?? change.actor,
    differences: differencesOf(change.before, change.after),
  }))
  return sendStaffPage(reply, status, renderHistory({ frame, brand, lines, ...(outcome && { outcome }) }))
}
