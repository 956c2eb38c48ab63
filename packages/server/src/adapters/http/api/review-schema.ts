import { z } from 'zod'
import type { ReviewItem } from '../../../services/review/list.ts'
import { reviewDecisions, reviewSources } from '../../../storage/review-items.ts'
import * as schemas from './schemas.ts'

export const reviewItem = z
  .strictObject({
    id: schemas.uuid,
    source: z.enum(reviewSources).meta({ description: 'Where it was heard.' }),
    kind: z.string(),
    reason: z.string().meta({ description: 'Why a human is needed.' }),
    contactPoints: z
      .array(z.strictObject({ key: schemas.uuid, type: schemas.contactPointType }))
      .meta({ description: 'Who may have said no.' }),
    text: z.string().nullable().meta({ description: 'What was written; null once forgotten. Personal data.' }),
    sender: z.string().nullable().meta({ description: 'Who wrote it; null when nothing says, or once forgotten.' }),
    language: schemas.language.nullable(),
    brand: z.string().nullable().meta({ description: 'The brand whose message was answered.' }),
    receivedAt: schemas.moment,
    deadline: schemas.moment,
    overdue: z.boolean(),
    proposed: z
      .strictObject({ decision: z.literal('opt_out'), scope: schemas.scope })
      .nullable()
      .meta({
        description:
          'What waits at the gate meanwhile, and what is recorded when nobody decides in time. Null where silence changes nothing.',
      }),
    decision: z
      .strictObject({
        decision: z.enum(reviewDecisions).meta({ description: '`deadline`: nobody decided in time.' }),
        scope: schemas.scope.nullable(),
        decidedAt: schemas.moment,
        decidedBy: z.string(),
        note: z.string().nullable(),
        choices: z.array(schemas.uuid).meta({ description: 'The objections it recorded.' }),
      })
      .nullable(),
  })
  .meta({ id: 'ReviewItem' })

export function showReviewItem({ row, subjects }: ReviewItem, now: number): z.infer<typeof reviewItem> {
  const { decision, decidedAt } = row
  return {
    id: row.id,
    source: row.source,
    kind: row.kind,
    reason: row.reason,
    contactPoints: [...subjects],
    text: row.excerpt,
    sender: row.sender,
    language: row.language,
    brand: row.brand,
    receivedAt: row.arrivedAt.toISOString(),
    deadline: row.dueAt.toISOString(),
    overdue: decidedAt === null && row.dueAt.getTime() <= now,
    proposed: row.proposedScope === null ? null : { decision: 'opt_out', scope: row.proposedScope },
    decision:
      decision === null || decidedAt === null
        ? null
        : {
            decision,
            scope: row.decisionScope,
            decidedAt: decidedAt.toISOString(),
            decidedBy: row.decidedBy ?? '',
            note: row.note,
            choices: (row.recorded ?? []).map(({ choiceId }) => choiceId),
          },
  }
}
