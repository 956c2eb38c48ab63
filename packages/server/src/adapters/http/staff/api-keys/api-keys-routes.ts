import type { FastifyReply, FastifyRequest } from 'fastify'
import { apiScopes, readApiKeys } from '../../../../services/api-keys.ts'
import { makeKeyAsStaff, revokeKeyAsStaff } from '../../../../services/staff/keys-of-staff.ts'
import type { StaffSession } from '../../../../services/staff/sessions.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { type ApiKeysModel, keyNameCharactersMax, renderApiKeys, renderKeyMade } from './api-keys-page.tsx'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The keys of the API: who made one and who revoked it is in the evidence. */
export const apiKeysRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/api-keys', access: 'api_keys', handle: (...call) => sendKeys(...call, {}) },
  { method: 'POST', url: '/api-keys/add', access: 'api_keys', fresh: true, handle: add },
  { method: 'POST', url: '/api-keys/revoke', access: 'api_keys', fresh: true, handle: revoke },
]

async function sendKeys(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  model: Pick<ApiKeysModel, 'typed' | 'problem'>,
): Promise<FastifyReply> {
  const keys = await readApiKeys(parts.hub.db)
  const frame = staffFrame(parts, request, '/api-keys')
  const shown = { ...model, frame, keys: keys.toReversed() }
  return sendStaffPage(reply, model.problem === undefined ? 200 : 422, renderApiKeys(shown))
}

function sessionOf({ staff }: FastifyRequest): StaffSession {
  if (staff === undefined) throw new Error('nobody is signed in')
  return staff.session
}

async function add(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const name = (postedField(request, 'name') ?? '').trim().slice(0, keyNameCharactersMax)
  const scopes = apiScopes.filter((scope) => postedField(request, `scope-${scope}`) === 'yes')
  const typed = { name, scopes }
  if (name === '') return sendKeys(parts, request, reply, { typed, problem: 'no_name' })
  if (scopes.length === 0) return sendKeys(parts, request, reply, { typed, problem: 'no_scope' })
  const { key } = await makeKeyAsStaff(parts.hub, sessionOf(request), typed)
  return sendStaffPage(reply, 200, renderKeyMade(staffFrame(parts, request, '/api-keys'), { name, key }))
}

async function revoke(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const id = postedField(request, 'key') ?? ''
  if (uuidPattern.test(id)) await revokeKeyAsStaff(parts.hub, sessionOf(request), id)
  return reply.redirect(`/api-keys${staffFrame(parts, request, '/api-keys').search}`, 303)
}
