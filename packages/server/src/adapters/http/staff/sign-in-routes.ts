import type { FastifyReply, FastifyRequest } from 'fastify'
import { closeSession } from '../../../services/staff/sessions.ts'
import { signIn } from '../../../services/staff/sign-in.ts'
import { choosePassword, readStaffLink } from '../../../services/staff/use-link.ts'
import { postedField } from './access.ts'
import { dropCookie, sessionCookieFor, setCookie } from './cookies.ts'
import { type LinkModel, renderLink } from './link-page.tsx'
import { homeOf, nextPath } from './next-path.ts'
import { partyOf } from './passkey-reading.ts'
import { renderNotice, renderSignedOut, renderSignIn, type SignInModel } from './sign-in-page.tsx'
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
]

function showSignIn(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { search } = staffFrame(parts, request, '/sign-in')
  if (sessionCookieFor(parts.hub.place.url) === undefined) return sendInsecure(parts, request, reply)
  if (request.staff !== undefined) return reply.redirect(`${homeOf(request.staff.session.roles)}${search}`, 303)
  const { query } = request
  const next = typeof query === 'object' && query !== null && 'next' in query ? nextPath(query.next) : undefined
  return sendSignIn(parts, request, reply, 200, next === undefined ? {} : { next })
}

export function sendSignIn(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  model: Pick<SignInModel, 'email' | 'next' | 'problem' | 'passkeyProblem' | 'providerProblem'>,
): FastifyReply {
  const frame = staffFrame(parts, request, '/sign-in')
  const hasPasskeys = partyOf(parts, request) !== undefined
  const provider = parts.provider?.name
  return sendStaffPage(reply, status, renderSignIn({ ...model, frame, hasPasskeys, ...(provider && { provider }) }))
}

async function takeSignIn(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const cookie = sessionCookieFor(parts.hub.place.url)
  if (cookie === undefined) return sendInsecure(parts, request, reply)
  const email = postedField(request, 'email') ?? ''
  const password = postedField(request, 'password') ?? ''
  const next = nextPath(postedField(request, 'next'))
  const outcome = await signIn(parts.hub, { email, password, address: request.ip })
  if (outcome.kind === 'signed_in') {
    const { search } = staffFrame(parts, request, '/sign-in')
    // Without a wish the sign-in page knows which room is first for who is signed in.
    return reply
      .header('set-cookie', setCookie(cookie, outcome.session))
      .redirect(`${next ?? '/sign-in'}${search}`, 303)
  }
  const shown = { email, ...(next && { next }) }
  if (outcome.kind === 'refused')
    return sendSignIn(parts, request, reply, 401, { ...shown, problem: { kind: 'refused' } })
  const seconds = Math.ceil(outcome.ms / 1_000)
  reply.header('retry-after', String(seconds))
  return sendSignIn(parts, request, reply, 429, { ...shown, problem: { kind: 'wait', seconds } })
}

export function tokenOf({ params }: FastifyRequest): string {
  return typeof params === 'object' && params !== null && 'token' in params ? String(params.token) : ''
}

function showLink(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return sendLinkPage(parts, request, reply, 200, {})
}

async function takePassword(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const cookie = sessionCookieFor(parts.hub.place.url)
  if (cookie === undefined) return sendInsecure(parts, request, reply)
  const token = tokenOf(request)
  const password = postedField(request, 'password') ?? ''
  if (password !== postedField(request, 'again')) {
    return sendLinkPage(parts, request, reply, 422, { fault: 'not_the_same' })
  }
  const chosen = await choosePassword(parts.hub, token, password)
  switch (chosen.kind) {
    case 'chosen': {
      const { search } = staffFrame(parts, request, '/account')
      return reply.header('set-cookie', setCookie(cookie, chosen.session)).redirect(`/account${search}`, 303)
    }
    case 'refused':
      return sendLinkPage(parts, request, reply, 422, { fault: chosen.fault })
    case 'passkey_only':
      return sendLinkPage(parts, request, reply, 422, {})
    default:
      return sendDeadLink(parts, request, reply)
  }
}

/** What the link can still do for who holds it: add a passkey, or choose a password where the account may have one. */
export async function sendLinkPage(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  model: Pick<LinkModel, 'fault' | 'passkeyProblem' | 'typedName'>,
): Promise<FastifyReply> {
  if (sessionCookieFor(parts.hub.place.url) === undefined) return sendInsecure(parts, request, reply)
  const token = tokenOf(request)
  const state = await readStaffLink(parts.hub, token)
  if (state.kind !== 'open') return sendDeadLink(parts, request, reply)
  const path = `/sign-in/link/${token}`
  const frame = staffFrame(parts, request, path)
  const { email, mayUsePassword } = state
  const ways = { hasPasskeys: partyOf(parts, request) !== undefined, mayUsePassword }
  const provider = parts.provider?.name
  return sendStaffPage(
    reply,
    status,
    renderLink({ ...model, ...ways, frame, email, path, ...(provider && { provider }) }),
  )
}

export function sendDeadLink(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = staffFrame(parts, request, '/sign-in')
  const to = { to: '/sign-in', text: 'staff.signIn' } as const
  return sendStaffPage(reply, 410, renderNotice(frame, 'staff.link.dead', 'staff.link.dead.explained', to))
}

export function sendInsecure(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = staffFrame(parts, request, '/sign-in')
  return sendStaffPage(reply, 403, renderNotice(frame, 'staff.insecure', 'staff.insecure.explained'))
}

async function signOut(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const session = request.staff?.session
  if (session !== undefined) await closeSession(parts.hub, session)
  const cookie = sessionCookieFor(parts.hub.place.url)
  if (cookie !== undefined) reply.header('set-cookie', dropCookie(cookie))
  request.staff = undefined
  const frame = staffFrame(parts, request, '/sign-in')
  const { provider } = parts
  // Who came by the provider is still signed in there, and the next one at this screen would be let in without a question.
  const elsewhere =
    session?.method === 'provider' ? await provider?.signOutUrl(`${parts.hub.place.url}/sign-in`) : undefined
  if (provider === undefined || elsewhere === undefined) return reply.redirect(`/sign-in${frame.search}`, 303)
  return sendStaffPage(reply, 200, renderSignedOut(frame, { provider: provider.name, url: elsewhere }))
}
