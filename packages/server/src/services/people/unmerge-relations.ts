import { encodePosition, evidenceEntry, uuidV7 } from '@verzet/core'
import { lastSequence } from '../../storage/changes.ts'
import { insertChoices, listChoices, type StoredChoice } from '../../storage/choices.ts'
import { type Transaction, transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { endMerge, listMerges, type MergeRow, restoreTies } from '../../storage/merges.ts'
import { lockStandings } from '../../storage/standings.ts'
import { type Tie, tiesOfRelations } from '../../storage/ties.ts'
import type { Hub } from '../hub.ts'
import type { RandomBytes } from '../ports.ts'
import { refoldStandings } from '../refold-standings.ts'
import { assertSameTies } from './merge-relations.ts'

export type UnmergeRequest = { readonly relationKey: string; readonly mergeId: string; readonly actor: string }

export type UnmergeOutcome =
  | { readonly kind: 'unmerged'; readonly refusalsKept: number; readonly position: string }
  /** One of them was merged with somebody else since: that has to be undone first. */
  | { readonly kind: 'later_merge' }
  | { readonly kind: 'unknown_merge' }

type Parts = Pick<Hub, 'db' | 'random' | 'clock'>

/**
 * Takes a merge back: the ties it made go, and those it had made hold again end again, so that each side is refused what
 * its own words refuse. What was refused while they were one person may have been meant by either: it is kept for both,
 * as a word of the other relation (rule 2). This is the second act, beside an erasure, that removes a tie.
 */
export function unmergeRelations({ db, random, clock }: Parts, request: UnmergeRequest): Promise<UnmergeOutcome> {
  const now = clock()
  return transact(db, async (tx) => {
    const { relationKey, mergeId, actor } = request
    const named = (await listMerges(tx, [relationKey])).find((row) => row.id === mergeId)
    if (named === undefined) return { kind: 'unknown_merge' }
    const standing = await listMerges(tx, named.members)
    if (standing.some((row) => row.id > mergeId)) return { kind: 'later_merge' }
    const parts = standing.filter((row) => row.id === mergeId)
    const members = parts.map((row) => row.relationKey)
    const ties = await tiesOfRelations(tx, members)
    const rows = await lockStandings(tx, [...new Set([...members, ...ties.map((tie) => tie.contactKey)])])
    await assertSameTies(tx, members, ties)
    const kept = await keepRefusals(tx, { parts, ties, earlier: standing.filter((row) => row.id < mergeId), random })
    for (const part of parts) await restoreTies(tx, part.relationKey, part.ties)
    await endMerge(tx, mergeId, members, now)
    await refoldStandings(tx, [...rows.values()], now, new Set(rows.keys()))
    await appendEvidence(
      tx,
      parts.map((part) =>
        evidenceEntry({
          id: uuidV7(now, random(10)),
          subjectKey: part.relationKey,
          kind: 'relations_unmerged',
          recordedAt: now,
          details: { merge: mergeId, kept: part.keptKey, joined: part.joinedKey, refusalsKept: kept, actor },
        }),
      ),
    )
    return { kind: 'unmerged', refusalsKept: kept, position: encodePosition({ last: await lastSequence(tx) }) }
  })
}

type Meanwhile = {
  readonly parts: readonly MergeRow[]
  readonly ties: readonly Tie[]
  /** The merges that stay: they say which relations were one person before. */
  readonly earlier: readonly MergeRow[]
  readonly random: RandomBytes
}

/** Copies what was refused since the merge on one side to each relation of the other; returns how many words that was. */
async function keepRefusals(tx: Transaction, { parts, ties, earlier, random }: Meanwhile): Promise<number> {
  const [first] = parts
  if (first === undefined) return 0
  const sides = [first.keptKey, first.joinedKey].map((key) => sideOf(key, { parts, ties, earlier }))
  const said = await Promise.all(
    sides.map(async (side, index) =>
      (await listChoices(tx, side.subjects)).filter(
        (choice) =>
          choice.kind !== 'consent' &&
          choice.withdrawnAt === null &&
          choice.recordedAt >= first.mergedAt.getTime() &&
          !sides[1 - index]?.subjects.includes(choice.subjectKey),
      ),
    ),
  )
  const copies = sides.flatMap(({ relationKeys }, index) =>
    relationKeys.flatMap((subjectKey) => (said[1 - index] ?? []).map((choice) => copyFor(subjectKey, choice, random))),
  )
  await insertChoices(tx, copies)
  return said.flat().length
}

/** The relations that were one person before the merge, and everything they had without it. */
function sideOf(key: string, { parts, ties, earlier }: Omit<Meanwhile, 'random'>) {
  const before = earlier.filter((row) => row.relationKey === key).flatMap((row) => row.members)
  const relationKeys = [...new Set([key, ...before])].filter((one) => parts.some((part) => part.relationKey === one))
  const made = new Set(parts.flatMap((part) => part.ties.map((tie) => `${part.relationKey} ${tie.contactKey}`)))
  const mergedAt = parts[0]?.mergedAt ?? new Date(0)
  const own = ties.filter(
    (tie) =>
      relationKeys.includes(tie.relationKey) &&
      !made.has(`${tie.relationKey} ${tie.contactKey}`) &&
      (tie.endedAt === null || tie.endedAt >= mergedAt),
  )
  return { relationKeys, subjects: [...new Set([...relationKeys, ...own.map((tie) => tie.contactKey)])] }
}

/** The same word, by its moment and kind, and without the words that are about the other person. */
function copyFor(subjectKey: string, choice: StoredChoice, random: RandomBytes) {
  const { signal, origin } = choice.context
  return {
    subjectKey,
    choice: { ...choice, id: uuidV7(choice.recordedAt, random(10)) },
    context: { signal, ...(origin && { origin }) },
  }
}
