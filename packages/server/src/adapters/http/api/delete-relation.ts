import { assertNever } from '@verzet/core'
import { z } from 'zod'
import { forgetRelation } from '../../../services/store-relation.ts'
import { actorOf } from '../authenticate.ts'
import { type ApiParts, type ApiServer, answer, noContent, problems } from './api-server.ts'
import { nameRelation } from './relation-key.ts'
import * as schemas from './schemas.ts'
import { unknownRelation } from './show-relation.ts'

const erased = z.strictObject({ refusalsKept: z.int(), position: schemas.position }).meta({ id: 'ErasedRelation' })

/** Erases a person; the keyed refusals stay. */
export function deleteRelation(app: ApiServer, { hub, tailer }: ApiParts): void {
  app.delete(
    '/v1/relations/:externalId',
    {
      config: { scope: 'relations:write' },
      schema: {
        tags: ['relations'],
        summary: 'Erase a relation',
        description:
          'Name, addresses, numbers and words go; keyed hashes with the refusals that held stay, so that they hold again for whoever brings the person in again (GDPR art. 17(3)(b)).',
        params: schemas.relationParams,
        response: {
          200: answer('Erased.', erased),
          204: noContent('It had been erased before.'),
          ...problems({ body: false }, 404),
        },
      },
    },
    async (request, reply) => {
      const { key } = nameRelation(hub.secrets, request.params.externalId)
      const outcome = await forgetRelation(hub.db, hub.random, key, hub.clock(), actorOf(request))
      switch (outcome.kind) {
        case 'unknown_relation':
          throw unknownRelation()
        case 'already_erased':
          return reply.code(204).send(null)
        case 'erased':
          tailer.wake()
          return reply.send({ refusalsKept: outcome.refusalsKept, position: outcome.position })
        default:
          return assertNever(outcome)
      }
    },
  )
}
