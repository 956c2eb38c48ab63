import type { FastifyReply, FastifyRequest } from 'fastify'
import { beginAtProvider, finishAtProvider, type ProviderOutcome } from '../../../services/staff/sign-in-by-provider.ts'
import { describeError } from '../request-log.ts'
import { sendConfirm } from './confirm-routes.ts'
import { dropCookie, noteCookieOf, readNote, sessionCookieFor, setCookie } from './cookies.ts'
import { nextPath } from './next-path.ts'
import { providerCallbackPath, providerPath } from './provider-paths.ts'
import { renderNotice } from './sign-in-page.tsx'
import { sendInsecure, sendSignIn } from './sign-in-routes.ts'
import { type StaffParts, sendStaffPage, staffFrame } from './staff-reading.ts'
import type { StaffRoute } from './staff-route.ts'

/**
 * In over an OpenID provider. The way back is a GET, because the provider sends the browser with one; it opens a session
 * only for the browser that set out with the `state` that comes back.
 */
export const signInProviderRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: providerPath, access: 'anyone', handle: begin },
  { method: 'GET', url: providerCallbackPath, access: 'anyone', handle: comeBack },
]

async function begin(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const cookie = sessionCookieFor(parts.hub.place.url)
  const { provider, hub } = parts
  if (cookie === undefined) return sendInsecure(parts, request, reply)
  if (provider === undefined) return sendNoProvider(parts, request, reply)
  const next = nextPath(asked(request, 'next')) ?? ''
  const confirming = asked(request, 'confirm') === '1' ? request.staff?.session : undefined
  try {
    const { url, note } = await beginAtProvider(hub, provider, { next, ...(confirming && { confirming }) })
    return reply.header('set-cookie', setCookie(noteCookieOf(cookie), note)).redirect(url, 303)
  } catch (error) {
    return sendUnreachable(parts, request, reply, error)
  }
}

async function comeBack(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const cookie = sessionCookieFor(parts.hub.place.url)
  const { provider, hub } = parts
  if (cookie === undefined) return sendInsecure(parts, request, reply)
  if (provider === undefined) return sendNoProvider(parts, request, reply)
  const note = readNote(request, cookie)
  const session = request.staff?.session
  let outcome: ProviderOutcome
  try {
    outcome = await finishAtProvider(hub, provider, { search: searchOf(request), note, session })
  } catch (error) {
    return sendUnreachable(parts, request, reply, error)
  }
  const dropped = dropCookie(noteCookieOf(cookie))
  switch (outcome.kind) {
    case 'signed_in':
    case 'confirmed':
      return reply
        .header('set-cookie', [setCookie(cookie, outcome.session), dropped])
        .redirect(outcome.next === '' ? '/sign-in' : outcome.next, 303)
    case 'unknown_account':
      reply.header('set-cookie', dropped)
      return sendSignIn(parts, request, reply, 403, { providerProblem: 'unknown_account' })
    case 'refused': {
      reply.header('set-cookie', dropped)
      if (outcome.isConfirmation && session !== undefined) {
        return sendConfirm(parts, request, reply, 401, { kind: 'provider_refused' })
      }
      return sendSignIn(parts, request, reply, 401, { providerProblem: 'refused' })
    }
  }
}

/** As it came: the provider's library reads it. */
function searchOf({ url }: FastifyRequest): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at)
}

function asked({ query }: FastifyRequest, name: 'next' | 'confirm'): unknown {
  return typeof query === 'object' && query !== null ? Object.getOwnPropertyDescriptor(query, name)?.value : undefined
}

function sendUnreachable(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): FastifyReply {
  request.log.warn({ requestId: request.id, ...describeError(error) }, 'the OpenID provider could not be reached')
  return sendSignIn(parts, request, reply, 503, { providerProblem: 'unreachable' })
}

function sendNoProvider(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = staffFrame(parts, request, '/sign-in')
  const to = { to: '/sign-in', text: 'staff.signIn' } as const
  return sendStaffPage(reply, 404, renderNotice(frame, 'staff.provider.none', 'staff.provider.none.explained', to))
}
