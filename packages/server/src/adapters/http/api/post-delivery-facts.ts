import { z } from 'zod'
import { deliveryKinds, reportDelivery } from '../../../services/report-delivery.ts'
import { actorOf } from '../authenticate.ts'
import { answerIdempotently } from '../idempotent.ts'
import { bodyField, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

const body = z
  .strictObject({
    contactPoint: schemas.contactPoint,
    channel: schemas.channel,
    kind: z.enum(deliveryKinds).meta({
      description:
        '`hard_bounce`: nobody is there. `soft_bounce`: not this time. `delivered`: it arrived. `dead_number`: the number does not exist, on any channel.',
    }),
    at: schemas.moment.optional().meta({ description: 'When it happened; now when left out.' }),
    source: schemas.brandId.optional().meta({ description: 'Which system says so: its name in small letters.' }),
    brand: schemas.brandId.optional().meta({ description: 'Whose message it was; needed with `campaign`.' }),
    campaign: schemas.campaignId.optional().meta({ description: 'Counted for the campaign.' }),
  })
  .refine(({ brand, campaign }) => campaign === undefined || brand !== undefined, {
    path: ['brand'],
    message: 'Say whose campaign it is',
  })
  .meta({ id: 'NewDeliveryFact' })

const noted = z
  .strictObject({
    changed: z.boolean().meta({ description: 'The gate now answers differently.' }),
    deliverable: z.boolean(),
    until: schemas.moment.optional().meta({ description: 'Until when not; left out: until it proves alive.' }),
  })
  .meta({ id: 'NotedDeliveryFact' })

/** Takes what a sending platform knows of an address. It is never an opt-out. */
export function postDeliveryFacts(app: ApiServer, { hub, tailer }: ApiParts): void {
  app.post(
    '/v1/delivery-facts',
    {
      config: { scope: 'delivery:write' },
      schema: {
        tags: ['delivery'],
        summary: 'Report a bounce, a dead number or a delivery',
        description:
          'A failed address is denied as `undeliverable` on its channel, service mail included, until it proves alive. What the person said stays as it is.',
        headers: schemas.idempotencyHeaders,
        body,
        response: { 200: answer('Noted.', noted), ...problems({ body: true }, 409, 422) },
      },
    },
    async (request, reply) => {
      await answerIdempotently(hub, request, reply, 200, async ({ now, random }) => {
        const { contactPoint, channel, kind, at, source, brand, campaign } = request.body
        const report = {
          contactPoint,
          channel,
          kind,
          ...(at !== undefined && { at: Date.parse(at) }),
          ...(source !== undefined && { source }),
          ...(brand !== undefined && { message: { brand, ...(campaign !== undefined && { campaign }) } }),
        }
        const outcome = await reportDelivery({ ...hub, random }, report, now, actorOf(request))
        if (outcome.kind === 'refused') {
          throw unprocessable(
            outcome.faults[0]?.code ?? 'refused',
            outcome.faults.map((fault) => bodyField(fault.path, fault.hint)),
          )
        }
        if (outcome.changed) tailer.wake()
        const { changed, deliverable, until } = outcome
        return { changed, deliverable, ...(until !== undefined && { until: schemas.isoTime(until) }) }
      })
    },
  )
}
