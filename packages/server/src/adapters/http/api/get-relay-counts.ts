import { z } from 'zod'
import { readRelayCounts } from '../../../services/count-relayed-mails.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

const query = z.strictObject({
  brand: schemas.brandId.optional(),
  campaign: schemas.campaignId.optional(),
  since: schemas.moment.optional(),
  until: schemas.moment.optional().meta({ description: 'Before this moment.' }),
})

const headersOnly = z.int().meta({ description: 'Of these, how many carried their ways out in the header alone.' })

const counted = z
  .strictObject({
    brand: schemas.brandId,
    topic: schemas.topicId,
    campaign: z.string().nullable(),
    outcome: z.enum(['sent', 'dropped', 'failed']),
    reason: z.string().nullable().meta({ description: 'Why it was dropped or failed, such as `objection`.' }),
    count: z.int(),
    headersOnly,
  })
  .meta({ id: 'RelayCount' })

const total = z.strictObject({ sent: z.int(), dropped: z.int(), failed: z.int(), headersOnly })

/** What became of the mails handed to the relay; names nobody. */
export function getRelayCounts(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/relay/counts',
    {
      config: { scope: 'catalog:read' },
      schema: {
        tags: ['relay'],
        summary: 'How many mails the relay passed on, and what became of the others',
        description:
          'Counts by brand, topic, campaign, outcome and reason. A mail that was refused with 550 is not among them: its sender has it back, and `verzet_relayed_mails_total` counts it.',
        querystring: query,
        response: {
          200: answer('One entry a combination.', z.strictObject({ counts: z.array(counted), total })),
          ...problems({ body: false }),
        },
      },
    },
    async (request) => {
      const { brand, campaign, since, until } = request.query
      const { counts, total } = await readRelayCounts(hub.db, {
        ...(brand !== undefined && { brand }),
        ...(campaign !== undefined && { campaign }),
        ...(since !== undefined && { since: Date.parse(since) }),
        ...(until !== undefined && { until: Date.parse(until) }),
      })
      return { counts: [...counts], total }
    },
  )
}
