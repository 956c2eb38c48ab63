import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { linkToPerson } from '../../../services/portal/link-to-person.ts'
import { pageHeaders, queryLanguage } from '../public/frame.ts'
import type { PublicPagesOptions } from '../public/person-routes.ts'
import { type IdentifyParts, identify } from './identify.ts'

/**
 * `GET /p?identity=…`: the way in without script. Exchanges the token of a portal for the person's own page at the hub,
 * which then has the powers of a personal link: what it would lift is confirmed by mail. Looking changes nothing.
 */
export async function registerHostedPage(
  app: FastifyInstance,
  options: PublicPagesOptions,
  tokens: IdentifyParts['tokens'],
): Promise<void> {
  app.get('/p', (request, reply) => showHostedPage(options, tokens, request, reply))
}

async function showHostedPage(
  options: PublicPagesOptions,
  tokens: IdentifyParts['tokens'],
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { hub, problems } = options
  const found = await identify({ hub, tokens }, identityIn(request), {})
  if (!('link' in found)) {
    // A visit that lasted longer than its token is nobody's forgery.
    if (found.kind === 'refused') return problems.forgedLink(request, reply)
    return problems.send(request, reply, found.kind === 'keys_unavailable' ? 'unavailable' : 'link_unknown')
  }
  const lang = queryLanguage(request)
  const page = await linkToPerson(hub, found.link)
  // RFC 9110 §15.4.4: the address that stays in the history is that of the page, and not of the token.
  return reply.headers(pageHeaders).redirect(lang === undefined ? page : `${page}?lang=${lang}`, 303)
}

function identityIn({ query }: FastifyRequest): string | undefined {
  return typeof query === 'object' && query !== null && 'identity' in query && typeof query.identity === 'string'
    ? query.identity
    : undefined
}
