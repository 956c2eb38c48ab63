import type { FastifyReply, FastifyRequest } from 'fastify'
import { brandSettings } from '../../../services/brand-settings.ts'
import type { BrandRow } from '../../../storage/catalog.ts'
import { type FormFields, field } from './form-body.ts'
import { pageHeaders } from './frame.ts'

/** As long as any address a browser shows; a longer one is not followed. */
const returnCharactersMax = 2_000

/**
 * Forms on the organisation's own site, posted to a person's link. The link's token is what allows the act, as it does
 * for RFC 8058, so the origin decides only what the answer looks like: a site the brand names may be returned to and may
 * read the answer, any other gets the hub's own page.
 */
export function isOwnSite(brand: BrandRow, origin: string | undefined): origin is string {
  return origin !== undefined && (brandSettings(brand).siteOrigins ?? []).includes(origin)
}

/**
 * Where a form asked to be sent back to, when it lies on one of the brand's own sites: anything else would let a link
 * of ours lead anywhere (CWE-601). What was done is told in the address, for the site to show.
 */
export function returnAddress(
  brand: BrandRow,
  form: FormFields,
  told: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const asked = field(form, 'return')
  if (asked === undefined || asked.length > returnCharactersMax || !URL.canParse(asked)) return undefined
  const url = new URL(asked)
  if (!isOwnSite(brand, url.origin) || url.username !== '' || url.password !== '') return undefined
  for (const [name, value] of Object.entries(told)) {
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return url.href
}

/** RFC 9110 §15.4.4: the browser goes on with GET, so that reloading the site's page repeats nothing. */
export function sendBack(reply: FastifyReply, address: string): FastifyReply {
  return reply.headers(pageHeaders).redirect(address, 303)
}

/** True for the hub's own script, which asks for JSON from a site of the brand. */
export function isFromScript({ headers }: FastifyRequest): boolean {
  return headers.accept === 'application/json'
}

/** Lets a site of the brand read the answer; no cookie is ever sent along or needed. */
export function sendToSite(
  request: FastifyRequest,
  reply: FastifyReply,
  brand: BrandRow,
  status: number,
  body: object,
): FastifyReply {
  const { origin } = request.headers
  return reply
    .code(status)
    .headers({ ...pageHeaders, vary: 'origin' })
    .headers(
      isOwnSite(brand, origin)
        ? { 'access-control-allow-origin': origin, 'cross-origin-resource-policy': 'cross-origin' }
        : {},
    )
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(body))
}
