import { z } from 'zod'
import { type ConsentTextVersion, readConsentTexts, saveConsentTexts } from '../../../services/sign-up/consent-texts.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { unknownBrand } from './brands.ts'
import * as schemas from './schemas.ts'

/** A page of a privacy statement is no sentence anybody agrees to; this is room for a long paragraph. */
export const consentTextCharactersMax = 4_000
const languagesMax = 40

const texts = z
  .record(schemas.language, z.string().min(1).max(consentTextCharactersMax))
  .refine((given) => Object.keys(given).length > 0, 'Give the words in one language at least')
  .refine((given) => Object.keys(given).length <= languagesMax, `Give at most ${languagesMax} languages`)
const privacyUrl = z.url({ protocol: /^https?$/ }).max(500)
const version = z
  .strictObject({
    version: z.int().min(1),
    texts: z.record(schemas.language, z.string()),
    privacyUrl: z.string().optional(),
    createdAt: schemas.moment,
  })
  .meta({ id: 'ConsentTexts', description: 'What people agree to, by language. A version never changes.' })
const params = z.strictObject({ brand: schemas.brandId })

export function putConsentTexts(app: ApiServer, { hub }: ApiParts): void {
  app.put(
    '/v1/brands/:brand/consent-texts',
    {
      config: { scope: 'catalog:write' },
      schema: {
        tags: ['consents'],
        summary: 'Set the words people agree to when they sign up',
        description:
          'Adds a version that replaces the whole set; a consent keeps the version it was given under. What already stands adds none. A language left out gets the product’s own words.',
        params,
        body: z.strictObject({ texts, privacyUrl: privacyUrl.optional() }),
        response: {
          200: answer('The same as before.', version),
          201: answer('A new version.', version),
          ...problems({ body: true }, 404),
        },
      },
    },
    async (request, reply) => {
      const { brand } = request.params
      if (hub.catalog.brand(brand) === undefined) throw unknownBrand()
      const { texts: given, privacyUrl: url } = request.body
      const saved = await saveConsentTexts(
        hub.db,
        { brand, texts: given, ...(url && { privacyUrl: url }) },
        hub.clock(),
      )
      return reply.code(saved.created ? 201 : 200).send(show(saved.version))
    },
  )
}

export function getConsentTexts(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/brands/:brand/consent-texts',
    {
      config: { scope: 'catalog:read' },
      schema: {
        tags: ['consents'],
        summary: 'Every version of the words people agree to',
        params,
        response: {
          200: answer('Oldest first; the last one is shown.', z.strictObject({ versions: z.array(version) })),
          ...problems({ body: false }, 404),
        },
      },
    },
    async (request) => {
      const { brand } = request.params
      if (hub.catalog.brand(brand) === undefined) throw unknownBrand()
      return { versions: (await readConsentTexts(hub.db, brand)).map(show) }
    },
  )
}

function show({ createdAt, ...rest }: ConsentTextVersion): z.infer<typeof version> {
  return { ...rest, createdAt: schemas.isoTime(createdAt) }
}
