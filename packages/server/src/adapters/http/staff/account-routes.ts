import type { FastifyReply, FastifyRequest } from 'fastify'
import { readOwnAccount } from '../../../services/staff/own-account.ts'
import { addPasskey, askForNewPasskey, changePasskey } from '../../../services/staff/passkeys.ts'
import { may } from '../../../services/staff/permissions.ts'
import { endSessionsOf } from '../../../services/staff/sessions.ts'
import { staffActor } from '../../../services/staff/staff-evidence.ts'
import { postedField, type StaffVisit } from './access.ts'
import { renderAccount } from './account-page.tsx'
import { dropCookie, sessionCookieFor } from './cookies.ts'
import type { PasskeyProblem } from './passkey-form.tsx'
import { answerOf, partyOf, passkeyName, sendQuestion, typedName } from './passkey-reading.ts'
import { type StaffParts, sendStaffPage, staffFrame } from './staff-reading.ts'
import type { StaffRoute } from './staff-route.ts'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Somebody's own account. Passkeys come and go only with a proof of who is at the keyboard. */
export const accountRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/account', access: 'account', handle: (...call) => sendAccount(...call, 200) },
  { method: 'GET', url: '/account/passkeys/options', access: 'account', fresh: true, handle: askForAnother },
  { method: 'POST', url: '/account/passkeys/add', access: 'account', fresh: true, handle: add },
  { method: 'POST', url: '/account/passkeys/rename', access: 'account', handle: rename },
  { method: 'POST', url: '/account/passkeys/remove', access: 'account', fresh: true, handle: remove },
  { method: 'POST', url: '/account/sessions/end', access: 'account', handle: endSessions },
]

async function sendAccount(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  problem?: PasskeyProblem,
): Promise<FastifyReply> {
  const { staffId, roles } = visitOf(request).session
  const frame = staffFrame(parts, request, '/account')
  const mayApprove = parts.hub.hasFourEyes === true && may(roles, 'people_change')
  const own = await readOwnAccount(parts.hub, staffId)
  const hasPasskeys = partyOf(parts, request) !== undefined
  return sendStaffPage(
    reply,
    status,
    renderAccount({
      ...own,
      frame,
      hasPasskeys,
      mayApprove,
      ...(problem && { problem, typedName: typedName(request) }),
    }),
  )
}

/** Every route here asks for an account, so somebody is signed in. */
function visitOf({ staff }: FastifyRequest): StaffVisit {
  if (staff === undefined) throw new Error('nobody is signed in')
  return staff
}

async function askForAnother(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const party = partyOf(parts, request)
  const { id, staffId, email } = visitOf(request).session
  return sendQuestion(parts, reply, party && (await askForNewPasskey(parts.hub, party, { staffId, email, bound: id })))
}

async function add(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const party = partyOf(parts, request)
  const { id, staffId } = visitOf(request).session
  const whose = { staffId, bound: id, name: passkeyName(parts, request) }
  const outcome = party && (await addPasskey(parts.hub, party, whose, answerOf(parts, request)))
  if (outcome?.kind !== 'added') return sendAccount(parts, request, reply, 422, outcome?.kind ?? 'refused')
  return backToAccount(parts, request, reply)
}

async function rename(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const passkey = passkeyOf(request)
  const name = passkeyName(parts, request)
  if (passkey !== undefined) await changePasskey(parts.hub, passkey, { kind: 'rename', name })
  return backToAccount(parts, request, reply)
}

async function remove(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const passkey = passkeyOf(request)
  if (passkey !== undefined) await changePasskey(parts.hub, passkey, { kind: 'remove' })
  return backToAccount(parts, request, reply)
}

function passkeyOf(request: FastifyRequest): { id: string; staffId: string } | undefined {
  const id = postedField(request, 'passkey') ?? ''
  return uuidPattern.test(id) ? { id, staffId: visitOf(request).session.staffId } : undefined
}

async function endSessions(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { staffId } = visitOf(request).session
  await endSessionsOf(parts.hub, { staffId, actor: staffActor(staffId) })
  const cookie = sessionCookieFor(parts.hub.place.url)
  if (cookie !== undefined) reply.header('set-cookie', dropCookie(cookie))
  return reply.redirect(`/sign-in${staffFrame(parts, request, '/sign-in').search}`, 303)
}

function backToAccount(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.redirect(`/account${staffFrame(parts, request, '/account').search}`, 303)
}
