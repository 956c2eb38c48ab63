import { z } from 'zod'
import { topicFieldsSchema } from '../../../services/content/catalog-schema.ts'
import { lintTopics } from '../../../services/page-lint/publish-wording.ts'
import { saveTopic } from '../../../services/save-topic.ts'
import type { TopicRow } from '../../../storage/catalog.ts'
import { actorOf } from '../authenticate.ts'
import { notFound } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { unknownBrand } from './brands.ts'
import { brokenPages } from './lint-problem.ts'
import * as schemas from './schemas.ts'

const topicBody = topicFieldsSchema.meta({ id: 'NewTopic' })

const topic = z
  .strictObject({
    id: schemas.topicId,
    brand: schemas.brandId,
    purpose: schemas.purpose,
    names: z.record(z.string(), z.string()),
    settings: z.looseObject({}),
  })
  .meta({ id: 'Topic' })
const brandParams = z.strictObject({ brand: schemas.brandId })
const topicParams = z.strictObject({ brand: schemas.brandId, topic: schemas.topicId })

export function getTopics(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/brands/:brand/topics',
    {
      config: { scope: 'catalog:read' },
      schema: {
        tags: ['catalog'],
        summary: 'The topics of a brand',
        params: brandParams,
        response: {
          200: answer('In the order they were added.', z.strictObject({ topics: z.array(topic) })),
          ...problems({ body: false }, 404),
        },
      },
    },
    async (request) => {
      if (hub.catalog.brand(request.params.brand) === undefined) throw unknownBrand()
      return { topics: hub.catalog.topics(request.params.brand).map(showTopic) }
    },
  )
}

export function getTopic(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/brands/:brand/topics/:topic',
    {
      config: { scope: 'catalog:read' },
      schema: {
        tags: ['catalog'],
        summary: 'One topic',
        params: topicParams,
        response: { 200: answer('The topic.', topic), ...problems({ body: false }, 404) },
      },
    },
    async (request) => {
      const found = hub.catalog.topic(request.params.brand, request.params.topic)
      if (found === undefined)
        throw notFound('unknown_topic', 'The brand has no such topic; GET /v1/brands/{brand}/topics lists them.')
      return showTopic(found)
    },
  )
}

export function putTopic(app: ApiServer, { hub }: ApiParts): void {
  app.put(
    '/v1/brands/:brand/topics/:topic',
    {
      config: { scope: 'catalog:write' },
      schema: {
        tags: ['catalog'],
        summary: 'Create or change a topic',
        description:
          'With a name or alternatives that make a page of the brand break a rule it is refused with 422 `page_lint`, each finding with the rule and its source.',
        params: topicParams,
        body: topicBody,
        response: {
          200: answer('Changed.', topic),
          201: answer('Created.', topic),
          ...problems({ body: true }, 404, 422),
        },
      },
    },
    async (request, reply) => {
      const { brand, topic: id } = request.params
      const { settings, ...named } = request.body
      const wanted = { brand, id, ...named, ...(settings && { settings }) }
      const findings = await lintTopics(hub, brand, [wanted])
      if (findings.length > 0) throw brokenPages(hub.sayInEnglish, 'topic', findings)
      const saved = await saveTopic(hub.db, hub.catalog, wanted, hub.clock(), actorOf(request))
      if (saved.kind === 'unknown_brand') throw unknownBrand()
      return reply.code(saved.created ? 201 : 200).send(showTopic(saved.topic))
    },
  )
}

function showTopic({ id, brand, purpose, names, settings }: TopicRow): z.infer<typeof topic> {
  return { id, brand, purpose, names: { ...names }, settings: { ...settings } }
}
