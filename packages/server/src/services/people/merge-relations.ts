import { encodePosition, evidenceEntry, uuidV7 } from '@verzet/core'
import { lastSequence } from '../../storage/changes.ts'
import { type Transaction, transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { insertMerges, type MergedTie, type NewMerge } from '../../storage/merges.ts'
import { findRelations } from '../../storage/relations.ts'
import { lockStandings } from '../../storage/standings.ts'
import { insertTies, type Tie, tiesOfRelations } from '../../storage/ties.ts'
import { ConcurrentChange } from '../concurrent-change.ts'
import type { Hub } from '../hub.ts'
import { refoldStandings } from '../refold-standings.ts'
import { contactPointsPerRelationMax } from '../save-relation.ts'
import { readOnePerson } from './one-person.ts'

/** More customer numbers than anybody gets by accident; each is a group in every standing of the person. */
export const relationsPerPersonMax = 8

export type MergeRequest = { readonly keptKey: string; readonly joinedKey: string; readonly actor: string }

export type MergeOutcome =
  /** `already_merged`: doing it again changes nothing. */
  | { readonly kind: 'merged' | 'already_merged'; readonly id: string; readonly position: string }
  | { readonly kind: 'same_relation' | 'unknown_relation' | 'too_many' }

type Parts = Pick<Hub, 'db' | 'random' | 'clock'>

/**
 * Makes one person of two relations: each gets the contact points of the other. Both rows and both numbers stay, so that a
 * no said under either number, before or after, reaches everything the person can be reached at. Each relation goes on
 * being judged as a group of its own, the strictest answer first: merging never allows what either refused (rule 2).
 */
export function mergeRelations({ db, random, clock }: Parts, request: MergeRequest): Promise<MergeOutcome> {
  if (request.keptKey === request.joinedKey) return Promise.resolve({ kind: 'same_relation' })
  const now = clock()
  return transact(db, async (tx) => {
    const { keptKey, joinedKey, actor } = request
    const known = await findRelations(tx, [keptKey, joinedKey])
    const isGone = [keptKey, joinedKey].some((key) => known.get(key)?.erasedAt !== null)
    if (isGone) return { kind: 'unknown_relation' }
    const sides = [await readOnePerson(tx, [keptKey]), await readOnePerson(tx, [joinedKey])]
    const [kept, joined] = sides.map((side) => side.relationKeys)
    if (kept === undefined || joined === undefined) return { kind: 'unknown_relation' }
    const before = sides[0]?.merges.find(({ members }) => members.includes(keptKey) && members.includes(joinedKey))
    if (before !== undefined) return { kind: 'already_merged', id: before.id, position: await positionNow(tx) }
    const members = [...kept, ...joined]
    const ties = await tiesOfRelations(tx, members)
    const contactKeys = currentContacts(ties, members)
    if (members.length > relationsPerPersonMax || contactKeys.length > contactPointsPerRelationMax) {
      return { kind: 'too_many' }
    }
    const rows = await lockStandings(tx, [...new Set([...members, ...ties.map((tie) => tie.contactKey)])])
    await assertSameTies(tx, members, ties)
    const id = uuidV7(now, random(10))
    const merges = members.map((relationKey): NewMerge => {
      const own = ties.filter((tie) => tie.relationKey === relationKey)
      return { relationKey, id, keptKey, joinedKey, members, ties: tiesToMake(own, contactKeys), actor }
    })
    const made = merges.flatMap(({ relationKey, ties: added }) =>
      added.map(({ contactKey }) => ({ relationKey, contactKey })),
    )
    await insertTies(tx, made, now)
    await insertMerges(tx, merges, now)
    await refoldStandings(tx, [...rows.values()], now, new Set(rows.keys()))
    await appendMergeEvidence(tx, { merges, random, now })
    return { kind: 'merged', id, position: await positionNow(tx) }
  })
}

async function positionNow(tx: Transaction): Promise<string> {
  return encodePosition({ last: await lastSequence(tx) })
}

/** Throws where the ties of these relations are no longer what was read; the transaction then starts again. */
export async function assertSameTies(
  tx: Transaction,
  relationKeys: readonly string[],
  before: readonly Tie[],
): Promise<void> {
  const describe = (ties: readonly Tie[]) =>
    ties
      .map((tie) => `${tie.relationKey} ${tie.contactKey} ${tie.linkedAt.getTime()} ${tie.endedAt?.getTime()}`)
      .sort()
      .join()
  if (describe(await tiesOfRelations(tx, relationKeys)) !== describe(before)) {
    throw new ConcurrentChange('the ties of a relation changed')
  }
}

function currentContacts(ties: readonly Tie[], members: readonly string[]): string[] {
  const current = ties.filter((tie) => tie.endedAt === null && !members.includes(tie.contactKey))
  return [...new Set(current.map((tie) => tie.contactKey))]
}

/** What a relation lacks of the person's contact points; where it had one before, with when that was. */
function tiesToMake(own: readonly Tie[], contactKeys: readonly string[]): MergedTie[] {
  const byContact = new Map(own.map((tie) => [tie.contactKey, tie]))
  return contactKeys.flatMap((contactKey) => {
    const before = byContact.get(contactKey)
    if (before === undefined) return [{ contactKey }]
    if (before.endedAt === null) return []
    return [{ contactKey, linkedAt: before.linkedAt.toISOString(), endedAt: before.endedAt.toISOString() }]
  })
}

type MergeProof = {
  readonly merges: readonly NewMerge[]
  readonly random: Hub['random']
  readonly now: number
}

/** Under each relation, so that each timeline says which contact points came by it. */
async function appendMergeEvidence(tx: Transaction, { merges, random, now }: MergeProof): Promise<void> {
  const entries = merges.map(({ relationKey, id: merge, keptKey, joinedKey, ties, actor }) => {
    const details = { merge, kept: keptKey, joined: joinedKey, contactPoints: ties.map((tie) => tie.contactKey), actor }
    const id = uuidV7(now, random(10))
    return evidenceEntry({ id, subjectKey: relationKey, kind: 'relations_merged', recordedAt: now, details })
  })
  await appendEvidence(tx, entries)
}
