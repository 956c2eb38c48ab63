import type { FastifyReply, FastifyRequest } from 'fastify'
import { askForNewPasskey, askForPasskey, signInWithPasskey } from '../../../services/staff/passkeys.ts'
import { addPasskeyByLink, linkBinding, readStaffLink } from '../../../services/staff/use-link.ts'
import { postedField } from './access.ts'
import { sessionCookieFor, setCookie } from './cookies.ts'
import { nextPath } from './next-path.ts'
import { passkeyScriptPath } from './passkey-form.tsx'
import { answerOf, partyOf, passkeyName, sendQuestion, typedName } from './passkey-reading.ts'
import { passkeyScript } from './passkey-script.ts'
import { sendDeadLink, sendLinkPage, sendSignIn, tokenOf } from './sign-in-routes.ts'
import { type StaffParts, staffFrame } from './staff-reading.ts'
import type { StaffRoute } from './staff-route.ts'

/** In with a passkey, and the first one of an account by its link. */
export const signInPasskeyRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: passkeyScriptPath, access: 'anyone', handle: sendScript },
  { method: 'GET', url: '/sign-in/passkey/options', access: 'anyone', handle: askToSignIn },
  { method: 'POST', url: '/sign-in/passkey', access: 'anyone', handle: takePasskey },
  { method: 'GET', url: '/sign-in/link/:token/options', access: 'anyone', handle: askForFirst },
  { method: 'POST', url: '/sign-in/link/:token/passkey', access: 'anyone', handle: takeFirst },
]

function sendScript(_parts: StaffParts, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'text/javascript; charset=utf-8').send(passkeyScript)
}

async function askToSignIn(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const party = partyOf(parts, request)
  return sendQuestion(parts, reply, party && (await askForPasskey(parts.hub, party, 'passkey_sign_in')))
}

async function takePasskey(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const party = partyOf(parts, request)
  const cookie = sessionCookieFor(parts.hub.place.url)
  const next = nextPath(postedField(request, 'next'))
  const outcome = party && (await signInWithPasskey(parts.hub, party, answerOf(parts, request)))
  if (cookie === undefined || outcome?.kind !== 'signed_in') {
    return sendSignIn(parts, request, reply, 401, { passkeyProblem: 'refused', ...(next && { next }) })
  }
  const { search } = staffFrame(parts, request, '/sign-in')
  return reply.header('set-cookie', setCookie(cookie, outcome.session)).redirect(`${next ?? '/sign-in'}${search}`, 303)
}

async function askForFirst(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const party = partyOf(parts, request)
  const token = tokenOf(request)
  const state = await readStaffLink(parts.hub, token)
  if (party === undefined || state.kind !== 'open') return sendQuestion(parts, reply, undefined)
  const { staffId, email } = state
  return sendQuestion(
    parts,
    reply,
    await askForNewPasskey(parts.hub, party, { staffId, email, bound: linkBinding(token) }),
  )
}

async function takeFirst(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const party = partyOf(parts, request)
  const cookie = sessionCookieFor(parts.hub.place.url)
  const token = tokenOf(request)
  if (party === undefined || cookie === undefined) return sendDeadLink(parts, request, reply)
  const whose = { token, name: passkeyName(parts, request) }
  const outcome = await addPasskeyByLink(parts.hub, party, whose, answerOf(parts, request))
  switch (outcome.kind) {
    case 'opened': {
      const { search } = staffFrame(parts, request, '/account')
      return reply.header('set-cookie', setCookie(cookie, outcome.session)).redirect(`/account${search}`, 303)
    }
    case 'refused':
    case 'known':
    case 'too_many':
      return sendLinkPage(parts, request, reply, 422, { passkeyProblem: outcome.kind, typedName: typedName(request) })
    default:
      return sendDeadLink(parts, request, reply)
  }
}
