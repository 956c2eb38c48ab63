import { uuidV7 } from '@verzet/core'
import { z } from 'zod'
import { recordCalls } from '../../../services/calls/record-calls.ts'
import { countryFor } from '../../../services/country-for.ts'
import { keyContactPoint } from '../../../services/key-contact-point.ts'
import { scopeFaults } from '../../../services/submit-choice.ts'
import { callOutcomes } from '../../../storage/calls.ts'
import { actorOf } from '../authenticate.ts'
import { answerIdempotently } from '../idempotent.ts'
import { bodyField, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

const commentCharactersMax = 2_000

const body = z
  .strictObject({
    contactPoint: z.strictObject({ type: z.literal('phone'), value: schemas.contactPoint.shape.value }),
    brand: schemas.brandId.optional(),
    topic: schemas.topicId.optional().meta({ description: 'What the call was about; with brand.' }),
    campaign: schemas.campaignId.optional(),
    at: schemas.moment.optional().meta({ description: 'When it was made; now when left out.' }),
    outcome: z.enum(callOutcomes).meta({ description: '`dead_number`: nobody has it, on any channel.' }),
    rightOffered: z
      .boolean()
      .optional()
      .meta({ description: 'Whether the right to object was offered in the call; left out where nobody knows.' }),
    answer: z.enum(['objection', 'no_objection']).optional(),
    offered: z
      .array(schemas.offer)
      .max(3)
      .default([])
      .meta({ description: 'What the script offered to refuse: everything, all calls, this topic.' }),
    asked: schemas.offer
      .optional()
      .meta({ description: 'What the person said no to. Left out for a pressed key, which says nothing by itself.' }),
    comment: z.string().min(1).max(commentCharactersMax).optional(),
    source: schemas.brandId.optional().meta({ description: 'Which system says so: its name in small letters.' }),
  })
  .superRefine((call, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (call.topic !== undefined && call.brand === undefined) fault('topic', 'Name the brand whose topic it is')
    if (call.asked !== undefined && call.answer !== 'objection') fault('asked', 'Only an objection asks for something')
  })
  .meta({ id: 'NewCall' })

const recorded = z
  .strictObject({
    id: schemas.uuid,
    choiceId: schemas.uuid
      .optional()
      .meta({ description: 'The objection it was recorded as, or the same one from before.' }),
  })
  .meta({ id: 'RecordedCall' })

/** Takes what a dialler or an IVR knows of a call: the no in it, and that the right to object was offered. */
export function postCalls(app: ApiServer, { hub }: ApiParts): void {
  app.post(
    '/v1/calls',
    {
      config: { scope: 'choices:write' },
      schema: {
        tags: ['choices'],
        summary: 'Record a call, and the objection made in it',
        description:
          'An objection is a no to everything, unless the script offered both the narrow and the wide one (`offered`) and the person asked for the narrow one.',
        headers: schemas.idempotencyHeaders,
        body,
        response: { 201: answer('Recorded.', recorded), ...problems({ body: true }, 409, 422) },
      },
    },
    async (request, reply) => {
      await answerIdempotently(hub, request, reply, 201, async ({ now, random }) => {
        const { contactPoint, brand, topic, at, ...call } = request.body
        const named = keyContactPoint(hub.secrets, contactPoint, countryFor(hub.catalog, brand))
        if (named.kind !== 'ok') throw unprocessable(named.reason, [bodyField(['contactPoint', 'value'], named.hint)])
        const faults = scopeFaults(hub.catalog, { ...(brand && { brand }), ...(topic && { topic }) })
        const [fault] = faults
        if (fault !== undefined) {
          throw unprocessable(
            fault.code,
            faults.map(({ path, hint }) => bodyField(path.slice(1), hint)),
          )
        }
        const [stored] = await recordCalls(
          hub,
          [
            {
              ...call,
              id: uuidV7(now, random(10)),
              number: named.keyed,
              ...(brand && { brand }),
              ...(topic && { topic }),
              calledAt: at === undefined ? now : Math.min(Date.parse(at), now),
            },
          ],
          { actor: actorOf(request), now, random },
        )
        if (stored === undefined) throw new Error('a call was not recorded')
        return stored
      })
    },
  )
}
