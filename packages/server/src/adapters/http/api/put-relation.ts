import { z } from 'zod'
import { contactPointsPerRelationMax } from '../../../services/save-relation.ts'
import { storeRelation } from '../../../services/store-relation.ts'
import { actorOf } from '../authenticate.ts'
import { bodyField, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { nameRelation } from './relation-key.ts'
import * as schemas from './schemas.ts'
import { relation, showRelation } from './show-relation.ts'

const nameCharactersMax = 200

const relationBody = z
  .strictObject({
    language: schemas.language.optional(),
    country: schemas.country.optional().meta({
      description:
        'Also where a phone number or postal address without a country lies; absent: in the country of the brands, when they share one.',
    }),
    contactPoints: z
      .array(
        schemas.contactPoint.refine(({ type }) => type !== 'customer', {
          path: ['type'],
          message: 'The external id is the customer number; leave it out',
        }),
      )
      .max(contactPointsPerRelationMax),
    name: z.string().min(1).max(nameCharactersMax).optional(),
    customerSince: schemas.day.optional(),
  })
  .meta({ id: 'NewRelation' })

/** Creates or changes a relation; it never lifts an objection. */
export function putRelation(app: ApiServer, { hub, tailer }: ApiParts): void {
  app.put(
    '/v1/relations/:externalId',
    {
      config: { scope: 'relations:write' },
      schema: {
        tags: ['relations'],
        summary: 'Create or change a relation',
        description:
          'The contact points are all the relation has now: others are untied, and what was refused through them stays refused. Details that are left out stay as they are. Nothing here lifts an objection.',
        params: schemas.relationParams,
        body: relationBody,
        response: {
          200: answer('Changed.', relation),
          201: answer('Created.', relation),
          ...problems({ body: true }, 422),
        },
      },
    },
    async (request, reply) => {
      const now = hub.clock()
      const named = nameRelation(hub.secrets, request.params.externalId)
      const { contactPoints, ...details } = request.body
      const outcome = await storeRelation(hub, { ...given(details), named, contactPoints }, now, actorOf(request))
      if (outcome.kind === 'refused') {
        throw unprocessable(
          'invalid_contact_point',
          outcome.faults.map((fault) => bodyField(fault.path, fault.hint)),
        )
      }
      tailer.wake()
      return reply.code(outcome.created ? 201 : 200).send(showRelation(outcome.relation, now))
    },
  )
}

function given({ language, country, name, customerSince }: Omit<z.infer<typeof relationBody>, 'contactPoints'>) {
  return {
    ...(language !== undefined && { language }),
    ...(country !== undefined && { country }),
    ...(name !== undefined && { name }),
    ...(customerSince !== undefined && { customerSince }),
  }
}
