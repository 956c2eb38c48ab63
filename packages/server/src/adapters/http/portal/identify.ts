import { type Channel, channels } from '@verzet/core'
import type { FastifyRequest } from 'fastify'
import { brandSettings } from '../../../services/brand-settings.ts'
import type { Hub } from '../../../services/hub.ts'
import { type OpenedLink, openPathLink } from '../../../services/open-link.ts'
import { openPortalIdentity } from '../../../services/portal/open-portal-identity.ts'
import { type TokenParts, verifyPortalToken } from '../../../services/portal/verify-portal-token.ts'
import { HttpProblem } from '../problem.ts'

/** Whom a request speaks for, and the sites that may make it. */
export type Identified = { readonly link: OpenedLink; readonly origins: readonly string[] }

export type IdentifyParts = { readonly hub: Hub; readonly tokens: TokenParts }

/** Why somebody is not known. `refused` counts against the address it came from. */
export type Unidentified = { readonly kind: 'missing' | 'expired' | 'refused' | 'keys_unavailable' }

/** A token of a portal, or of a personal link, whose holder has the powers of that link and no more. */
export async function identify(
  { hub, tokens }: IdentifyParts,
  token: string | undefined,
  about: { readonly topic?: string; readonly channel?: Channel },
): Promise<Identified | Unidentified> {
  if (token === undefined) return { kind: 'missing' }
  if (!token.includes('.')) {
    const link = openPathLink(hub.linkRing, hub.catalog, token)
    return link === undefined ? { kind: 'refused' } : { link, origins: brandSettings(link.brand).siteOrigins ?? [] }
  }
  const outcome = await verifyPortalToken(tokens, token)
  if (outcome.kind !== 'verified') return outcome
  const link = await openPortalIdentity(hub, outcome, about)
  return link === undefined ? { kind: 'refused' } : { link, origins: outcome.portal.origins }
}

/** RFC 6750 §2.1. */
export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
}

export function readChannel(value: string | undefined): Channel | undefined {
  return channels.find((channel) => channel === value)
}

/** An expired token is told apart, since the portal can sign another; nothing else is said of why one is refused. */
export function unidentified({ kind }: Unidentified): HttpProblem {
  if (kind === 'keys_unavailable') {
    return new HttpProblem(
      {
        status: 503,
        code: 'portal_keys_unavailable',
        title: 'Unavailable',
        detail: 'The key set of this portal cannot be read now. Nothing was recorded; try again.',
      },
      { 'retry-after': '30' },
    )
  }
  const details = {
    missing: 'Send a token of the portal, or of a personal link, as "Authorization: Bearer …".',
    expired: 'This token has expired; sign another one.',
    refused: 'This token does not hold.',
  }
  const error = kind === 'missing' ? '' : ', error="invalid_token"'
  return new HttpProblem(
    { status: 401, code: `token_${kind}`, title: 'Unauthorized', detail: details[kind] },
    { 'www-authenticate': `Bearer realm="verzet portal"${error}` },
  )
}
