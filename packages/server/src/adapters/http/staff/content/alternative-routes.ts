import type { FastifyReply, FastifyRequest } from 'fastify'
import { brandFieldsSchema, definedSettings } from '../../../../services/content/catalog-schema.ts'
import type { FormChoice } from '../../../../services/forms/leave-form.ts'
import { readPublishedForm } from '../../../../services/forms/read-leave-form.ts'
import { alternativeId, leavingOf } from '../../../../services/leaving/leaving-settings.ts'
import { lintCandidate } from '../../../../services/page-lint/publish-wording.ts'
import { saveBrand } from '../../../../services/save-brand.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { alternativeDifferences } from './alternative-details.ts'
import { changedAlternatives } from './alternative-form.ts'
import { type AlternativesOutcome, alternativesRoute, renderAlternatives } from './alternatives-page.tsx'
import { brandInPath, contentFormBytesMax, sendNotThere } from './content-parts.ts'
import { faultOfPart } from './form-fields.tsx'
import { isOvertaken, versionOf } from './form-version.tsx'
import { inTurn } from './in-turn.ts'
import type { Posted } from './question-form.ts'

/** What is offered in place of a no. */
export const alternativeRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: alternativesRoute, access: 'content', handle: showAlternatives },
  {
    method: 'POST',
    url: alternativesRoute,
    access: 'content',
    bodyBytesMax: contentFormBytesMax,
    handle: (parts, ...call) => inTurn(parts.hub, () => takeAlternatives(parts, ...call)),
  },
]

function showAlternatives(parts: StaffParts, request: FastifyRequest, reply: FastifyReply) {
  const brand = brandInPath(parts, request)
  return brand === undefined ? sendNotThere(parts, request, reply) : send(parts, request, reply, brand)
}

async function takeAlternatives(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { hub } = parts
  const brand = brandInPath(parts, request)
  if (brand === undefined) return sendNotThere(parts, request, reply)
  const { alternatives } = leavingOf(brand)
  const posted = (name: string) => postedField(request, name)
  const reasons = await reasonsOf(hub, brand)
  // Places in the form are places in the list it was made from.
  if (isOvertaken(request, alternatives)) {
    const frame = staffFrame(parts, request, '/content')
    const topics = hub.catalog.topics(brand.id)
    const differing = alternativeDifferences(frame, { alternatives, topics, reasons }, posted)
    return send(parts, request, reply, brand, { kind: 'overtaken', differing }, posted)
  }
  const isUsual = posted('usual') === 'yes'
  const reasonIds = reasons.map(({ id: one }) => one)
  const changed = isUsual ? undefined : changedAlternatives(alternatives, posted, reasonIds)
  const given = brandFieldsSchema.safeParse(
    brandOffering(
      brand,
      changed?.map(({ alternative }) => alternative),
    ),
  )
  const refuse = (fault: string, index: PropertyKey | undefined) => {
    const place = typeof index === 'number' ? changed?.[index]?.place : undefined
    const outcome = { kind: 'unusable', fault, ...(place !== undefined && { place }) } as const
    return send(parts, request, reply, brand, outcome, posted)
  }
  if (!given.success) {
    const path = given.error.issues[0]?.path ?? []
    return refuse(faultOfPart(path), path[path.indexOf('alternatives') + 1])
  }
  const offered = given.data.settings?.leaving?.alternatives ?? []
  const twice = offered.map(alternativeId).findIndex((id, index, ids) => ids.indexOf(id) !== index)
  if (twice !== -1) return refuse('twice', twice)
  const { id, name, controller, country } = brand
  const wanted = { id, name, controller, country, settings: definedSettings(given.data.settings) }
  const findings = await lintCandidate(hub, { ...brand, ...wanted })
  if (findings.length > 0) return send(parts, request, reply, brand, { kind: 'refused', findings }, posted)
  const actor = staffActor(request.staff?.session.staffId ?? '')
  const saved = await saveBrand(hub.db, hub.catalog, wanted, hub.clock(), actor)
  return send(parts, request, reply, saved.brand, { kind: 'saved' })
}

/** What can be given as the reason of a no: where one thing is picked. */
async function reasonsOf(hub: StaffParts['hub'], brand: BrandRow): Promise<readonly FormChoice[]> {
  const { questions } = await readPublishedForm(hub, brand)
  return questions.flatMap((question) => (question.kind === 'single' ? question.choices : []))
}

/** The brand with this list; without one of its own it offers what the product does. */
function brandOffering(
  { name, controller, country, settings }: BrandRow,
  alternatives: readonly unknown[] | undefined,
) {
  const { alternatives: _, ...leaving } = Object(settings.leaving)
  const offered = { ...leaving, ...(alternatives !== undefined && { alternatives }) }
  return { name, controller, country, settings: { ...settings, leaving: offered } }
}

/** `typed` is what was sent and could not be kept; places in the form are still those of what the brand has. */
async function send(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  brand: BrandRow,
  outcome?: AlternativesOutcome,
  typed?: Posted,
): Promise<FastifyReply> {
  const { hub } = parts
  const current = leavingOf(brand).alternatives
  const model = {
    frame: staffFrame(parts, request, `/content/${brand.id}/alternatives`),
    brand,
    topics: hub.catalog.topics(brand.id),
    reasons: await reasonsOf(hub, brand),
    alternatives: current,
    version: versionOf(current),
    ...(outcome !== undefined && { outcome }),
    ...(typed !== undefined && { typed }),
  }
  const isDone = outcome === undefined || outcome.kind === 'saved'
  return sendStaffPage(reply, isDone ? 200 : 422, renderAlternatives(model))
}
