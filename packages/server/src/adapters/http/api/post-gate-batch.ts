import { z } from 'zod'
import { askHubGate } from '../../../services/ask-hub-gate.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

/** A page of a mailing; a larger one is asked in several pages, so that no question waits for ten thousand others. */
export const batchQuestionsMax = 10_000
/** 10,000 questions with long addresses. */
const batchBodyBytesMax = 4 * 1024 * 1024

const batchBody = z.strictObject({
  questions: z
    .array(schemas.question)
    .min(1)
    .max(batchQuestionsMax, `Ask at most ${batchQuestionsMax} questions at once`),
})
const batchAnswer = z.strictObject({ decisions: z.array(schemas.decision) })

/** Many questions, answered in their order. */
export function postGateBatch(app: ApiServer, { hub, metrics }: ApiParts): void {
  app.post(
    '/v1/gate/batch',
    {
      config: { scope: 'gate:read' },
      bodyLimit: batchBodyBytesMax,
      schema: {
        tags: ['gate'],
        summary: 'Ask for many messages at once',
        description: `At most ${batchQuestionsMax} questions and 4 MiB. The decisions stand in the order of the questions; one with a contact point that cannot be read is denied with \`invalid_contact_point\`.`,
        body: batchBody,
        response: { 200: answer('The decisions, in order.', batchAnswer), ...problems({ body: true }) },
      },
    },
    async (request) => {
      const decisions = await askHubGate(hub, request.body.questions, hub.clock())
      for (const decision of decisions) metrics.countDecision(decision)
      return { decisions: decisions.map(schemas.showDecision) }
    },
  )
}
