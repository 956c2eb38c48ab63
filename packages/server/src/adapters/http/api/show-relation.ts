import { z } from 'zod'
import type { RelationView } from '../../../services/read-relation.ts'
import { notFound } from '../problem.ts'
import * as schemas from './schemas.ts'

export const relation = z
  .strictObject({
    externalId: schemas.externalId,
    name: z.string().optional(),
    language: schemas.language.optional(),
    country: schemas.country.optional(),
    customerSince: schemas.day.optional(),
    contactPoints: z.array(
      z.strictObject({
        type: schemas.contactPointType,
        value: z.string(),
        key: schemas.uuid,
        since: schemas.moment.meta({ description: 'When it was tied to the relation.' }),
        standing: schemas.standing,
      }),
    ),
    standing: schemas.standing.meta({
      description: 'What was said for the relation or through any of its contact points.',
    }),
    position: schemas.position,
  })
  .meta({ id: 'Relation' })

export function showRelation(view: RelationView, now: number): z.infer<typeof relation> {
  const { key: _key, standing, contactPoints, ...rest } = view
  return {
    ...rest,
    contactPoints: contactPoints.map((point) => ({
      type: point.type,
      value: point.value,
      key: point.key,
      since: schemas.isoTime(point.since),
      standing: schemas.showStanding(point.standing, now),
    })),
    standing: schemas.showStanding(standing, now),
  }
}

export function unknownRelation() {
  return notFound('unknown_relation', 'Nobody knows a relation with this external id, or it was erased.')
}
