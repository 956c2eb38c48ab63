import { isDeepStrictEqual } from 'node:util'
import { type Choice, foldStanding, type Lineage, type Standing, type StandingFacts } from '@verzet/core'
import { listChoices, type StoredChoice } from '../storage/choices.ts'
import type { Queryable, Transaction } from '../storage/database.ts'
import { findRelations, type RelationRow } from '../storage/relations.ts'
import { type StandingRow, writeStandings } from '../storage/standings.ts'
import { type Tie, tiesOfContactPoints, tiesOfRelations } from '../storage/ties.ts'

/**
 * Folds the standings of these contact points anew from all that was ever said, and tells the feed of those that differ.
 * The slow way, for what cannot be added to a standing: a withdrawal, a changed tie, an erasure.
 * The caller holds the locks of `rows` (every contact point and relation to refold); `alsoChanged` names those among them
 * that changed in another way and are told of as well.
 */
export async function refoldStandings(
  tx: Transaction,
  rows: readonly StandingRow[],
  now: number,
  alsoChanged: ReadonlySet<string> = new Set(),
): Promise<Map<string, Standing>> {
  const bearing = await readBearing(tx, rows)
  const records = new Map(rows.map((row) => [row.contactKey, foldRow(row, bearing)]))
  const changed = rows.filter(
    (row) => alsoChanged.has(row.contactKey) || !isDeepStrictEqual(records.get(row.contactKey), row.record),
  )
  if (changed.length === 0) return records
  const updates = changed.map((row) => ({
    contactKey: row.contactKey,
    record: records.get(row.contactKey) ?? row.record,
    fingerprint: row.fingerprint,
  }))
  await writeStandings(tx, updates, now)
  return records
}

/** What would hold for a contact point if these choices had not been said. Changes nothing. */
export async function standingWithout(db: Queryable, row: StandingRow, unsaid: ReadonlySet<string>): Promise<Standing> {
  return foldRow(row, await readBearing(db, [row], unsaid))
}

/** All that bears on the rows: their ties, the members of those relations, and every choice of any of them. */
type Bearing = {
  readonly tiesByContact: ReadonlyMap<string, readonly Tie[]>
  readonly tiesByRelation: ReadonlyMap<string, readonly Tie[]>
  readonly choices: ReadonlyMap<string, readonly Choice[]>
  readonly relations: ReadonlyMap<string, RelationRow>
}

async function readBearing(
  tx: Queryable,
  rows: readonly StandingRow[],
  unsaid: ReadonlySet<string> = new Set(),
): Promise<Bearing> {
  const contactKeys = rows.filter((row) => row.type !== 'customer').map((row) => row.contactKey)
  const ties = await tiesOfContactPoints(tx, contactKeys)
  const ownRelations = rows.filter((row) => row.type === 'customer').map((row) => row.contactKey)
  const relationKeys = [...new Set([...ownRelations, ...ties.map((tie) => tie.relationKey)])]
  const members = await tiesOfRelations(tx, relationKeys)
  const subjects = new Set([...contactKeys, ...relationKeys, ...members.map((tie) => tie.contactKey)])
  const choices = (await listChoices(tx, [...subjects])).filter(
    (choice) => choice.withdrawnAt === null && !unsaid.has(choice.id),
  )
  return {
    tiesByContact: groupBy(ties, (tie) => tie.contactKey),
    tiesByRelation: groupBy(members, (tie) => tie.relationKey),
    choices: groupBy<StoredChoice>(choices, (choice) => choice.subjectKey),
    relations: await findRelations(tx, relationKeys),
  }
}

function foldRow(row: StandingRow, bearing: Bearing): Standing {
  const ties = bearing.tiesByContact.get(row.contactKey) ?? []
  const relationKeys = row.type === 'customer' ? [row.contactKey] : ties.map((tie) => tie.relationKey)
  const lineage: Lineage =
    row.type === 'customer'
      ? { own: [], relations: [{ key: row.contactKey, linkedAt: 0, ...said(row.contactKey, row.contactKey, bearing) }] }
      : {
          own: bearing.choices.get(row.contactKey) ?? [],
          relations: ties.map((tie) => ({
            key: tie.relationKey,
            linkedAt: tie.linkedAt.getTime(),
            ...(tie.endedAt !== null && { endedAt: tie.endedAt.getTime() }),
            ...said(tie.relationKey, row.contactKey, bearing),
          })),
        }
  const endedKeys = new Set(ties.filter((tie) => tie.endedAt !== null).map((tie) => tie.relationKey))
  const current = relationKeys.filter((key) => !endedKeys.has(key))
  return foldStanding(lineage, facts(row, current, bearing))
}

/** What was said for a relation, and through its other contact points while they belonged to it. */
function said(relationKey: string, contactKey: string, bearing: Bearing) {
  const siblings = (bearing.tiesByRelation.get(relationKey) ?? []).filter((tie) => tie.contactKey !== contactKey)
  return {
    choices: bearing.choices.get(relationKey) ?? [],
    siblingChoices: siblings.flatMap((tie) =>
      (bearing.choices.get(tie.contactKey) ?? []).filter(
        (choice) => tie.endedAt === null || choice.recordedAt <= tie.endedAt.getTime(),
      ),
    ),
  }
}

function facts(row: StandingRow, relationKeys: readonly string[], bearing: Bearing): StandingFacts {
  const relations = relationKeys.toSorted().flatMap((key) => bearing.relations.get(key) ?? [])
  const country = relations.find((relation) => relation.country !== null)?.country
  const isCustomer = relations.some((relation) => relation.customerSince !== null)
  const { impersonal, listedIn, undeliverable, held } = row.record
  return {
    ...(country && { country }),
    ...(isCustomer && { customer: true as const }),
    ...(impersonal && { impersonal }),
    ...(listedIn && { listedIn }),
    ...(undeliverable && { undeliverable }),
    ...(held && { held }),
  }
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group === undefined) groups.set(keyOf(value), [value])
    else group.push(value)
  }
  return groups
}
