import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Answer, passkeyNameCharactersMax } from '../../../services/staff/passkeys.ts'
import { type RelyingParty, relyingPartyOf } from '../../../services/staff/relying-party.ts'
import { postedField } from './access.ts'
import { noteCookieOf, readNote, sessionCookieFor, setCookie } from './cookies.ts'
import { type StaffParts, staffFrame } from './staff-reading.ts'

/** The site as passkeys know it; undefined where they cannot work. */
export function partyOf(parts: StaffParts, request: FastifyRequest): RelyingParty | undefined {
  const { controller } = staffFrame(parts, request, '/account')
  const { host } = request.headers
  return relyingPartyOf(parts.hub.place, { name: controller, ...(host !== undefined && { host }) })
}

/** What a browser posted in answer, with the note that it kept meanwhile. */
export function answerOf(parts: StaffParts, request: FastifyRequest): Answer {
  const cookie = sessionCookieFor(parts.hub.place.url)
  return { note: cookie && readNote(request, cookie), response: postedField(request, 'response') }
}

/** What to ask the browser, for the page's script. A GET: it writes nothing here. */
export function sendQuestion(
  parts: StaffParts,
  reply: FastifyReply,
  asked: { readonly options: object; readonly note: string } | undefined,
): FastifyReply {
  const cookie = sessionCookieFor(parts.hub.place.url)
  if (asked === undefined || cookie === undefined) return reply.code(404).send({})
  return reply.header('set-cookie', setCookie(noteCookieOf(cookie), asked.note)).send(asked.options)
}

/** What somebody calls their passkey; a day where they call it nothing. */
export function passkeyName({ hub }: StaffParts, request: FastifyRequest): string {
  const given = typedName(request).trim().slice(0, passkeyNameCharactersMax)
  return given === '' ? new Date(hub.clock()).toISOString().slice(0, 10) : given
}

/** The name as it was written, for a form that comes back. */
export function typedName(request: FastifyRequest): string {
  return postedField(request, 'name') ?? ''
}
