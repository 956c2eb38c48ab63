import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { brandFieldsSchema, catalogIdSchema, definedSettings } from '../../../../services/content/catalog-schema.ts'
import { lintCandidate } from '../../../../services/page-lint/publish-wording.ts'
import { voluntaryRegisters } from '../../../../services/registers/known-registers.ts'
import { saveBrand } from '../../../../services/save-brand.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import {
  type BrandFormModel,
  brandRoute,
  brandsRoute,
  brandValues,
  pledgeField,
  renderBrand,
  renderBrands,
} from './brand-page.tsx'
import { brandInPath, sendNotThere } from './content-parts.ts'
import { brandDifferences } from './field-words.ts'
import type { FieldFaults } from './form-fields.tsx'
import { isOvertaken } from './form-version.tsx'
import { inTurn } from './in-turn.ts'

/** The brands, and what each decides for itself. */
export const brandRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: brandsRoute, access: 'content', handle: showBrands },
  {
    method: 'POST',
    url: brandsRoute,
    access: 'content',
    handle: (parts, ...call) => inTurn(parts.hub, () => addBrand(parts, ...call)),
  },
  { method: 'GET', url: brandRoute, access: 'content', handle: showBrand },
  {
    method: 'POST',
    url: brandRoute,
    access: 'content',
    handle: (parts, ...call) => inTurn(parts.hub, () => changeBrand(parts, ...call)),
  },
]

const emptyForm = { values: {}, faults: new Map<string, string>(), findings: [] }

function showBrands(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendBrands(parts, request, reply, 200, emptyForm)
}

async function addBrand(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const values = read(request, ['id', 'name', 'controller', 'country'])
  const { id = '', ...fields } = values
  const given = brandFieldsSchema.safeParse(fields)
  const named = catalogIdSchema.safeParse(id)
  const isTaken = parts.hub.catalog.brand(id) !== undefined
  const faults = new Map([
    ...(given.success ? [] : faultsOf(given.error)),
    ...(named.success ? [] : [['id', 'id'] as const]),
    ...(isTaken ? [['id', 'taken'] as const] : []),
  ])
  if (!given.success || faults.size > 0) return sendBrands(parts, request, reply, 422, { values, faults, findings: [] })
  const { name, controller, country } = given.data
  const wanted = { id, name, controller, country, settings: {} }
  const findings = await lintCandidate(parts.hub, { ...wanted, number: 0, wording: null })
  if (findings.length > 0) return sendBrands(parts, request, reply, 422, { values, faults: new Map(), findings })
  await save(parts, request, wanted)
  return reply.redirect(`/content/${id}${staffFrame(parts, request, '/content').search}`, 303)
}

function showBrand(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const brand = brandInPath(parts, request)
  if (brand === undefined) return sendNotThere(parts, request, reply)
  return sendBrand(parts, request, reply, 200, { brand, ...emptyForm, values: brandValues(brand) })
}

async function changeBrand(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const brand = brandInPath(parts, request)
  if (brand === undefined) return sendNotThere(parts, request, reply)
  const stored = brandValues(brand)
  const values = read(request, Object.keys(stored))
  if (isOvertaken(request, stored)) {
    const { text } = staffFrame(parts, request, '/content')
    const overtaken = brandDifferences(text, stored, values)
    return sendBrand(parts, request, reply, 422, { brand, ...emptyForm, values, overtaken })
  }
  const given = brandFieldsSchema.safeParse(wantedBrand(brand, values))
  if (!given.success) {
    const faults = faultsOf(given.error)
    return sendBrand(parts, request, reply, 422, { brand, values, faults, findings: [] })
  }
  const { name, controller, country } = given.data
  const wanted = { id: brand.id, name, controller, country, settings: definedSettings(given.data.settings) }
  const findings = await lintCandidate(parts.hub, { ...brand, ...wanted })
  if (findings.length > 0) return sendBrand(parts, request, reply, 422, { brand, values, faults: new Map(), findings })
  const saved = await save(parts, request, wanted)
  const shown = { brand: saved, ...emptyForm, values: brandValues(saved), saved: true }
  return sendBrand(parts, request, reply, 200, shown)
}

async function save({ hub }: StaffParts, request: FastifyRequest, wanted: Omit<BrandRow, 'number' | 'wording'>) {
  const actor = staffActor(request.staff?.session.staffId ?? '')
  return (await saveBrand(hub.db, hub.catalog, wanted, hub.clock(), actor)).brand
}

/** What the form says, over the settings it does not show; an empty field is the product's default. */
function wantedBrand(brand: BrandRow, values: Readonly<Record<string, string>>): unknown {
  const { name, controller, country, siteOrigins = '', policy, ...written } = values
  const texts = ['accent', 'timeZone', 'privacyUrl', 'contactEmail', 'privacyMail', 'postalAddress', 'oneClick']
  const numbers = ['reviewWithinHours', 'printLeadDays']
  const origins = siteOrigins.split(/\s+/).filter((origin) => origin !== '')
  const leaving = { ...Object(brand.settings.leaving), policy }
  const pledgedRegisters = voluntaryRegisters.filter((id) => values[pledgeField(id)] === 'yes')
  const { pledgedRegisters: _, ...unshown } = brand.settings
  const filled = (key: string) => written[key] !== undefined && written[key] !== ''
  const settings = {
    ...Object.fromEntries(Object.entries(unshown).filter(([key]) => !(key in values))),
    ...Object.fromEntries(texts.filter(filled).map((key) => [key, written[key]])),
    ...Object.fromEntries(numbers.filter(filled).map((key) => [key, Number(written[key])])),
    ...(origins.length > 0 && { siteOrigins: origins }),
    ...(pledgedRegisters.length > 0 && { pledgedRegisters }),
    leaving,
  }
  return { name, controller, country, settings }
}

function read(request: FastifyRequest, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, (postedField(request, name) ?? '').trim()]))
}

/** By the field of the form that an issue is about. */
export function faultsOf(error: z.ZodError): FieldFaults {
  return new Map(
    error.issues.map(({ path }) => {
      const [first, second, third] = path.map(String)
      const name = first === 'settings' ? (second === 'leaving' ? (third ?? 'policy') : (second ?? '')) : (first ?? '')
      return [name, name]
    }),
  )
}

function sendBrands(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  form: Omit<BrandFormModel, 'frame'>,
): FastifyReply {
  const { catalog } = parts.hub
  const brands = catalog.brands().map((brand) => ({ brand, topics: catalog.topics(brand.id).length }))
  return sendStaffPage(reply, status, renderBrands(staffFrame(parts, request, '/content'), brands, form))
}

function sendBrand(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  model: Omit<BrandFormModel, 'frame'> & { brand: BrandRow },
): FastifyReply {
  const frame = staffFrame(parts, request, `/content/${model.brand.id}`)
  const topics = parts.hub.catalog.topics(model.brand.id)
  return sendStaffPage(reply, status, renderBrand({ frame, topics, ...model }))
}
