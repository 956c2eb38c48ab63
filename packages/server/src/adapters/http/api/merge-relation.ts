import { assertNever } from '@verzet/core'
import { z } from 'zod'
import { mergeRelations } from '../../../services/people/merge-relations.ts'
import { unmergeRelations } from '../../../services/people/unmerge-relations.ts'
import { actorOf } from '../authenticate.ts'
import { bodyField, HttpProblem, notFound, problemSchema, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { nameRelation } from './relation-key.ts'
import * as schemas from './schemas.ts'
import { unknownRelation } from './show-relation.ts'

const merged = z
  .strictObject({
    id: schemas.uuid.meta({ description: 'To take it back with.' }),
    created: z.boolean().meta({ description: 'False when they had been merged before.' }),
    position: schemas.position,
  })
  .meta({ id: 'MergedRelations' })

const unmerged = z
  .strictObject({
    refusalsKept: z.int().meta({ description: 'Refusals said meanwhile, kept for both.' }),
    position: schemas.position,
  })
  .meta({ id: 'UnmergedRelations' })

const conflict = {
  description: 'One of them was merged with a third relation since; take that back first.',
  content: { 'application/problem+json': { schema: problemSchema } },
}

/** Two relations turn out to be one person. */
export function postMerge(app: ApiServer, { hub, tailer }: ApiParts): void {
  app.post(
    '/v1/relations/:externalId/merge',
    {
      config: { scope: 'relations:write' },
      schema: {
        tags: ['relations'],
        summary: 'Merge two relations that are one person',
        description:
          'Both external ids stay. Each gets the contact points of the other, and what was or will be refused under either holds for all of them: merging never allows what either refused.',
        params: schemas.relationParams,
        body: z.strictObject({ with: schemas.externalId }).meta({ id: 'RelationToMerge' }),
        response: { 200: answer('They are one person.', merged), ...problems({ body: true }, 404, 422) },
      },
    },
    async (request, reply) => {
      const { key: keptKey } = nameRelation(hub.secrets, request.params.externalId)
      const { key: joinedKey } = nameRelation(hub.secrets, request.body.with)
      const outcome = await mergeRelations(hub, { keptKey, joinedKey, actor: actorOf(request) })
      switch (outcome.kind) {
        case 'merged':
        case 'already_merged': {
          const { kind, id, position } = outcome
          tailer.wake()
          return reply.send({ id, created: kind === 'merged', position })
        }
        case 'unknown_relation':
          throw unknownRelation()
        case 'same_relation':
        case 'too_many':
          throw unprocessable(outcome.kind, [bodyField(['with'], hints[outcome.kind])])
        default:
          return assertNever(outcome)
      }
    },
  )
}

const hints = {
  same_relation: 'Name another relation: this is the same one.',
  too_many: 'Together they have more relations or contact points than one person has; check the data.',
} as const

/** They were two people after all. */
export function deleteMerge(app: ApiServer, { hub, tailer }: ApiParts): void {
  app.delete(
    '/v1/relations/:externalId/merges/:merge',
    {
      config: { scope: 'relations:write' },
      schema: {
        tags: ['relations'],
        summary: 'Take a merge back',
        description: 'Each relation has its own contact points again; what was refused meanwhile is kept for both.',
        params: schemas.relationParams.extend({ merge: schemas.uuid }),
        response: {
          200: answer('They are two people again.', unmerged),
          ...problems({ body: false }, 404),
          409: conflict,
        },
      },
    },
    async (request, reply) => {
      const { key: relationKey } = nameRelation(hub.secrets, request.params.externalId)
      const { merge: mergeId } = request.params
      const outcome = await unmergeRelations(hub, { relationKey, mergeId, actor: actorOf(request) })
      switch (outcome.kind) {
        case 'unmerged':
          tailer.wake()
          return reply.send({ refusalsKept: outcome.refusalsKept, position: outcome.position })
        case 'unknown_merge':
          throw notFound('unknown_merge', 'This relation has no such merge, or it was taken back.')
        case 'later_merge':
          throw new HttpProblem({
            status: 409,
            code: 'later_merge',
            title: 'Not possible now',
            detail: 'One of them was merged with a third relation since. Take that back first.',
          })
        default:
          return assertNever(outcome)
      }
    },
  )
}
