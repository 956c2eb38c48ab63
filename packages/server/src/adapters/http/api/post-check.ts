import { z } from 'zod'
import type { SayFinding } from '../../../services/finding-text.ts'
import { mailBytesMax, pdfBytesMax } from '../../check/check-limits.ts'
import { type CheckOutcome, checkMessage, type MessageToCheck } from '../../check/check-message.ts'
import { checkKinds, checkRuleIds, severities } from '../../check/check-rules.ts'
import { reportInWords } from '../../check/findings-in-words.ts'
import { bodyField, HttpProblem, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

/** A PDF in base64, four characters for three bytes, and the fields around it. */
const checkBodyBytesMax = Math.ceil(pdfBytesMax / 3) * 4 + 64 * 1024
/** A sender is 20 digits or 11 letters (3GPP TS 23.040 §9.1.2.5); an RSA key of 4,096 bits is 800 characters in PEM. */
const senderCharactersMax = 30
const dkimKeyCharactersMax = 4_000

const checkBody = z
  .strictObject({
    kind: z.enum(checkKinds),
    message: z.union([z.string().min(1), z.strictObject({ base64: z.base64().min(1) })]).meta({
      description: `The message as text, or its bytes in base64: a mail of at most ${mailBytesMax} bytes, a PDF of at most ${pdfBytesMax}.`,
    }),
    brand: schemas.brandId.optional().meta({ description: 'Who sends it. Absent: the only brand there is.' }),
    topic: schemas.topicId
      .optional()
      .meta({ description: 'What it is about. A service topic needs no way out. Absent: it is advertising.' }),
    language: schemas.language.optional().meta({ description: 'Accept the words of this language alone.' }),
    sender: z.string().min(1).max(senderCharactersMax).optional().meta({ description: 'The sender of an SMS.' }),
    dkimKey: z
      .string()
      .min(1)
      .max(dkimKeyCharactersMax)
      .optional()
      .meta({ description: 'A DKIM record or a public key in PEM, to verify the signature of a mail with.' }),
  })
  .meta({ id: 'MessageToCheck' })

const report = z
  .strictObject({
    kind: z.enum(checkKinds),
    mayLeave: z.boolean().meta({ description: 'False when a finding is an error.' }),
    errors: z.int(),
    warnings: z.int(),
    findings: z.array(
      z.strictObject({
        rule: z.enum(checkRuleIds),
        source: z.string().meta({ description: 'Where the rule comes from.' }),
        severity: z.enum(severities),
        key: z.string().meta({ description: 'What of the rule is broken, by a name that stays the same.' }),
        message: z.string().meta({ description: 'The same in words, in English.' }),
        where: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'CheckReport' })

/** Whether a message is fit to leave. Records nothing. */
export function postCheck(app: ApiServer, { hub }: ApiParts): void {
  app.post(
    '/v1/check',
    {
      config: { scope: 'links:write' },
      bodyLimit: checkBodyBytesMax,
      schema: {
        tags: ['check'],
        summary: 'Check a message before a campaign leaves',
        description: 'A message with an error must not leave. Nothing of it is kept, and no link in it is followed.',
        body: checkBody,
        response: { 200: answer('What was found.', report), ...problems({ body: true }, 422) },
      },
    },
    async (request) => answerFor(hub.sayInEnglish, await checkMessage(hub, messageOf(request.body))),
  )
}

function messageOf({ message, ...rest }: z.infer<typeof checkBody>): MessageToCheck {
  return {
    ...rest,
    message: typeof message === 'string' ? Buffer.from(message, 'utf8') : Buffer.from(message.base64, 'base64'),
  }
}

function answerFor(say: SayFinding, outcome: CheckOutcome): z.infer<typeof report> {
  switch (outcome.kind) {
    case 'checked': {
      const told = reportInWords(say, outcome.report)
      return { ...told, findings: [...told.findings] }
    }
    case 'unknown_brand':
      throw unprocessable('unknown_brand', [bodyField(['brand'], 'There is no such brand; GET /v1/brands lists them.')])
    case 'unknown_topic':
      throw unprocessable('unknown_topic', [
        bodyField(['topic'], 'The brand has no such topic, or the brand is not known: name both.'),
      ])
    case 'too_large':
      throw new HttpProblem({
        status: 413,
        code: 'payload_too_large',
        title: 'Payload too large',
        detail: `A message of this kind has at most ${outcome.bytesMax} bytes.`,
      })
  }
}
