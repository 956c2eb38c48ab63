import type { FastifyReply, FastifyRequest } from 'fastify'
import { readOwnAccount } from '../../../services/staff/own-account.ts'
import { askForPasskey, confirmWithPasskey } from '../../../services/staff/passkeys.ts'
import type { StaffSession } from '../../../services/staff/sessions.ts'
import { confirmWithPassword } from '../../../services/staff/sign-in.ts'
import { postedField } from './access.ts'
import { type ConfirmModel, confirmPath, renderConfirm } from './confirm-page.tsx'
import { sessionCookieFor, setCookie } from './cookies.ts'
import { nextPath } from './next-path.ts'
import { answerOf, partyOf, sendQuestion } from './passkey-reading.ts'
import { type StaffParts, sendStaffPage, staffFrame } from './staff-reading.ts'
import type { StaffRoute } from './staff-route.ts'
import { renderStale } from './stale-page.tsx'

/** Proving again who is at the keyboard, before an act that harms when somebody else does it (OWASP ASVS 5, 7.5). */
export const confirmRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: confirmPath, access: 'account', handle: (...call) => sendConfirm(...call, 200) },
  { method: 'POST', url: confirmPath, access: 'account', handle: takePassword },
  { method: 'GET', url: `${confirmPath}/options`, access: 'account', handle: askForOwn },
  { method: 'POST', url: `${confirmPath}/passkey`, access: 'account', handle: takePasskey },
]

/**
 * A page is asked for again after the proof. What a form carried is gone: the reader is told that nothing was done, and
 * goes back to the page that the form was on.
 */
export function askToConfirm(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = staffFrame(parts, request, confirmPath)
  const mark = frame.search === '' ? '?' : `${frame.search}&`
  const here = request.method === 'GET' ? request.url : refererPath(request)
  const next = nextPath(here?.split('?', 1)[0]) ?? '/account'
  // The options of a passkey are asked for by a script on the account's page, which then goes there.
  const to = `${confirmPath}${mark}next=${encodeURIComponent(next.endsWith('/options') ? '/account' : next)}`
  if (request.method === 'GET') return reply.redirect(to, 303)
  return sendStaffPage(reply, 403, renderStale(frame, to))
}

/** The referrer of our own pages stays whole within this origin. */
function refererPath({ headers }: FastifyRequest): string | undefined {
  const { referer } = headers
  return referer !== undefined && URL.canParse(referer) ? new URL(referer).pathname : undefined
}

export async function sendConfirm(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  problem?: ConfirmModel['problem'],
): Promise<FastifyReply> {
  const session = sessionOf(request)
  const own = await readOwnAccount(parts.hub, session.staffId)
  const hasPasskeys = own.passkeys.length > 0 && partyOf(parts, request) !== undefined
  const { hasPassword } = own
  const provider = parts.provider?.name
  const model = {
    hasPasskeys,
    hasPassword,
    next: wishOf(request),
    ...(provider && { provider }),
    ...(problem && { problem }),
  }
  return sendStaffPage(reply, status, renderConfirm({ ...model, frame: staffFrame(parts, request, confirmPath) }))
}

function sessionOf({ staff }: FastifyRequest): StaffSession {
  if (staff === undefined) throw new Error('nobody is signed in')
  return staff.session
}

function wishOf(request: FastifyRequest): string {
  const { query } = request
  const asked = typeof query === 'object' && query !== null && 'next' in query ? query.next : undefined
  return nextPath(postedField(request, 'next') ?? asked) ?? '/account'
}

async function takePassword(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const password = postedField(request, 'password') ?? ''
  const outcome = await confirmWithPassword(parts.hub, sessionOf(request), { password, address: request.ip })
  switch (outcome.kind) {
    case 'confirmed':
      return goOn(parts, request, reply, outcome.session)
    case 'refused':
      return sendConfirm(parts, request, reply, 401, { kind: 'refused' })
    case 'wait': {
      const seconds = Math.ceil(outcome.ms / 1_000)
      return sendConfirm(parts, request, reply.header('retry-after', String(seconds)), 429, { kind: 'wait', seconds })
    }
  }
}

async function askForOwn(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const party = partyOf(parts, request)
  const { id } = sessionOf(request)
  return sendQuestion(parts, reply, party && (await askForPasskey(parts.hub, party, 'passkey_confirm', id)))
}

async function takePasskey(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const party = partyOf(parts, request)
  const answer = answerOf(parts, request)
  const session = party && (await confirmWithPasskey(parts.hub, party, sessionOf(request), answer))
  if (session === undefined) return sendConfirm(parts, request, reply, 401, { kind: 'passkey_refused' })
  return goOn(parts, request, reply, session)
}

/** Back to where one was, under the session's new secret. */
function goOn(parts: StaffParts, request: FastifyRequest, reply: FastifyReply, session: string): FastifyReply {
  const cookie = sessionCookieFor(parts.hub.place.url)
  if (cookie !== undefined) reply.header('set-cookie', setCookie(cookie, session))
  return reply.redirect(`${wishOf(request)}${staffFrame(parts, request, confirmPath).search}`, 303)
}
