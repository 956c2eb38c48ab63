import { leaveStates } from '@verzet/core'
import { z } from 'zod'
import { readTimeline, type TimelineEntry } from '../../../services/read-timeline.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { nameRelation } from './relation-key.ts'
import * as schemas from './schemas.ts'
import { unknownRelation } from './show-relation.ts'

const entry = z
  .strictObject({
    at: schemas.moment,
    kind: z.enum([...schemas.evidenceKind.options, 'mail']),
    subject: z.strictObject({ key: schemas.uuid }).meta({ description: 'The contact point or relation it is about.' }),
    choice: z
      .strictObject({
        id: schemas.uuid,
        kind: schemas.choiceKind,
        scope: schemas.scope,
        author: schemas.author,
        saidAt: schemas.moment.nullable(),
        recordedAt: schemas.moment,
        until: schemas.moment.optional(),
        cadence: schemas.cadence.optional(),
        signal: z.string(),
        source: z.string().optional(),
        reason: z.string().optional(),
        comment: z.string().optional(),
        proof: z.unknown().optional(),
        origin: z
          .record(z.string(), z.string())
          .optional()
          .meta({ description: 'The message that brought the person.' }),
        withdrawnAt: schemas.moment.optional(),
      })
      .optional(),
    evidence: schemas.evidenceReference
      .extend({ body: z.string().meta({ description: 'The canonical form (RFC 8785) that the hash is of.' }) })
      .optional(),
    leaving: z
      .strictObject({ state: z.enum(leaveStates), alternative: z.string().optional() })
      .optional()
      .meta({ description: 'What became of the no that `choice` is.' }),
    mail: z
      .strictObject({
        id: schemas.uuid,
        kind: z.string(),
        attempts: z.int(),
        sentAt: schemas.moment.optional(),
        failedAt: schemas.moment.optional(),
      })
      .optional(),
  })
  .meta({ id: 'TimelineEntry' })

const timeline = z
  .strictObject({
    externalId: schemas.externalId,
    entries: z.array(entry),
    truncated: z.boolean().meta({ description: 'Older entries were left out.' }),
  })
  .meta({ id: 'Timeline' })

/** Every choice and act, oldest first, each with its evidence. */
export function getRelationTimeline(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/relations/:externalId/timeline',
    {
      config: { scope: 'relations:read' },
      schema: {
        tags: ['relations'],
        summary: 'Every choice and act about a relation, with its evidence',
        params: schemas.relationParams,
        response: { 200: answer('Oldest first.', timeline), ...problems({ body: false }, 404) },
      },
    },
    async (request) => {
      const named = nameRelation(hub.secrets, request.params.externalId)
      const found = await readTimeline(hub.db, named.key)
      if (found === undefined) throw unknownRelation()
      return {
        externalId: named.contactPoint.normalised,
        entries: found.entries.map(showEntry),
        truncated: found.truncated,
      }
    },
  )
}

function showEntry({ at, kind, subjectKey, choice, evidence, mail, leaving }: TimelineEntry) {
  return {
    at: schemas.isoTime(at),
    kind,
    subject: { key: subjectKey },
    ...(choice && { choice: showChoice(choice) }),
    ...(evidence && { evidence: { id: evidence.id, hash: evidence.hash, body: evidence.body } }),
    ...(leaving && { leaving }),
    ...(mail && {
      mail: {
        id: mail.id,
        kind: mail.kind,
        attempts: mail.attempts,
        ...(mail.sentAt !== undefined && { sentAt: schemas.isoTime(mail.sentAt) }),
        ...(mail.failedAt !== undefined && { failedAt: schemas.isoTime(mail.failedAt) }),
      },
    }),
  }
}

function showChoice(choice: NonNullable<TimelineEntry['choice']>) {
  return {
    id: choice.id,
    kind: choice.kind,
    scope: choice.scope,
    author: choice.author,
    saidAt: choice.saidAt === null ? null : schemas.isoTime(choice.saidAt),
    recordedAt: schemas.isoTime(choice.recordedAt),
    ...(choice.kind === 'pause' && { until: schemas.isoTime(choice.until) }),
    ...(choice.kind === 'cadence' && { cadence: choice.cadence }),
    ...choice.context,
    ...(choice.withdrawnAt !== null && { withdrawnAt: schemas.isoTime(choice.withdrawnAt) }),
  }
}
