import type { FastifyRequest } from 'fastify'
import type { BrandRow } from '../../../storage/catalog.ts'
import { queryLanguage, type Reading, readingFor } from './frame.ts'
import type { PublicPagesOptions } from './person-routes.ts'

export function tokenIn(request: FastifyRequest): string {
  const { params } = request
  return typeof params === 'object' && params !== null && 'token' in params ? String(params.token) : ''
}

/** A page behind a mailed link: in the language it was asked in, until its reader chooses another. */
export function readingOfToken(
  { texts }: PublicPagesOptions,
  request: FastifyRequest,
  view: { readonly brand: BrandRow; readonly language: string },
  path: string,
): { readonly reading: Reading; readonly action: string } {
  const lang = queryLanguage(request)
  const known = lang ?? view.language
  const { frame, ...reading } = readingFor({ request, texts, brand: view.brand, known, path })
  const switched = { ...frame, languageSwitch: { kind: 'links' as const, path } }
  return { reading: { ...reading, frame: switched }, action: lang === undefined ? path : `${path}?lang=${lang}` }
}
