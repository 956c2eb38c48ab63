import { z } from 'zod'
import { type SubmittedSignUp, submitSignUp } from '../../../services/sign-up/submit-sign-up.ts'
import { answerIdempotently } from '../idempotent.ts'
import { bodyField, HttpProblem, problemSchema, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { consentTextCharactersMax } from './consent-texts.ts'
import * as schemas from './schemas.ts'

const topicsMax = 50
const sourceCharactersMax = 200

const signUpBody = z
  .strictObject({
    contactPoint: schemas.contactPoint,
    brand: schemas.brandId,
    topics: z.array(schemas.topicId).min(1).max(topicsMax),
    channel: schemas.channel.optional().meta({ description: 'Absent: email for an address, sms for a number.' }),
    language: schemas.language
      .optional()
      .meta({ description: 'What the person read the words in. Absent: the first language of the brand’s country.' }),
    source: z.string().min(1).max(sourceCharactersMax).optional().meta({ description: 'Where the person signed up.' }),
    textShown: z
      .string()
      .min(1)
      .max(consentTextCharactersMax)
      .optional()
      .meta({ description: 'Exactly what the person agreed to. Absent: the brand’s present words in that language.' }),
  })
  .meta({ id: 'NewSignUp' })

const askedSignUp = z
  .strictObject({
    id: schemas.uuid.meta({ description: 'Also the id of the consent record that comes of it.' }),
    state: z.literal('asked'),
    expiresAt: schemas.moment,
    repeated: z.boolean().meta({ description: 'The same was waiting already.' }),
  })
  .meta({ id: 'SignUp' })

const tooMany = {
  description:
    '`asked_often`: the contact point was written to three times within a day, and nothing was stored. Otherwise too many failed authentications.',
  content: { 'application/problem+json': { schema: problemSchema } },
}

/** Asks an address to confirm a sign-up; nothing holds before it does. */
export function postSignUps(app: ApiServer, { hub }: ApiParts): void {
  app.post(
    '/v1/sign-ups',
    {
      config: { scope: 'choices:write' },
      schema: {
        tags: ['consents'],
        summary: 'Ask somebody to confirm a sign-up (double opt-in)',
        description:
          'The gate allows nothing until the reader of the address presses the button behind the mail, within 72 hours. The same answer whether the address is known, unknown or refused everything; also the only way back after an objection. A number gets a text, which waits until the hub has a way to send texts.',
        headers: schemas.idempotencyHeaders,
        body: signUpBody,
        response: {
          202: answer('Asked.', askedSignUp),
          ...problems({ body: true }, 409, 422),
          429: tooMany,
        },
      },
    },
    async (request, reply) => {
      await answerIdempotently(hub, request, reply, 202, async (given) => {
        const outcome = await submitSignUp(hub, readSignUp(request.body), given)
        if (outcome.kind === 'refused') {
          const errors = outcome.faults.map((fault) => bodyField(fault.path, fault.hint))
          throw unprocessable(outcome.faults[0]?.code ?? 'refused', errors)
        }
        if (outcome.kind === 'too_many') throw askedOften()
        const { id, expiresAt, isRepeat } = outcome
        return { id, state: 'asked' as const, expiresAt: schemas.isoTime(expiresAt), repeated: isRepeat }
      })
    },
  )
}

function readSignUp(body: z.infer<typeof signUpBody>): SubmittedSignUp {
  const { contactPoint, brand, topics, channel, language, source, textShown } = body
  return {
    contactPoint,
    brand,
    topics,
    ...(language && { language }),
    ...(channel && { channel }),
    ...(source && { source }),
    ...(textShown && { textShown }),
  }
}

function askedOften(): HttpProblem {
  return new HttpProblem({
    status: 429,
    code: 'asked_often',
    title: 'Asked often',
    detail: 'This address was written to three times within a day; try again tomorrow.',
  })
}
