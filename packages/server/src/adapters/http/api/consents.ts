import { z } from 'zod'
import { countryFor } from '../../../services/country-for.ts'
import { keyContactPoint } from '../../../services/key-contact-point.ts'
import { readConsents, readConsentsOfRelation } from '../../../services/sign-up/read-consents.ts'
import { findRelations } from '../../../storage/relations.ts'
import { bodyField, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, problems } from './api-server.ts'
import { consentsAsJsonLd } from './consent-json-ld.ts'
import { nameRelation } from './relation-key.ts'
import * as schemas from './schemas.ts'
import { unknownRelation } from './show-relation.ts'

const mediaType = 'application/ld+json'
const consents = z
  .strictObject({
    '@context': z.record(z.string(), z.string()),
    '@graph': z.array(z.looseObject({ '@id': z.string() })),
  })
  .meta({ id: 'ConsentRecords', description: 'Consent records of ISO/IEC TS 27560:2023 in the words of W3C DPV 2.' })
const found = { description: 'Oldest first.', content: { [mediaType]: { schema: consents } } }

export function getRelationConsents(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/relations/:externalId/consents',
    {
      config: { scope: 'relations:read' },
      schema: {
        tags: ['consents'],
        summary: 'The consents of a relation as JSON-LD',
        description:
          'Every consent said for the relation or through a contact point it has now, what was read, and what became of it: asked, given, withdrawn. Sign-ups that nobody confirmed are there too, as requested or, when too late, deferred.',
        params: schemas.relationParams,
        response: { 200: found, ...problems({ body: false }, 404) },
      },
    },
    async (request, reply) => {
      const { key } = nameRelation(hub.secrets, request.params.externalId)
      const relation = (await findRelations(hub.db, [key])).get(key)
      if (relation === undefined || relation.erasedAt !== null) throw unknownRelation()
      const records = await readConsentsOfRelation(hub.db, key, hub.clock())
      return reply.type(mediaType).send(consentsAsJsonLd(records, hub.catalog, hub.place.url))
    },
  )
}

export function postConsentsSearch(app: ApiServer, { hub }: ApiParts): void {
  app.post(
    '/v1/consents/search',
    {
      config: { scope: 'relations:read' },
      schema: {
        tags: ['consents'],
        summary: 'The consents of a contact point as JSON-LD',
        description:
          'For who signed up and is no relation yet. The address is in the body, so that no log of addresses comes about. An unknown one has no consents.',
        body: z.strictObject({ contactPoint: schemas.contactPoint }),
        response: { 200: found, ...problems({ body: true }, 422) },
      },
    },
    async (request, reply) => {
      const named = keyContactPoint(hub.secrets, request.body.contactPoint, countryFor(hub.catalog))
      if (named.kind !== 'ok') throw unprocessable(named.reason, [bodyField(['contactPoint', 'value'], named.hint)])
      const records = await readConsents(hub.db, [named.keyed.key], hub.clock())
      return reply.type(mediaType).send(consentsAsJsonLd(records, hub.catalog, hub.place.url))
    },
  )
}
