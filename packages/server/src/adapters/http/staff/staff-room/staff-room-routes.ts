import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  addMember,
  changeMember,
  endMemberSessions,
  type Given,
  type ManagedOutcome,
  type MemberChange,
} from '../../../../services/staff/manage-staff.ts'
import { readPermissionSets } from '../../../../services/staff/permission-sets.ts'
import { roles } from '../../../../services/staff/permissions.ts'
import type { StaffSession } from '../../../../services/staff/sessions.ts'
import { listStaffOverview } from '../../../../storage/staff.ts'
import type { TextKey } from '../../pages/text.ts'
import { postedField } from '../access.ts'
import { renderNotice } from '../sign-in-page.tsx'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { type MemberModel, renderLinkMade, renderMember } from './member-page.tsx'
import { renderStaffList, type StaffListModel } from './staff-list-page.tsx'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Who works with the hub: added, changed and closed by who may, with a proof of who is at the keyboard. */
export const staffRoomRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/staff', access: 'staff', handle: (...call) => sendList(...call, 200, {}) },
  { method: 'GET', url: '/staff/member/:id', access: 'staff', handle: showMember },
  { method: 'POST', url: '/staff/add', access: 'staff', fresh: true, handle: add },
  { method: 'POST', url: '/staff/roles', access: 'staff', fresh: true, handle: changeRoles },
  {
    method: 'POST',
    url: '/staff/link',
    access: 'staff',
    fresh: true,
    handle: act({ link: true }, 'staff.member.saved'),
  },
  {
    method: 'POST',
    url: '/staff/close',
    access: 'staff',
    fresh: true,
    handle: act({ isDisabled: true }, 'staff.member.closed.done'),
  },
  {
    method: 'POST',
    url: '/staff/open',
    access: 'staff',
    fresh: true,
    handle: act({ isDisabled: false }, 'staff.member.saved'),
  },
  { method: 'POST', url: '/staff/end-sessions', access: 'staff', fresh: true, handle: endSessions },
]

async function sendList(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  model: Pick<StaffListModel, 'typed' | 'problem'>,
): Promise<FastifyReply> {
  const [members, sets] = await Promise.all([listStaffOverview(parts.hub.db), readPermissionSets(parts.hub)])
  const frame = staffFrame(parts, request, '/staff')
  return sendStaffPage(reply, status, renderStaffList({ ...model, frame, members, sets }))
}

function showMember(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { params } = request
  const id = typeof params === 'object' && params !== null && 'id' in params ? String(params.id) : ''
  return sendMember(parts, request, reply, id, {})
}

async function sendMember(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  model: Pick<MemberModel, 'typed' | 'said' | 'problem'>,
): Promise<FastifyReply> {
  const [member] = uuidPattern.test(id) ? await listStaffOverview(parts.hub.db, id) : []
  const frame = staffFrame(parts, request, member === undefined ? '/staff' : `/staff/member/${id}`)
  if (member === undefined) {
    const back = { to: '/staff', text: 'staff.member.all' } as const
    return sendStaffPage(reply, 404, renderNotice(frame, 'staff.room.staff', 'staff.member.unknown', back))
  }
  const sets = await readPermissionSets(parts.hub)
  const status = model.problem === undefined ? 200 : 422
  return sendStaffPage(reply, status, renderMember({ ...model, frame, member, sets }))
}

function sessionOf({ staff }: FastifyRequest): StaffSession {
  if (staff === undefined) throw new Error('nobody is signed in')
  return staff.session
}

/** What the boxes of a form say: one field for each role and each set. */
async function readGiven(parts: StaffParts, request: FastifyRequest): Promise<Given> {
  const sets = await readPermissionSets(parts.hub)
  const isTicked = (name: string) => postedField(request, name) === 'yes'
  return {
    roles: roles.filter((role) => isTicked(`role-${role}`)),
    sets: sets.map(({ id }) => id).filter((id) => isTicked(`set-${id}`)),
  }
}

async function add(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const typed = { email: (postedField(request, 'email') ?? '').trim(), given: await readGiven(parts, request) }
  const outcome = await addMember(parts.hub, sessionOf(request), typed.email, typed.given)
  if (outcome.kind !== 'done') return sendList(parts, request, reply, 422, { typed, problem: outcome.kind })
  return sendMade(parts, request, reply, outcome)
}

async function changeRoles(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const given = await readGiven(parts, request)
  return act({ given }, 'staff.member.saved')(parts, request, reply)
}

function act(change: MemberChange, said: TextKey): StaffRoute['handle'] {
  return async (parts, request, reply) => {
    const id = postedField(request, 'member') ?? ''
    if (!uuidPattern.test(id)) return sendMember(parts, request, reply, id, {})
    const outcome = await changeMember(parts.hub, sessionOf(request), id, change)
    if (outcome.kind !== 'done') {
      const typed = 'given' in change ? { typed: change.given } : {}
      return sendMember(parts, request, reply, id, { ...typed, problem: outcome.kind })
    }
    if (outcome.link !== undefined) return sendMade(parts, request, reply, outcome)
    return sendMember(parts, request, reply, id, { said })
  }
}

async function endSessions(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const id = postedField(request, 'member') ?? ''
  if (!uuidPattern.test(id)) return sendMember(parts, request, reply, id, {})
  const refused = await endMemberSessions(parts.hub, sessionOf(request), id)
  const isRefused = refused !== undefined && refused.kind !== 'done'
  return sendMember(parts, request, reply, id, isRefused ? { problem: refused.kind } : { said: 'staff.sessions.ended' })
}

/** The link is in this answer and nowhere else: it is not an address that a browser's history keeps. */
function sendMade(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  { staff, link }: Extract<ManagedOutcome, { kind: 'done' }>,
): FastifyReply {
  const url = `${parts.hub.place.url}/sign-in/link/${link?.token ?? ''}`
  const frame = staffFrame(parts, request, '/staff')
  return sendStaffPage(reply, 200, renderLinkMade(frame, { email: staff.email, url, staffId: staff.id }))
}
