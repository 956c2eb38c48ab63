import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  readPermissionSets,
  removePermissionSet,
  savePermissionSet,
} from '../../../../services/staff/permission-sets.ts'
import { grantsOf, mayGive, permissions } from '../../../../services/staff/permissions.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { renderSets, type SetsModel } from './sets-page.tsx'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The deployment's own sets of permissions. */
export const setsRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/staff/sets', access: 'staff', handle: (...call) => sendSets(...call, {}) },
  { method: 'POST', url: '/staff/sets/save', access: 'staff', fresh: true, handle: save },
  { method: 'POST', url: '/staff/sets/remove', access: 'staff', fresh: true, handle: remove },
]

async function sendSets(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  model: Pick<SetsModel, 'problem' | 'typed'>,
): Promise<FastifyReply> {
  const sets = await readPermissionSets(parts.hub)
  const frame = staffFrame(parts, request, '/staff/sets')
  return sendStaffPage(reply, model.problem === undefined ? 200 : 422, renderSets({ ...model, frame, sets }))
}

async function save(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { session } = request.staff ?? {}
  const id = postedField(request, 'set')
  const wanted = {
    ...(id !== undefined && { id }),
    name: postedField(request, 'name') ?? '',
    permissions: permissions.filter((one) => postedField(request, `permission-${one}`) === 'yes'),
  }
  if (session === undefined || (id !== undefined && !uuidPattern.test(id))) return sendSets(parts, request, reply, {})
  const isWithin = mayGive(session.roles, grantsOf(wanted.permissions)) && (await isWithinOwn(parts, request, id))
  if (!isWithin) return sendSets(parts, request, reply, { problem: 'beyond_own', typed: wanted })
  const outcome = await savePermissionSet(parts.hub, wanted, staffActor(session.staffId))
  if (outcome.kind !== 'saved') return sendSets(parts, request, reply, { problem: outcome.kind, typed: wanted })
  return backToSets(parts, request, reply)
}

async function remove(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const id = postedField(request, 'set') ?? ''
  const staffId = request.staff?.session.staffId
  if (!uuidPattern.test(id) || staffId === undefined) return backToSets(parts, request, reply)
  if (!(await isWithinOwn(parts, request, id))) return sendSets(parts, request, reply, { problem: 'beyond_own' })
  await removePermissionSet(parts.hub, id, staffActor(staffId))
  return backToSets(parts, request, reply)
}

/** Whoever has the set may do what is in it: taking it from them changes an account that may do more. */
async function isWithinOwn({ hub }: StaffParts, { staff }: FastifyRequest, id: string | undefined): Promise<boolean> {
  const known = (await readPermissionSets(hub)).find((set) => set.id === id)
  return mayGive(staff?.session.roles ?? [], grantsOf(known?.permissions ?? []))
}

function backToSets(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.redirect(`/staff/sets${staffFrame(parts, request, '/staff/sets').search}`, 303)
}
