import type { z } from 'zod'
import type { GateQuestion } from '../../../services/ask-gate.ts'
import { askHubGate } from '../../../services/ask-hub-gate.ts'
import { keyContactPoint } from '../../../services/key-contact-point.ts'
import { bodyField, unavailable, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

/** May this message be sent to this contact point now? */
export function postGate(app: ApiServer, { hub, metrics }: ApiParts): void {
  app.post(
    '/v1/gate',
    {
      config: { scope: 'gate:read' },
      schema: {
        tags: ['gate'],
        summary: 'Ask before sending',
        description:
          'Send only on `allow`. Anything else, an error or no answer included, means not sending. An unknown brand or topic is answered with `deny`.',
        body: schemas.question,
        response: { 200: answer('The decision.', schemas.decision), ...problems({ body: true }, 422) },
      },
    },
    async (request) => {
      const [decided] = await askHubGate(hub, [request.body], hub.clock())
      if (decided === undefined) throw unavailable()
      if (decided.reason === 'invalid_contact_point') throw invalidContactPoint(hub, request.body)
      metrics.countDecision(decided)
      return schemas.showDecision(decided)
    },
  )
}

/** Says what is wrong with the contact point of a single question. */
export function invalidContactPoint(
  { secrets, catalog }: Pick<ApiParts['hub'], 'secrets' | 'catalog'>,
  question: z.infer<typeof schemas.question> & GateQuestion,
) {
  const brand = question.brand ?? catalog.brands().find(({ id }) => catalog.topic(id, question.topic))?.id
  const named = keyContactPoint(
    secrets,
    question.contactPoint,
    brand === undefined ? undefined : catalog.brand(brand)?.country,
  )
  const hint = named.kind === 'ok' ? 'Check the contact point.' : named.hint
  return unprocessable('invalid_contact_point', [bodyField(['contactPoint', 'value'], hint)])
}
