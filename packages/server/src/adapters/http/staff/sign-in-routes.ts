import type { FastifyReply, FastifyRequest } from 'fastify'
import { choosePassword, readStaffLink } from '../../../services/staff/accounts.ts'
import { may } from '../../../services/staff/permissions.ts'
import { closeSession } from '../../../services/staff/sessions.ts'
import { signIn } from '../../../services/staff/sign-in.ts'
import { postedField } from './access.ts'
import { dropCookie, sessionCookieFor, setCookie } from './cookies.ts'
import { type PasswordModel, renderAccount, renderNotice, renderPassword, renderSignIn } from './sign-in-page.tsx'
import { type StaffParts, sendStaffPage, staffFrame } from './staff-reading.ts'
import type { StaffRoute } from './staff-route.ts'

const linkPath = '/sign-in/link/:token'

/** The ways in and out. */
export const signInRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/sign-in', access: 'anyone', handle: showSignIn },
  { method: 'POST', url: '/sign-in', access: 'anyone', handle: takeSignIn },
  { method: 'GET', url: linkPath, access: 'anyone', handle: showLink },
  { method: 'POST', url: linkPath, access: 'anyone', handle: takePassword },
  { method: 'POST', url: '/sign-out', access: 'account', handle: signOut },
  { method: 'GET', url: '/account', access: 'account', handle: showAccount },
]

/** A page of ours to go on to; an address of somebody else's never is. */
export function nextPath(asked: unknown): string | undefined {
  if (typeof asked !== 'string' || asked.startsWith('/sign-')) return undefined
  return /^\/[a-z][\w/-]{0,200}$/.test(asked) ? asked : undefined
}

function home(roles: readonly string[]): string {
  return may(roles, 'desk') ? '/desk' : '/account'
}

function showSignIn(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = staffFrame(parts, request, '/sign-in')
  if (sessionCookieFor(parts.hub.place.url) === undefined) return sendInsecure(parts, request, reply)
  if (request.staff !== undefined) return reply.redirect(`${home(request.staff.session.roles)}${frame.search}`, 303)
  const { query } = request
  const next = typeof query === 'object' && query !== null && 'next' in query ? nextPath(query.next) : undefined
  return sendStaffPage(reply, 200, renderSignIn({ frame, ...(next && { next }) }))
}

async function takeSignIn(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const cookie = sessionCookieFor(parts.hub.place.url)
  if (cookie === undefined) return sendInsecure(parts, request, reply)
  const frame = staffFrame(parts, request, '/sign-in')
  const email = postedField(request, 'email') ?? ''
  const password = postedField(request, 'password') ?? ''
  const next = nextPath(postedField(request, 'next'))
  const outcome = await signIn(parts.hub, { email, password, address: request.ip })
  if (outcome.kind === 'signed_in') {
    const to = next ?? home(outcome.roles)
    return reply.header('set-cookie', setCookie(cookie, outcome.session)).redirect(`${to}${frame.search}`, 303)
  }
  const shown = { frame, email, ...(next && { next }) }
  if (outcome.kind === 'refused') {
    return sendStaffPage(reply, 401, renderSignIn({ ...shown, problem: { kind: 'refused' } }))
  }
  const seconds = Math.ceil(outcome.ms / 1_000)
  reply.header('retry-after', String(seconds))
  return sendStaffPage(reply, 429, renderSignIn({ ...shown, problem: { kind: 'wait', seconds } }))
}

function tokenOf({ params }: FastifyRequest): string {
  return typeof params === 'object' && params !== null && 'token' in params ? String(params.token) : ''
}

async function showLink(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (sessionCookieFor(parts.hub.place.url) === undefined) return sendInsecure(parts, request, reply)
  const token = tokenOf(request)
  const state = await readStaffLink(parts.hub, token)
  if (state.kind !== 'open') return sendDeadLink(parts, request, reply)
  return sendPasswordForm(parts, request, reply, 200, { email: state.email })
}

async function takePassword(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const cookie = sessionCookieFor(parts.hub.place.url)
  if (cookie === undefined) return sendInsecure(parts, request, reply)
  const token = tokenOf(request)
  const state = await readStaffLink(parts.hub, token)
  if (state.kind !== 'open') return sendDeadLink(parts, request, reply)
  const password = postedField(request, 'password') ?? ''
  const { email } = state
  if (password !== postedField(request, 'again')) {
    return sendPasswordForm(parts, request, reply, 422, { email, fault: 'not_the_same' })
  }
  const chosen = await choosePassword(parts.hub, token, password)
  if (chosen.kind === 'refused') return sendPasswordForm(parts, request, reply, 422, { email, fault: chosen.fault })
  if (chosen.kind !== 'chosen') return sendDeadLink(parts, request, reply)
  const { search } = staffFrame(parts, request, '/account')
  return reply.header('set-cookie', setCookie(cookie, chosen.session)).redirect(`/account${search}`, 303)
}

function sendPasswordForm(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  model: Pick<PasswordModel, 'email' | 'fault'>,
): FastifyReply {
  const path = `/sign-in/link/${tokenOf(request)}`
  const frame = staffFrame(parts, request, path)
  return sendStaffPage(reply, status, renderPassword({ ...model, frame, action: `${path}${frame.search}` }))
}

function sendDeadLink(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = staffFrame(parts, request, '/sign-in')
  const to = { to: '/sign-in', text: 'staff.signIn' } as const
  return sendStaffPage(reply, 410, renderNotice(frame, 'staff.link.dead', 'staff.link.dead.explained', to))
}

export function sendInsecure(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = staffFrame(parts, request, '/sign-in')
  return sendStaffPage(reply, 403, renderNotice(frame, 'staff.insecure', 'staff.insecure.explained'))
}

async function signOut(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (request.staff !== undefined) await closeSession(parts.hub, request.staff.session)
  const cookie = sessionCookieFor(parts.hub.place.url)
  if (cookie !== undefined) reply.header('set-cookie', dropCookie(cookie))
  return reply.redirect(`/sign-in${staffFrame(parts, request, '/sign-in').search}`, 303)
}

function showAccount(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendStaffPage(reply, 200, renderAccount(staffFrame(parts, request, '/account')))
}
