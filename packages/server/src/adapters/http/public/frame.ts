import type { FastifyReply, FastifyRequest } from 'fastify'
import { brandSettings } from '../../../services/brand-settings.ts'
import type { BrandRow } from '../../../storage/catalog.ts'
import { type Act, actPath, type PersonalLink } from '../pages/acts.tsx'
import type { PageFrame } from '../pages/layout.tsx'
import { overridesOf } from '../pages/overrides.ts'
import { pagePolicy } from '../pages/style.ts'
import { chooseLanguage, type Language, readLanguage, type Texts, type Translate } from '../pages/text.ts'

/** How a page is written for one reader. */
export type Reading = {
  readonly language: Language
  readonly text: Translate
  readonly frame: PageFrame
}

type Reader = {
  readonly request: FastifyRequest
  readonly texts: Texts
  readonly brand: BrandRow
  /** The language on record. */
  readonly known?: string | null
  readonly link?: PersonalLink
  readonly path?: string
  /** The act whose page is shown at the address of the link, so that another language shows the same page. */
  readonly act?: Act
}

export function readingFor({ request, texts, brand, known, link, path, act }: Reader): Reading {
  const query = queryLanguage(request)
  const language = chooseLanguage({ relation: known, query, acceptLanguage: request.headers['accept-language'] })
  const isKnown = readLanguage(known) !== undefined
  return readingIn(texts, brand, language, {
    languageSwitch:
      isKnown && link !== undefined
        ? { kind: 'form', action: actPath(link, 'details'), ...(act && { act }) }
        : { kind: 'links', path: path ?? `${link?.base ?? '/'}${act === undefined ? '' : `/${act}`}` },
  })
}

/** The same where the language has been settled already. The brand's own sentences take the place of the product's. */
export function readingIn(
  texts: Texts,
  brand: BrandRow,
  language: Language,
  { languageSwitch }: Pick<PageFrame, 'languageSwitch'>,
): Reading {
  const settings = brandSettings(brand)
  return {
    language,
    text: texts.for(language, overridesOf(brand, language)),
    frame: {
      brand: { name: brand.name, ...(settings.accent && { accent: settings.accent }) },
      controller: {
        name: brand.controller,
        ...(settings.contactEmail && { privacyEmail: settings.contactEmail }),
        ...(settings.privacyUrl && { privacyUrl: settings.privacyUrl }),
      },
      language,
      timeZone: settings.timeZone,
      languageSwitch,
    },
  }
}

/** `?lang=` as given, when it names a language of ours. */
export function queryLanguage({ query }: Pick<FastifyRequest, 'query'>): Language | undefined {
  return typeof query === 'object' && query !== null && 'lang' in query ? readLanguage(query.lang) : undefined
}

/** A page is nobody's to keep, to frame, to index or to name to others: its address holds the token. */
export function sendPage(reply: FastifyReply, status: number, html: string, accent?: string): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', pagePolicy(accent))
    .headers(pageHeaders)
    .send(html)
}

export const pageHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const
