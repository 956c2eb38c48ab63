import type { FastifyReply } from 'fastify'
import { choiceByLink, scopeOfSilence } from '../../../services/choices-by-link.ts'
import type { Hub } from '../../../services/hub.ts'
import type { OpenedLink } from '../../../services/open-link.ts'
import { type FormFields, readForm } from './form-body.ts'
import { pageHeaders } from './frame.ts'

/**
 * RFC 8058 §3.1: the pair `List-Unsubscribe=One-Click`. Read forgiving case and white space; a body that is empty
 * counts as well, since clients are known that leave it out and a signed address with POST says enough.
 */
export function isOneClick(contentType: string | undefined, body: unknown): boolean {
  if (!Buffer.isBuffer(body) || body.length === 0) return true
  const form = readForm(contentType, body)
  return form !== undefined && hasPair(form)
}

function hasPair(form: FormFields): boolean {
  return [...form].some(
    ([name, values]) =>
      name.trim().toLowerCase() === 'list-unsubscribe' &&
      values.some((value) => value.trim().toLowerCase() === 'one-click'),
  )
}

/** Records the no and only then answers; never a redirect, never a question, nothing that depends on a cookie. */
export async function answerOneClick(hub: Hub, link: OpenedLink, reply: FastifyReply): Promise<FastifyReply> {
  const words = { kind: 'objection' as const, scope: scopeOfSilence(link) }
  await hub.committer.record([
    choiceByLink(link, { words }, { signal: 'one_click', clock: hub.clock, random: hub.random }),
  ])
  return (
    reply
      .code(200)
      .headers(pageHeaders)
      // Mail clients that live in a browser call with fetch and report a failure when they may not read the answer.
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('content-type', 'text/plain; charset=utf-8')
      .send('Done.\n')
  )
}
