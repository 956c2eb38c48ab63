import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { openPathLink } from '../../../services/open-link.ts'
import type { PersonalLink } from '../pages/acts.tsx'
import { sendToSite } from './elsewhere.ts'
import { embedScript } from './embed-script.ts'
import { firstStep } from './embedded-steps.ts'
import { queryLanguage } from './frame.ts'
import { preferenceModel } from './person-model.ts'
import { type PublicPagesOptions, readingOf, readPersonPage } from './person-routes.ts'

/** A site keeps the script for an hour, so that a mended one is everywhere within one. */
const scriptMaxAgeSeconds = 3_600

/** The leave form for the organisation's own site: the script, and what it shows first. Looking changes nothing. */
export async function registerEmbedRoutes(app: FastifyInstance, options: PublicPagesOptions): Promise<void> {
  app.get('/embed/leave.js', (_request, reply) =>
    reply
      .headers({
        'cache-control': `public, max-age=${scriptMaxAgeSeconds}`,
        // So that a site can pin it (Subresource Integrity needs CORS), and load it at all.
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
      })
      .type('text/javascript; charset=utf-8')
      .send(embedScript),
  )
  app.get('/embed/leave/:token', (request, reply) => showFirstStep(options, request, reply))
}

async function showFirstStep(
  options: PublicPagesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { params } = request
  const token = typeof params === 'object' && params !== null && 'token' in params ? String(params.token) : ''
  const link = openPathLink(options.hub.linkRing, options.hub.catalog, token)
  if (link === undefined) return options.problems.forgedLink(request, reply)
  const lang = queryLanguage(request)
  const personal: PersonalLink = { base: `/u/${token}`, ...(lang && { lang }) }
  const page = await readPersonPage(options.hub, link)
  const reading = readingOf(options, { link, personal }, page, request)
  const step = firstStep(preferenceModel(page, personal, reading), reading, options.hub.place.url)
  return sendToSite(request, reply, link.brand, 200, step)
}
