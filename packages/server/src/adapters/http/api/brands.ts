import { z } from 'zod'
import {
  isSiteOrigin,
  oneClickScopes,
  printLeadDaysDefault,
  printLeadDaysMax,
  siteOriginHint,
  siteOriginsMax,
} from '../../../services/brand-settings.ts'
import { leavingSettingsSchema } from '../../../services/leaving/leaving-settings.ts'
import { lintCandidate } from '../../../services/page-lint/publish-wording.ts'
import { reviewHoursDefault, reviewHoursMax } from '../../../services/review/deadline.ts'
import { saveBrand } from '../../../services/save-brand.ts'
import type { BrandRow } from '../../../storage/catalog.ts'
import { notFound } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { brokenPages } from './lint-problem.ts'
import * as schemas from './schemas.ts'

const nameCharactersMax = 200
const reasonsMax = 20
const labelCharactersMax = 100

const settings = z.strictObject({
  oneClick: z.enum(oneClickScopes).optional().meta({
    description:
      'How far a one-click header or a bare STOP reaches when the message itself offered both; else it means everything.',
  }),
  accent: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'Give a colour as #rrggbb')
    .optional(),
  privacyUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  postalAddress: z.string().min(1).max(500).optional(),
  contactEmail: z.email().max(254).optional(),
  timeZone: z.string().refine(isTimeZone, 'Give a time zone of the IANA database, such as Europe/Brussels').optional(),
  reasons: z
    .array(
      z.strictObject({
        id: schemas.topicId,
        labels: z.record(schemas.language, z.string().min(1).max(labelCharactersMax)),
      }),
    )
    .max(reasonsMax)
    .optional(),
  reviewWithinHours: z
    .int()
    .min(1)
    .max(reviewHoursMax)
    .optional()
    .meta({
      description: `How long words that may be a no wait for a human; ${reviewHoursDefault} when left out. Marketing waits with them, and the no is recorded when nobody decided.`,
    }),
  privacyMail: z.email().max(254).optional().meta({
    description: 'Who is told when somebody says that they never signed up, or that this is spam.',
  }),
  siteOrigins: z.array(z.string().refine(isSiteOrigin, siteOriginHint)).max(siteOriginsMax).optional().meta({
    description: 'Sites of the organisation that may hold the leave form, read its answers and be returned to.',
  }),
  printLeadDays: z
    .int()
    .min(1)
    .max(printLeadDaysMax)
    .optional()
    .meta({
      description: `How long after its print day post may still land; ${printLeadDaysDefault} when left out. A person who says no is told.`,
    }),
  leaving: leavingSettingsSchema.optional().meta({
    description:
      'What comes after a no: whether the person is asked once if it was meant, and what is offered instead. The no holds from the first act in any case.',
  }),
})

const brandBody = z
  .strictObject({
    name: z.string().min(1).max(nameCharactersMax),
    controller: z
      .string()
      .min(1)
      .max(nameCharactersMax)
      .meta({ description: 'The legal person that answers for it (GDPR art. 4(7)).' }),
    country: schemas.country,
    settings: settings.optional(),
  })
  .meta({ id: 'NewBrand' })

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
        settings: definedOnly(request.body.settings),
      }
      const known = hub.catalog.brand(wanted.id)
      const findings = await lintCandidate(hub, {
        ...wanted,
        number: known?.number ?? 0,
        wording: known?.wording ?? null,
      })
      if (findings.length > 0) throw brokenPages('brand', findings)
      const saved = await saveBrand(hub.db, hub.catalog, wanted, hub.clock())
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

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** An absent setting has its default; an undefined one would hide it. */
function definedOnly(given: z.infer<typeof settings> = {}) {
  const { oneClick, accent, privacyUrl, postalAddress, contactEmail, timeZone, reasons, reviewWithinHours, leaving } =
    given
  const { privacyMail, siteOrigins, printLeadDays } = given
  return {
    ...(oneClick !== undefined && { oneClick }),
    ...(accent !== undefined && { accent }),
    ...(privacyUrl !== undefined && { privacyUrl }),
    ...(postalAddress !== undefined && { postalAddress }),
    ...(contactEmail !== undefined && { contactEmail }),
    ...(timeZone !== undefined && { timeZone }),
    ...(reasons !== undefined && { reasons }),
    ...(reviewWithinHours !== undefined && { reviewWithinHours }),
    ...(leaving !== undefined && { leaving }),
    ...(privacyMail !== undefined && { privacyMail }),
    ...(siteOrigins !== undefined && { siteOrigins }),
    ...(printLeadDays !== undefined && { printLeadDays }),
  }
}
