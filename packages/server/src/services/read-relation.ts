import { type ContactPointType, emptyStanding, encodePosition, type Standing } from '@verzet/core'
import { lastSequence } from '../storage/changes.ts'
import { findContactPoints } from '../storage/contact-points.ts'
import type { Queryable } from '../storage/database.ts'
import { findRelations } from '../storage/relations.ts'
import { findStandings } from '../storage/standings.ts'
import { tiesOfRelations } from '../storage/ties.ts'

export type RelationContactPoint = {
  readonly type: ContactPointType
  readonly value: string
  readonly key: string
  /** When it was tied to the relation. */
  readonly since: number
  readonly standing: Standing
}

export type RelationView = {
  readonly key: string
  readonly externalId: string
  readonly name?: string
  readonly language?: string
  readonly country?: string
  readonly customerSince?: string
  readonly contactPoints: readonly RelationContactPoint[]
  /** What was said for the relation, or through any of its contact points. */
  readonly standing: Standing
  readonly position: string
}

/** What is known of a relation and what stands for it; undefined when nobody knows it or it was erased. */
export async function readRelation(db: Queryable, relationKey: string): Promise<RelationView | undefined> {
  const relation = (await findRelations(db, [relationKey])).get(relationKey)
  if (relation === undefined || relation.erasedAt !== null || relation.externalId === null) return undefined
  const position = encodePosition({ last: await lastSequence(db) })
  const ties = (await tiesOfRelations(db, [relationKey])).filter((tie) => tie.endedAt === null)
  const keys = ties.map((tie) => tie.contactKey)
  const points = await findContactPoints(db, keys)
  const standings = await findStandings(db, [relationKey, ...keys])
  const contactPoints = ties.flatMap((tie) => {
    const point = points.get(tie.contactKey)
    if (point === undefined || point.value === null) return []
    const standing = standings.get(tie.contactKey)?.record ?? emptyStanding
    return [{ type: point.type, value: point.value, key: point.key, since: tie.linkedAt.getTime(), standing }]
  })
  return {
    key: relationKey,
    externalId: relation.externalId,
    ...(relation.name !== null && { name: relation.name }),
    ...(relation.language !== null && { language: relation.language }),
    ...(relation.country !== null && { country: relation.country }),
    ...(relation.customerSince !== null && { customerSince: relation.customerSince }),
    contactPoints: contactPoints.sort((one, other) =>
      `${one.type} ${one.value}` < `${other.type} ${other.value}` ? -1 : 1,
    ),
    standing: standings.get(relationKey)?.record ?? emptyStanding,
    position,
  }
}
