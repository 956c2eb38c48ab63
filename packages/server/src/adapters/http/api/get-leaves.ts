import { leaveStates, leavingPolicies } from '@verzet/core'
import { z } from 'zod'
import { countLeaves } from '../../../storage/leaves.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

const query = z.strictObject({
  brand: schemas.brandId.optional(),
  topic: schemas.topicId.optional().meta({ description: 'The topic of the message that brought the person.' }),
  since: schemas.moment.optional(),
  until: schemas.moment.optional().meta({ description: 'Before this moment.' }),
})

const counted = z
  .strictObject({
    brand: schemas.brandId,
    topic: schemas.topicId.nullable(),
    policy: z.enum(leavingPolicies),
    state: z.enum(leaveStates),
    alternative: z.string().nullable().meta({ description: 'What was taken instead, such as `pause:30`.' }),
    count: z.int(),
  })
  .meta({ id: 'LeaveCount' })

/** What became of the noes that were said on the personal page; names nobody. */
export function getLeaves(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/leaves',
    {
      config: { scope: 'relations:read' },
      schema: {
        tags: ['relations'],
        summary: 'How many people left, and what became of it',
        description:
          'Counts the noes said on the personal page by brand, topic, policy, state and alternative. One-click opt-outs are never asked anything and are not among them: `verzet_optouts_total` counts those.',
        querystring: query,
        response: {
          200: answer('One entry a combination.', z.strictObject({ leaves: z.array(counted), total: z.int() })),
          ...problems({ body: false }),
        },
      },
    },
    async (request) => {
      const { brand, topic, since, until } = request.query
      const leaves = await countLeaves(hub.db, {
        ...(brand !== undefined && { brand }),
        ...(topic !== undefined && { topic }),
        ...(since !== undefined && { since: Date.parse(since) }),
        ...(until !== undefined && { until: Date.parse(until) }),
      })
      return { leaves, total: leaves.reduce((sum, { count }) => sum + count, 0) }
    },
  )
}
