import { claimSend } from '../../../services/claim-send.ts'
import { answerIdempotently } from '../idempotent.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { invalidContactPoint } from './post-gate.ts'
import * as schemas from './schemas.ts'

/** Asks, and counts the message when the answer is allow. */
export function postGateClaim(app: ApiServer, { hub, metrics }: ApiParts): void {
  app.post(
    '/v1/gate/claim',
    {
      config: { scope: 'gate:claim' },
      schema: {
        tags: ['gate'],
        summary: 'Ask, and count the message when allowed',
        description:
          'As /v1/gate; an allowed message counts towards the cadence the person asked for, so claim only what you are about to send. With an Idempotency-Key a repeated claim counts once.',
        headers: schemas.idempotencyHeaders,
        body: schemas.question,
        response: { 200: answer('The decision.', schemas.decision), ...problems({ body: true }, 409, 422) },
      },
    },
    async (request, reply) => {
      await answerIdempotently(hub, request, reply, 200, async (given) => {
        const { db, catalog, secrets } = hub
        const decided = await claimSend(db, catalog, secrets, given.random, request.body, given.now)
        if (decided.reason === 'invalid_contact_point') throw invalidContactPoint(hub, request.body)
        metrics.countDecision(decided)
        return schemas.showDecision(decided)
      })
    },
  )
}
