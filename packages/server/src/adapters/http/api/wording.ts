import { z } from 'zod'
import { publishWording } from '../../../services/page-lint/publish-wording.ts'
import { listBrandWordings } from '../../../storage/brand-wordings.ts'
import { actorOf } from '../authenticate.ts'
import { overrideCharactersMax } from '../pages/overrides.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { unknownBrand } from './brands.ts'
import { brokenPages, unusableWording } from './lint-problem.ts'
import * as schemas from './schemas.ts'

const brandParams = z.strictObject({ brand: schemas.brandId })
/** More than the pages have. */
const textsMax = 400

const texts = z
  .record(
    schemas.language,
    z
      .record(z.string().max(64), z.string().min(1).max(overrideCharactersMax))
      .refine((own) => Object.keys(own).length <= textsMax, `Give at most ${textsMax} texts`),
  )
  .meta({ description: 'By language and by the name of the text, as ICU MessageFormat.' })
const wording = z
  .strictObject({
    version: z.int().min(0).meta({ description: '0: the product’s own words throughout.' }),
    texts,
  })
  .meta({ id: 'Wording' })
const publishedWording = wording.extend({ publishedAt: schemas.moment }).meta({ id: 'PublishedWording' })

export function getWording(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/brands/:brand/wording',
    {
      config: { scope: 'catalog:read' },
      schema: {
        tags: ['catalog'],
        summary: 'What the brand says in its own words',
        params: brandParams,
        response: { 200: answer('The version that is used now.', wording), ...problems({ body: false }, 404) },
      },
    },
    async (request) => {
      const brand = hub.catalog.brand(request.params.brand)
      if (brand === undefined) throw unknownBrand()
      return show(brand.wording ?? { version: 0, texts: {} })
    },
  )
}

export function putWording(app: ApiServer, { hub }: ApiParts): void {
  app.put(
    '/v1/brands/:brand/wording',
    {
      config: { scope: 'catalog:write' },
      schema: {
        tags: ['catalog'],
        summary: 'Publish the brand’s own words for its pages',
        description:
          'Makes the next version of all texts the brand words itself; those left out are the product’s. A wording with which a page breaks a rule is refused with 422 `page_lint`, each finding with the rule and its source.',
        params: brandParams,
        body: z.strictObject({ texts }).meta({ id: 'NewWording' }),
        response: {
          200: answer('These words were used already.', wording),
          201: answer('Published.', wording),
          ...problems({ body: true }, 404, 422),
        },
      },
    },
    async (request, reply) => {
      const brand = hub.catalog.brand(request.params.brand)
      if (brand === undefined) throw unknownBrand()
      const outcome = await publishWording(hub, brand, request.body.texts, actorOf(request))
      if (outcome.kind === 'unusable') throw unusableWording(outcome.faults)
      if (outcome.kind === 'refused') throw brokenPages(hub.sayInEnglish, 'wording', outcome.findings)
      return reply.code(outcome.kind === 'published' ? 201 : 200).send(show(outcome.wording))
    },
  )
}

export function getWordingVersions(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/brands/:brand/wording/versions',
    {
      config: { scope: 'catalog:read' },
      schema: {
        tags: ['catalog'],
        summary: 'Every version of the brand’s own words',
        params: brandParams,
        response: {
          200: answer('The newest first.', z.strictObject({ versions: z.array(publishedWording) })),
          ...problems({ body: false }, 404),
        },
      },
    },
    async (request) => {
      const brand = hub.catalog.brand(request.params.brand)
      if (brand === undefined) throw unknownBrand()
      const rows = await listBrandWordings(hub.db, brand.id)
      return { versions: rows.map((row) => ({ ...show(row), publishedAt: row.publishedAt.toISOString() })) }
    },
  )
}

function show({ version, texts: own }: { readonly version: number; readonly texts: Readonly<Record<string, object>> }) {
  return {
    version,
    texts: Object.fromEntries(Object.entries(own).map(([language, entries]) => [language, { ...entries }])),
  }
}
