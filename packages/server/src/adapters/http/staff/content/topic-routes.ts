import type { FastifyReply, FastifyRequest } from 'fastify'
import { catalogIdSchema, topicFieldsSchema } from '../../../../services/content/catalog-schema.ts'
import { lintTopics } from '../../../../services/page-lint/publish-wording.ts'
import { saveTopic } from '../../../../services/save-topic.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import type { BrandRow, TopicRow } from '../../../../storage/catalog.ts'
import { languages } from '../../pages/text.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { faultsOf } from './brand-routes.ts'
import { brandInPath, pathPart, sendNotThere } from './content-parts.ts'
import { topicDifferences } from './field-words.ts'
import { isOvertaken } from './form-version.tsx'
import { inTurn } from './in-turn.ts'
import { newTopicRoute, renderTopic, type TopicModel, topicRoute, topicValues } from './topic-page.tsx'

/** What a brand sends, and whether it is marketing. */
export const topicRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: newTopicRoute, access: 'content', handle: showNew },
  { method: 'POST', url: newTopicRoute, access: 'content', handle: takeTopicInTurn },
  { method: 'GET', url: topicRoute, access: 'content', handle: showTopic },
  { method: 'POST', url: topicRoute, access: 'content', handle: takeTopicInTurn },
]

const nothingWrong = { faults: new Map<string, string>(), findings: [] }

function showNew(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const brand = brandInPath(parts, request)
  if (brand === undefined) return sendNotThere(parts, request, reply)
  return send(parts, request, reply, 200, { brand, values: { purpose: 'marketing' }, ...nothingWrong })
}

function showTopic(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const brand = brandInPath(parts, request)
  const topic = topicInPath(parts, request)
  if (brand === undefined || topic === undefined) return sendNotThere(parts, request, reply)
  return send(parts, request, reply, 200, { brand, topic, values: topicValues(topic), ...nothingWrong })
}

function takeTopicInTurn(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return inTurn(parts.hub, () => takeTopic(parts, request, reply))
}

async function takeTopic(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { hub } = parts
  const brand = brandInPath(parts, request)
  const topic = topicInPath(parts, request)
  const isNew = pathPart(request, 'topic') === ''
  if (brand === undefined || (topic === undefined && !isNew)) return sendNotThere(parts, request, reply)
  const values = readValues(request, topic)
  if (topic !== undefined && isOvertaken(request, topicValues(topic))) {
    const { text } = staffFrame(parts, request, '/content')
    const overtaken = topicDifferences(text, topicValues(topic), values)
    return send(parts, request, reply, 422, { brand, topic, values, ...nothingWrong, overtaken })
  }
  const names = languages.flatMap((one) => (values[`name.${one}`] ? [[one, values[`name.${one}`]]] : []))
  const given = topicFieldsSchema.safeParse({ purpose: values.purpose, names: Object.fromEntries(names) })
  const faults = faultsIn(parts, request, { brand, ...(topic && { topic }), values })
  const shown = { brand, values, ...(topic && { topic }) }
  if (!given.success || faults.size > 0) {
    const all = new Map([...faults, ...(given.success ? [] : faultsOf(given.error))])
    return send(parts, request, reply, 422, { ...shown, faults: all, findings: [] })
  }
  const settings = topic?.settings ?? {}
  const wanted = {
    brand: brand.id,
    id: values.id ?? '',
    purpose: given.data.purpose,
    names: given.data.names,
    settings,
  }
  const findings = await lintTopics(hub, brand.id, [wanted])
  if (findings.length > 0) return send(parts, request, reply, 422, { ...shown, faults: new Map(), findings })
  const actor = staffActor(request.staff?.session.staffId ?? '')
  const saved = await saveTopic(hub.db, hub.catalog, wanted, hub.clock(), actor)
  if (saved.kind === 'unknown_brand') return sendNotThere(parts, request, reply)
  if (isNew) return reply.redirect(`/content/${brand.id}${staffFrame(parts, request, '/content').search}`, 303)
  const now = { brand, topic: saved.topic, values: topicValues(saved.topic), saved: true }
  return send(parts, request, reply, 200, { ...now, ...nothingWrong })
}

function faultsIn(
  { hub }: StaffParts,
  request: FastifyRequest,
  { brand, topic, values }: { brand: BrandRow; topic?: TopicRow; values: Readonly<Record<string, string>> },
): Map<string, string> {
  const { id = '' } = values
  if (topic !== undefined) {
    const turns = topic.purpose === 'marketing' && values.purpose === 'service'
    return new Map(turns && postedField(request, 'sure') !== 'yes' ? [['sure', 'sure']] : [])
  }
  const named = catalogIdSchema.safeParse(id)
  if (!named.success) return new Map([['id', 'id']])
  const isTaken = hub.catalog.topic(brand.id, id) !== undefined
  return new Map(isTaken ? [['id', 'taken']] : [])
}

/** A topic keeps its id, which links and choices name it by. */
function readValues(request: FastifyRequest, topic: TopicRow | undefined): Record<string, string> {
  const names = ['purpose', ...languages.map((one) => `name.${one}`)]
  const written = Object.fromEntries(names.map((name) => [name, (postedField(request, name) ?? '').trim()]))
  return { ...written, id: topic?.id ?? (postedField(request, 'id') ?? '').trim() }
}

function topicInPath({ hub }: StaffParts, request: FastifyRequest): TopicRow | undefined {
  return hub.catalog.topic(pathPart(request, 'brand'), pathPart(request, 'topic'))
}

function send(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  model: Omit<TopicModel, 'frame'>,
): FastifyReply {
  const base = `/content/${model.brand.id}/topics`
  const frame = staffFrame(parts, request, model.topic === undefined ? base : `${base}/${model.topic.id}`)
  return sendStaffPage(reply, status, renderTopic({ frame, ...model }))
}
