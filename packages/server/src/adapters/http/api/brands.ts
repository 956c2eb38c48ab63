import { z } from 'zod'
import { brandFieldsSchema, definedSettings } from '../../../services/content/catalog-schema.ts'
import { lintCandidate } from '../../../services/page-lint/publish-wording.ts'
import { saveBrand } from '../../../services/save-brand.ts'
import type { BrandRow } from '../../../storage/catalog.ts'
import { actorOf } from '../authenticate.ts'
import { notFound } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { brokenPages } from './lint-problem.ts'
import * as schemas from './schemas.ts'

const brandBody = brandFieldsSchema.meta({ id: 'NewBrand' })

const brand = brandBody.extend({ id: schemas.brandId, settings: z.looseObject({}) }).meta({ id: 'Brand' })
const brandParams = z.strictObject({ brand: schemas.brandId })

export function getBrands(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/brands',
    {
      config: { scope: 'catalog:read' },
      schema: {
        tags: ['catalog'],
        summary: 'All brands',
        response: {
          200: answer('In the order they were added.', z.strictObject({ brands: z.array(brand) })),
          ...problems({ body: false }),
        },
      },
    },
    async () => ({ brands: hub.catalog.brands().map(showBrand) }),
  )
}

export function getBrand(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/brands/:brand',
    {
      config: { scope: 'catalog:read' },
      schema: {
        tags: ['catalog'],
        summary: 'One brand',
        params: brandParams,
        response: { 200: answer('The brand.', brand), ...problems({ body: false }, 404) },
      },
    },
    async (request) => {
      const found = hub.catalog.brand(request.params.brand)
      if (found === undefined) throw unknownBrand()
      return showBrand(found)
    },
  )
}

export function putBrand(app: ApiServer, { hub }: ApiParts): void {
  app.put(
    '/v1/brands/:brand',
    {
      config: { scope: 'catalog:write' },
      schema: {
        tags: ['catalog'],
        summary: 'Create or change a brand',
        description:
          'With a name or settings that make a page break a rule it is refused with 422 `page_lint`, each finding with the rule and its source.',
        params: brandParams,
        body: brandBody,
        response: {
          200: answer('Changed.', brand),
          201: answer('Created.', brand),
          ...problems({ body: true }, 422),
        },
      },
    },
    async (request, reply) => {
      const { name, controller, country } = request.body
      const wanted = {
        id: request.params.brand,
        name,
        controller,
        country,
        settings: definedSettings(request.body.settings),
      }
      const known = hub.catalog.brand(wanted.id)
      const findings = await lintCandidate(hub, {
        ...wanted,
        number: known?.number ?? 0,
        wording: known?.wording ?? null,
      })
      if (findings.length > 0) throw brokenPages(hub.sayInEnglish, 'brand', findings)
      const saved = await saveBrand(hub.db, hub.catalog, wanted, hub.clock(), actorOf(request))
      return reply.code(saved.created ? 201 : 200).send(showBrand(saved.brand))
    },
  )
}

export function unknownBrand() {
  return notFound('unknown_brand', 'There is no such brand; GET /v1/brands lists them.')
}

function showBrand({ id, name, controller, country, settings: stored }: BrandRow): z.infer<typeof brand> {
  return { id, name, controller, country, settings: { ...stored } }
}
