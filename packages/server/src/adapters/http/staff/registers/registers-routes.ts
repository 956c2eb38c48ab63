import type { FastifyReply, FastifyRequest } from 'fastify'
import { voluntaryRegisters } from '../../../../services/registers/known-registers.ts'
import { readRegisters } from '../../../../services/registers/read-registers.ts'
import { savePledges } from '../../../../services/registers/save-pledges.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { pledgePath, renderRegisters } from './registers-page.tsx'

/** The outside do-not-contact lists: how old each is, whom the gate refuses for it, and who holds himself to it. */
export const registersRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/registers', access: 'registers', handle: showRegisters },
  { method: 'POST', url: pledgePath, access: 'registers', handle: takePledges },
]

async function showRegisters(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { hub } = parts
  const now = hub.clock()
  const registers = await readRegisters(hub.db, hub.catalog, now)
  const brands = hub.catalog.brands().map(({ id, name }) => ({ id, name }))
  const model = { frame: staffFrame(parts, request, '/registers'), registers, brands, now }
  return sendStaffPage(reply, 200, renderRegisters(model))
}

/** The boxes that are ticked are the brands that hold themselves to the list; the page then shows what follows. */
async function takePledges(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const register = voluntaryRegisters.find((id) => id === postedField(request, 'register'))
  const actor = staffActor(request.staff?.session.staffId ?? '')
  if (register !== undefined) await savePledges(parts.hub, register, request.fields?.get('brand') ?? [], actor)
  return reply.redirect(`/registers${staffFrame(parts, request, '/registers').search}`, 303)
}
