import type { FastifyReply, FastifyRequest } from 'fastify'
import { brandSettings } from '../../../services/brand-settings.ts'
import type { Hub } from '../../../services/hub.ts'
import type { PortalDirectory } from '../../../services/portal/portals.ts'
import { HttpProblem } from '../problem.ts'

/** A browser asks again after this; a site that was taken off the list is refused at once all the same. */
const preflightMaxAgeSeconds = 600

/**
 * Which sites may speak here (CORS, the Fetch standard): exactly those that the portal of the token names, and for a
 * personal link those of its brand. A browser asks before the token is known, so any site that one of them names is
 * heard and may read why it is refused; whether it may act is then judged by its own token.
 */
export async function hearNamedSite(
  hub: Hub,
  portals: PortalDirectory,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const { origin } = request.headers
  reply.header('vary', 'origin')
  if (origin === undefined) return false
  const ofBrands = hub.catalog.brands().flatMap((brand) => brandSettings(brand).siteOrigins ?? [])
  const ofPortals = (await portals.all()).flatMap(({ origins }) => origins)
  if (!ofBrands.includes(origin) && !ofPortals.includes(origin)) return false
  reply.headers({ 'access-control-allow-origin': origin, 'cross-origin-resource-policy': 'cross-origin' })
  return true
}

export function allowRequest(reply: FastifyReply): FastifyReply {
  return reply.headers({
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': String(preflightMaxAgeSeconds),
  })
}

/** A server asks without an origin, and the hub's own pages with the hub's. */
export function assertOwnSite(hub: Hub, { headers }: FastifyRequest, origins: readonly string[]): void {
  const { origin } = headers
  if (origin === undefined || origin === new URL(hub.place.url).origin || origins.includes(origin)) return
  throw new HttpProblem({
    status: 403,
    code: 'site_not_allowed',
    title: 'Forbidden',
    detail: 'This site is not one that the portal of this token may speak from; nothing was done.',
  })
}
