import { type EvidenceEntry, evidenceEntry, type Standing, uuidV7 } from '@verzet/core'
import { insertContactPoints } from '../storage/contact-points.ts'
import type { Transaction } from '../storage/database.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import { type RelationDetails, upsertRelations } from '../storage/relations.ts'
import { insertStandings, lockStandings } from '../storage/standings.ts'
import { endTies, insertTies, type Tie, tiesOfRelations } from '../storage/ties.ts'
import { ConcurrentChange } from './concurrent-change.ts'
import { followTies } from './people/follow-ties.ts'
import { readOnePerson } from './people/one-person.ts'
import type { KeyedContactPoint, RandomBytes } from './ports.ts'
import { refoldStandings } from './refold-standings.ts'

export type RelationToSave = RelationDetails & {
  readonly fingerprint: bigint
  /** All contact points the relation has now; undefined leaves them as they are. */
  readonly contactPoints?: readonly KeyedContactPoint[]
  /** Keep contact points that are not named: how an import adds without taking away. */
  readonly keepOthers?: boolean
}

/** More than one person has on any list; a relation with more is a mistake in the data. */
export const contactPointsPerRelationMax = 50

export type SavedRelation = { readonly created: boolean; readonly standings: ReadonlyMap<string, Standing> }

/**
 * Creates or changes a relation and its ties. It never lifts an objection: choices stay with what they were said through,
 * a new tie carries refusals to the other contact points, and an ended one leaves them where they are (rule 2). What came
 * to it by a merge with another relation is not the organisation's to name here, and stays.
 */
export async function saveRelation(
  tx: Transaction,
  random: RandomBytes,
  input: RelationToSave,
  now: number,
  actor: string,
): Promise<SavedRelation> {
  const named = input.contactPoints ?? []
  await introduce(tx, input, named, now)
  const person = await readOnePerson(tx, [input.key])
  const relationKeys = [...new Set([input.key, ...person.relationKeys])]
  const before = await tiesOfRelations(tx, relationKeys)
  const own = before.filter((tie) => tie.relationKey === input.key && tie.endedAt === null)
  const held = new Set(own.map((tie) => tie.contactKey))
  const added = named.filter((point) => !held.has(point.key)).map((point) => point.key)
  const namedKeys = new Set(named.map((point) => point.key))
  const keepsOthers = input.contactPoints === undefined || input.keepOthers === true
  const isLost = (key: string) => !namedKeys.has(key) && !person.isByMerge(input.key, key)
  const ended = keepsOthers ? [] : [...held].filter(isLost)

  const rows = await lockStandings(tx, neighbourhood(relationKeys, before, named))
  await assertSameTies(tx, relationKeys, before)
  const created = (await upsertRelations(tx, [input], now)).has(input.key)
  await insertTies(
    tx,
    added.map((contactKey) => ({ relationKey: input.key, contactKey })),
    now,
  )
  await endTies(tx, input.key, ended, now)
  const followed = await followTies(tx, person, input.key, { added, ended, before }, now)
  const changedLinks = added.length + ended.length > 0 ? new Set([input.key, ...added, ...ended]) : new Set<string>()
  const standings = await refoldStandings(tx, [...rows.values()], now, changedLinks)
  const changes = [{ relationKey: input.key, added, ended }, ...followed]
  await appendEvidence(
    tx,
    changes.flatMap((change) => tieEvidence(random, change.relationKey, change, now, actor)),
  )
  return { created, standings }
}

async function introduce(tx: Transaction, input: RelationToSave, named: readonly KeyedContactPoint[], now: number) {
  const self = { key: input.key, type: 'customer' as const, value: input.externalId, fingerprint: input.fingerprint }
  const points = named.map((point) => ({
    key: point.key,
    type: point.contactPoint.type,
    value: point.contactPoint.normalised,
    fingerprint: point.fingerprint,
  }))
  const all = [...new Map([self, ...points].map((row) => [row.key, row])).values()].sort((a, b) =>
    a.key < b.key ? -1 : 1,
  )
  await insertContactPoints(tx, all, now)
  await insertStandings(
    tx,
    all.map((row) => ({ ...row, contactKey: row.key })),
  )
}

/** Everything whose standing the save can change: the relation and those it is one person with, contact points old and new. */
function neighbourhood(
  relationKeys: readonly string[],
  before: readonly Tie[],
  named: readonly KeyedContactPoint[],
): string[] {
  return [...new Set([...relationKeys, ...before.map((tie) => tie.contactKey), ...named.map((point) => point.key)])]
}

async function assertSameTies(tx: Transaction, relationKeys: readonly string[], before: readonly Tie[]): Promise<void> {
  const describe = (ties: readonly Tie[]) =>
    ties
      .map((tie) => `${tie.relationKey} ${tie.contactKey} ${tie.endedAt?.getTime()}`)
      .sort()
      .join()
  if (describe(await tiesOfRelations(tx, relationKeys)) !== describe(before)) {
    throw new ConcurrentChange('the ties of a relation changed')
  }
}

function tieEvidence(
  random: RandomBytes,
  relationKey: string,
  ties: { added: readonly string[]; ended: readonly string[] },
  now: number,
  actor: string,
): EvidenceEntry[] {
  const entry = (kind: 'contact_point_linked' | 'contact_point_unlinked', contactPoint: string) =>
    evidenceEntry({
      id: uuidV7(now, random(10)),
      subjectKey: relationKey,
      kind,
      recordedAt: now,
      details: { contactPoint, actor },
    })
  return [
    ...ties.added.map((key) => entry('contact_point_linked', key)),
    ...ties.ended.map((key) => entry('contact_point_unlinked', key)),
  ]
}
