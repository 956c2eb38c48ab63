import { assertNever } from '@verzet/core'
import { z } from 'zod'
import { countryFor } from '../../../services/country-for.ts'
import { keyContactPoint } from '../../../services/key-contact-point.ts'
import type { KeyedContactPoint } from '../../../services/ports.ts'
import { decideReview, reviewNoteCharactersMax } from '../../../services/review/decide.ts'
import { readReview } from '../../../services/review/list.ts'
import { undoReview } from '../../../services/review/undo.ts'
import { actorOf } from '../authenticate.ts'
import { bodyField, HttpProblem, problemSchema, unprocessable } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { reviewParams, unknownItem } from './get-review.ts'
import { reviewItem, showReviewItem } from './review-schema.ts'
import * as schemas from './schemas.ts'

const decisionBody = z
  .strictObject({
    decision: z.enum(['opt_out', 'narrow', 'not_a_no']).meta({
      description:
        '`opt_out`: a no as wide as proposed. `narrow`: a no to exactly `scope`. `not_a_no`: nothing is refused.',
    }),
    scope: schemas.scope.optional().meta({ description: 'Of a narrow no, and of nothing else.' }),
    note: z
      .string()
      .min(1)
      .max(reviewNoteCharactersMax)
      .optional()
      .meta({ description: 'Why; forgotten with the text.' }),
    contactPoint: schemas.contactPoint.optional().meta({ description: 'Whose no it is, where the item names nobody.' }),
  })
  .meta({ id: 'ReviewDecision' })

const conflict = {
  description: 'The item is not in a state for this; `code` says why.',
  content: { 'application/problem+json': { schema: problemSchema } },
}

/** Records what a human read in it. */
export function postReviewDecision(app: ApiServer, { hub, tailer }: ApiParts): void {
  app.post(
    '/v1/review/:id/decision',
    {
      config: { scope: 'review:write' },
      schema: {
        tags: ['review'],
        summary: 'Decide an item of the review list',
        description: 'The no, if it is one, counts from when it was written, and is durable when this answers.',
        params: reviewParams,
        body: decisionBody,
        response: {
          200: answer('Decided.', reviewItem),
          ...problems({ body: true }, 404, 422),
          409: conflict,
        },
      },
    },
    async (request) => {
      const { id } = request.params
      const { decision, scope, note, contactPoint } = request.body
      const named = contactPoint && nameContactPoint({ hub }, contactPoint, scope?.brand)
      const verdict = {
        decision,
        ...(scope !== undefined && { scope }),
        ...(note !== undefined && { note }),
        ...(named !== undefined && { contactPoint: named }),
      }
      const outcome = await decideReview(hub, id, verdict, actorOf(request))
      switch (outcome.kind) {
        case 'decided':
          tailer.wake()
          return showItem({ hub }, id)
        case 'unknown_item':
          throw unknownItem()
        case 'already_decided':
          throw cannot('already_decided', 'This item was decided before; take that back first to decide it anew.')
        case 'nobody_named':
          throw unprocessable('nobody_named', [
            bodyField(['contactPoint'], 'The item names nobody: say whose no it is, or decide not_a_no.'),
          ])
        case 'refused':
          throw unprocessable(
            outcome.faults[0]?.code ?? 'refused',
            outcome.faults.map((fault) => bodyField(fault.path, fault.hint)),
          )
        default:
          return assertNever(outcome)
      }
    },
  )
}

/** Takes a decision back; the item and what it may refuse wait again. */
export function deleteReviewDecision(app: ApiServer, { hub, tailer }: ApiParts): void {
  app.delete(
    '/v1/review/:id/decision',
    {
      config: { scope: 'review:write' },
      schema: {
        tags: ['review'],
        summary: 'Take a decision back',
        description:
          'A no that a human decided can be taken back for 30 minutes; later only the person lifts it. The other decisions can be taken back while the text is kept.',
        params: reviewParams,
        response: { 200: answer('It waits again.', reviewItem), ...problems({ body: false }, 404), 409: conflict },
      },
    },
    async (request) => {
      const { id } = request.params
      const outcome = await undoReview(hub, id, actorOf(request))
      switch (outcome.kind) {
        case 'undone':
          tailer.wake()
          return showItem({ hub }, id)
        case 'unknown_item':
          throw unknownItem()
        case 'not_decided':
          throw cannot('not_decided', 'Nobody decided this item yet.')
        case 'forgotten':
          throw cannot('forgotten', 'The text was forgotten, so nobody can judge it anew.')
        case 'too_late':
          throw cannot(
            'too_late',
            'A no stands from half an hour after it was decided: only the person can lift it now.',
          )
        default:
          return assertNever(outcome)
      }
    },
  )
}

async function showItem({ hub }: Pick<ApiParts, 'hub'>, id: string) {
  const found = await readReview(hub.db, id)
  if (found === undefined) throw unknownItem()
  return showReviewItem(found, hub.clock())
}

function nameContactPoint(
  { hub }: Pick<ApiParts, 'hub'>,
  contactPoint: z.infer<typeof schemas.contactPoint>,
  brand: string | undefined,
): KeyedContactPoint {
  const named = keyContactPoint(hub.secrets, contactPoint, countryFor(hub.catalog, brand))
  if (named.kind === 'ok') return named.keyed
  throw unprocessable(named.reason, [bodyField(['contactPoint', 'value'], named.hint)])
}

function cannot(code: string, detail: string): HttpProblem {
  return new HttpProblem({ status: 409, code, title: 'Not possible now', detail })
}
