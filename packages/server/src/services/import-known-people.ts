import type { Standing } from '@verzet/core'
import { insertChoices } from '../storage/choices.ts'
import { insertContactPoints } from '../storage/contact-points.ts'
import type { Transaction } from '../storage/database.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import { type Basis, findKnownChoices, findRelationBases, upsertImportedRelations } from '../storage/import-batch.ts'
import { findRelations, type RelationRow } from '../storage/relations.ts'
import { insertStandings, lockStandings, type StandingRow } from '../storage/standings.ts'
import { insertTies, type Tie, tiesOfRelations } from '../storage/ties.ts'
import { ConcurrentChange } from './concurrent-change.ts'
import { evidenceOfConsents, evidenceOfSave } from './import-evidence.ts'
import { type FollowedTies, followTies } from './people/follow-ties.ts'
import { type OnePerson, readOnePerson } from './people/one-person.ts'
import {
  choiceRow,
  contactPointRow,
  type ImportOrigin,
  type ImportTools,
  keysOf,
  type PersonToImport,
  pointsOf,
  type RelationCounts,
  relationRow,
  tiesOf,
} from './person-to-import.ts'
import { refoldStandings } from './refold-standings.ts'

/** What was read and locked of these people before anything was written. */
type KnownPeople = {
  readonly locked: ReadonlyMap<string, StandingRow>
  readonly ties: readonly Tie[]
  /** The relations that are one person with one of these. */
  readonly merged: OnePerson
}

/** What the file adds to one person. */
type Addition = {
  readonly person: PersonToImport
  readonly isNewRelation: boolean
  readonly changesRelation: boolean
  readonly linked: readonly string[]
  readonly consents: PersonToImport['consents']
}

/**
 * Completes people of whom something is known already: a relation, an address, or a no about an address nobody knew.
 * Their standings are folded anew from everything ever said. Who is not changed by the file is not touched.
 */
export async function completeKnownPeople(
  tx: Transaction,
  tools: ImportTools,
  people: readonly PersonToImport[],
  origin: ImportOrigin,
  now: number,
): Promise<RelationCounts> {
  const counts = { relationsCreated: 0, relationsChanged: 0, contactPoints: 0, consents: 0, refusedStill: 0 }
  const known = await lockPeople(tx, people, now)
  const rows = await introduce(tx, people, known)
  counts.contactPoints = countNew(people, known)
  const additions = await findAdditions(tx, people, known, origin.basis)
  await write(tx, tools, additions, origin, now)
  const followed = await followAdditions(tx, additions, known, now)
  for (const { isNewRelation, changesRelation, linked, consents } of additions) {
    if (isNewRelation) counts.relationsCreated += 1
    else if (changesRelation || linked.length > 0) counts.relationsChanged += 1
    counts.consents += consents.length
  }
  const standings = await refold(tx, { additions, followed }, rows, known, now)
  counts.refusedStill = countRefused(people, standings, rows)
  return counts
}

/** Contact points first and in key order, as everywhere: whoever adds one of these waits before holding anything else. */
async function lockPeople(tx: Transaction, people: readonly PersonToImport[], now: number): Promise<KnownPeople> {
  const named = people.flatMap((person) => person.relation?.keyed.key ?? [])
  const merged = await readOnePerson(tx, named)
  const others = merged.merges.length === 0 ? [] : merged.relationKeys
  const relationKeys = [...new Set([...named, ...others])]
  const ties = await tiesOfRelations(tx, relationKeys)
  const points = pointsOf(people).map(({ keyed }) => keyed)
  await insertContactPoints(tx, points.map(contactPointRow), now)
  const keys = new Set([...points.map((point) => point.key), ...ties.map((tie) => tie.contactKey), ...others])
  const locked = await lockStandings(tx, [...keys])
  const describe = (found: readonly Tie[]) =>
    found
      .map((tie) => `${tie.relationKey} ${tie.contactKey} ${tie.endedAt?.getTime()}`)
      .sort()
      .join()
  if (describe(await tiesOfRelations(tx, relationKeys)) !== describe(ties)) {
    throw new ConcurrentChange('the ties of a relation changed')
  }
  return { locked, ties, merged }
}

/** What one relation of a merged person gains its others gain too. */
async function followAdditions(
  tx: Transaction,
  additions: readonly Addition[],
  { ties, merged }: KnownPeople,
  now: number,
): Promise<FollowedTies[]> {
  if (merged.merges.length === 0) return []
  const followed: FollowedTies[] = []
  for (const { person, linked } of additions) {
    const relationKey = person.relation?.keyed.key
    if (relationKey === undefined || linked.length === 0) continue
    followed.push(...(await followTies(tx, merged, relationKey, { added: linked, ended: [], before: ties }, now)))
  }
  return followed
}

async function introduce(tx: Transaction, people: readonly PersonToImport[], { locked }: KnownPeople) {
  const rows = new Map(locked)
  for (const person of people) {
    for (const keyed of [...person.contactPoints, ...(person.relation ? [person.relation.keyed] : [])]) {
      const { key, fingerprint, contactPoint } = keyed
      const known = rows.get(key)
      // Known by its key alone: the gates that go by fingerprint hear of it when it is written with one.
      if (known !== undefined && known.fingerprint !== 0n) continue
      rows.set(key, {
        seq: 0n,
        record: { groups: [] },
        ...known,
        contactKey: key,
        type: contactPoint.type,
        fingerprint,
      })
    }
  }
  const added = [...rows.values()].filter((row) => locked.get(row.contactKey)?.fingerprint !== row.fingerprint)
  await insertStandings(
    tx,
    added.sort((one, other) => (one.contactKey < other.contactKey ? -1 : 1)),
  )
  return rows
}

async function findAdditions(
  tx: Transaction,
  people: readonly PersonToImport[],
  { locked, ties }: KnownPeople,
  basis: Basis,
): Promise<Addition[]> {
  const held = new Set(ties.filter((tie) => tie.endedAt === null).map((tie) => `${tie.relationKey} ${tie.contactKey}`))
  const relationKeys = people.flatMap((person) => person.relation?.keyed.key ?? [])
  const relations = await findRelations(tx, relationKeys)
  const bases = await findRelationBases(tx, relationKeys)
  const recorded = await findKnownChoices(
    tx,
    people.flatMap((person) => person.consents.map(({ contactKey, id }) => ({ subjectKey: contactKey, id }))),
  )
  return people.flatMap((person) => {
    const before = relations.get(person.relation?.keyed.key ?? '')
    const linked = tiesOf(person).filter((tie) => !held.has(`${tie.relationKey} ${tie.contactKey}`))
    const isNewRelation = person.relation !== undefined && before === undefined
    const changesRelation =
      person.relation !== undefined && changes(person.relation, before, basis, bases.get(before?.key ?? ''))
    const consents = person.consents.filter((consent) => !recorded.has(consent.id))
    const addition = { person, isNewRelation, changesRelation, linked: linked.map((tie) => tie.contactKey), consents }
    const isEmpty = !changesRelation && linked.length === 0 && consents.length === 0 && !changesFacts(person, locked)
    return isEmpty ? [] : [addition]
  })
}

function changes(
  given: NonNullable<PersonToImport['relation']>,
  before: RelationRow | undefined,
  basis: Basis,
  basisBefore: Basis | null | undefined,
): boolean {
  if (before === undefined || before.erasedAt !== null || basisBefore !== basis) return true
  const fields = ['name', 'language', 'country', 'customerSince'] as const
  return fields.some((field) => given[field] !== undefined && given[field] !== before[field])
}

function changesFacts(person: PersonToImport, rows: ReadonlyMap<string, StandingRow>): boolean {
  const { impersonal } = person
  if (impersonal === undefined) return false
  return person.contactPoints.some(({ key }) => (rows.get(key)?.record.impersonal ?? false) !== impersonal)
}

async function write(
  tx: Transaction,
  tools: ImportTools,
  additions: readonly Addition[],
  origin: ImportOrigin,
  now: number,
): Promise<void> {
  const relations = additions.filter((one) => one.changesRelation).flatMap(({ person }) => person.relation ?? [])
  await upsertImportedRelations(
    tx,
    relations.map((relation) => relationRow(relation, origin.basis)),
    now,
  )
  const added = additions.flatMap(({ person, linked }) =>
    tiesOf(person).filter((tie) => linked.includes(tie.contactKey)),
  )
  if (added.length > 0) await insertTies(tx, added, now)
  const consents = additions.flatMap((one) => one.consents)
  if (consents.length > 0)
    await insertChoices(
      tx,
      consents.map((consent) => choiceRow(consent, now)),
    )
  const saved = additions.filter((one) => one.changesRelation || one.linked.length > 0)
  await appendEvidence(tx, [
    ...evidenceOfConsents(tools, consents, origin, now, new Map()),
    ...saved.flatMap(({ person, linked }) => evidenceOfSave(tools, person, linked, origin, now)),
  ])
}

/** Whatever the additions can bear on: the relation, its contact points of before and those of the file. */
async function refold(
  tx: Transaction,
  { additions, followed }: { readonly additions: readonly Addition[]; readonly followed: readonly FollowedTies[] },
  rows: ReadonlyMap<string, StandingRow>,
  { ties }: KnownPeople,
  now: number,
): Promise<ReadonlyMap<string, Standing>> {
  if (additions.length === 0) return new Map()
  const membersOf = new Map<string, Tie[]>()
  for (const tie of ties) membersOf.set(tie.relationKey, [...(membersOf.get(tie.relationKey) ?? []), tie])
  const affected = new Map<string, StandingRow>()
  const alsoChanged = new Set<string>()
  for (const { person, linked } of additions) {
    const members = membersOf.get(person.relation?.keyed.key ?? '') ?? []
    for (const key of [...keysOf(person), ...members.map((tie) => tie.contactKey)]) {
      const row = affected.get(key) ?? rows.get(key)
      if (row !== undefined) affected.set(key, row)
    }
    for (const key of linked) alsoChanged.add(key)
    const relationKey = person.relation?.keyed.key
    if (linked.length > 0 && relationKey !== undefined) alsoChanged.add(relationKey)
    for (const { key } of person.contactPoints) {
      const row = affected.get(key)
      if (row === undefined || person.impersonal === undefined) continue
      // Folding keeps this fact as it finds it, so it is put in before, and the row is told of as changed.
      if ((row.record.impersonal ?? false) !== person.impersonal) alsoChanged.add(key)
      affected.set(key, { ...row, record: withImpersonal(row.record, person.impersonal) })
    }
  }
  for (const { relationKey, added } of followed) {
    const members = membersOf.get(relationKey) ?? []
    for (const key of [relationKey, ...added, ...members.map((tie) => tie.contactKey)]) {
      const row = affected.get(key) ?? rows.get(key)
      if (row !== undefined) affected.set(key, row)
    }
    for (const key of [relationKey, ...added]) alsoChanged.add(key)
  }
  return refoldStandings(tx, [...affected.values()], now, alsoChanged)
}

function withImpersonal(standing: Standing, isImpersonal: boolean): Standing {
  const { impersonal: before, ...record } = standing
  if (before === isImpersonal) return standing
  return isImpersonal ? { ...record, impersonal: true } : record
}

function countNew(people: readonly PersonToImport[], { locked }: KnownPeople): number {
  const keys = people.flatMap((person) => person.contactPoints.map((point) => point.key))
  return new Set(keys.filter((key) => !locked.has(key))).size
}

function countRefused(
  people: readonly PersonToImport[],
  standings: ReadonlyMap<string, Standing>,
  rows: ReadonlyMap<string, StandingRow>,
): number {
  const keys = new Set(people.flatMap((person) => person.contactPoints.map((point) => point.key)))
  return [...keys].filter((key) => {
    const standing = standings.get(key) ?? rows.get(key)?.record
    return standing?.groups.some((group) => group.items.some((item) => item.kind === 'objection'))
  }).length
}
