import { z } from 'zod'
import { type SubmissionFault, type SubmittedChoice, submitChoice } from '../../../services/submit-choice.ts'
import { actorOf } from '../authenticate.ts'
import { answerIdempotently } from '../idempotent.ts'
import { bodyField, type HttpProblem, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

const commentCharactersMax = 2_000
const sourceCharactersMax = 200
const reasonCharactersMax = 100
/** A signed message or the metadata of a recording; the recording itself lies elsewhere. */
const proofBytesMax = 8_192

const choiceBody = z
  .strictObject({
    contactPoint: schemas.contactPoint.optional(),
    relation: z.strictObject({ externalId: schemas.externalId }).optional(),
    kind: schemas.choiceKind,
    scope: schemas.scope.optional(),
    until: schemas.moment.optional().meta({ description: 'Of a pause: a moment to come, within ten years.' }),
    cadence: schemas.cadence
      .optional()
      .meta({ description: 'Of a cadence: at most so many messages a week or month.' }),
    author: schemas.author,
    saidAt: schemas.moment.optional().meta({
      description:
        'When it was said. Absent: nobody knows. An objection then counts from now; a consent opens where nothing was refused but never lifts a no.',
    }),
    source: z.string().min(1).max(sourceCharactersMax).optional(),
    reason: z.string().min(1).max(reasonCharactersMax).optional(),
    comment: z.string().min(1).max(commentCharactersMax).optional(),
    proof: z
      .unknown()
      .optional()
      .meta({ description: `Any JSON of at most ${proofBytesMax} bytes; kept, its digest goes into the evidence.` }),
  })
  .superRefine((body, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if ((body.contactPoint === undefined) === (body.relation === undefined)) {
      fault('contactPoint', 'Give either contactPoint or relation, and not both')
    }
    if ((body.kind === 'pause') !== (body.until !== undefined))
      fault('until', 'A pause has until, and nothing else has')
    if ((body.kind === 'cadence') !== (body.cadence !== undefined))
      fault('cadence', 'A cadence has cadence, and nothing else has')
    if (body.proof !== undefined && Buffer.byteLength(JSON.stringify(body.proof)) > proofBytesMax) {
      fault('proof', `Send at most ${proofBytesMax} bytes of proof`)
    }
  })
  .meta({ id: 'NewChoice' })

const recordedChoice = z
  .strictObject({
    id: schemas.uuid,
    recordedAt: schemas.moment,
    standing: schemas.standing,
    evidence: schemas.evidenceReference,
    position: schemas.position,
  })
  .meta({ id: 'RecordedChoice' })

/** Records what a person said; answers once it is durable. */
export function postChoices(app: ApiServer, { hub }: ApiParts): void {
  app.post(
    '/v1/choices',
    {
      config: { scope: 'choices:write' },
      schema: {
        tags: ['choices'],
        summary: 'Record a choice',
        description:
          'Exactly one of contactPoint and relation says whose choice it is; either is kept when nobody knows it yet, and the choice holds for it. A name in scope that does not exist is refused, so that no "no" vanishes into a typing mistake.',
        headers: schemas.idempotencyHeaders,
        body: choiceBody,
        response: {
          201: answer('Recorded, and holding everywhere it reaches.', recordedChoice),
          ...problems({ body: true }, 409, 422),
        },
      },
    },
    async (request, reply) => {
      await answerIdempotently(hub, request, reply, 201, async (given) => {
        const outcome = await submitChoice(hub, readChoice(request.body), { ...given, actor: actorOf(request) })
        if (outcome.kind === 'refused') throw refusal(outcome.faults)
        const { id, recordedAt, standing, evidence, position } = outcome.outcome
        return {
          id,
          recordedAt: schemas.isoTime(recordedAt),
          standing: schemas.showStanding(standing, hub.clock()),
          evidence,
          position,
        }
      })
    },
  )
}

function readChoice(body: z.infer<typeof choiceBody>): SubmittedChoice {
  const {
    contactPoint,
    relation,
    kind,
    scope = {},
    until,
    cadence,
    author,
    saidAt,
    source,
    reason,
    comment,
    proof,
  } = body
  return {
    subject: contactPoint
      ? { kind: 'contact_point', ...contactPoint }
      : { kind: 'relation', externalId: relation?.externalId ?? '' },
    kind,
    scope,
    author,
    saidAt: saidAt === undefined ? null : Date.parse(saidAt),
    ...(until !== undefined && { until: Date.parse(until) }),
    ...(cadence !== undefined && { cadence }),
    context: {
      ...(source !== undefined && { source }),
      ...(reason !== undefined && { reason }),
      ...(comment !== undefined && { comment }),
      ...(proof !== undefined && { proof }),
    },
  }
}

function refusal(faults: readonly SubmissionFault[]): HttpProblem {
  return unprocessable(
    faults[0]?.code ?? 'refused',
    faults.map((fault) => bodyField(fault.path, fault.hint)),
  )
}
