import { canLift, countsFrom, encodePosition, evidenceEntry, uuidV7 } from '@verzet/core'
import { lastSequence } from '../storage/changes.ts'
import { forgetChoices, insertChoices, listChoices, type StoredChoice } from '../storage/choices.ts'
import { forgetConfirmations } from '../storage/confirmations.ts'
import { eraseContactPoints } from '../storage/contact-points.ts'
import type { Transaction } from '../storage/database.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import { deleteLiftProposalsOf } from '../storage/lift-proposals.ts'
import { endMergesOf } from '../storage/merges.ts'
import { eraseRelation, findRelations } from '../storage/relations.ts'
import { forgetReviewItems } from '../storage/review-items.ts'
import { deleteSignUps } from '../storage/sign-ups.ts'
import { lockStandings } from '../storage/standings.ts'
import { deleteTies, endTies, type Tie, tiesOfContactPoints, tiesOfRelations } from '../storage/ties.ts'
import { ConcurrentChange } from './concurrent-change.ts'
import type { RandomBytes } from './ports.ts'
import { refoldStandings } from './refold-standings.ts'

export type EraseOutcome =
  | { readonly kind: 'erased'; readonly refusalsKept: number; readonly position: string }
  | { readonly kind: 'unknown_relation' }

/**
 * Forgets a person (GDPR art. 17) and keeps their no (art. 17(3)(b), recital 65; rule 7): names, addresses, numbers and
 * words go; what stays are keyed hashes with the refusals that held for each, copied onto them before the ties are cut.
 * Contact points that another relation still has keep their value there, and only what this person refused for them.
 */
export async function eraseWholeRelation(
  tx: Transaction,
  random: RandomBytes,
  relationKey: string,
  now: number,
  actor: string,
): Promise<EraseOutcome> {
  const relation = (await findRelations(tx, [relationKey])).get(relationKey)
  if (relation === undefined || relation.erasedAt !== null) return { kind: 'unknown_relation' }
  const ties = await tiesOfRelations(tx, [relationKey])
  const contactKeys = ties.map((tie) => tie.contactKey)
  const rows = await lockStandings(tx, [relationKey, ...contactKeys])
  if ((await tiesOfRelations(tx, [relationKey])).length !== ties.length) {
    throw new ConcurrentChange('the ties of a relation changed')
  }
  const shared = await sharedWithOthers(tx, relationKey, contactKeys)
  const alone = contactKeys.filter((key) => !shared.has(key))
  const kept = await copyRefusals(tx, random, relationKey, ties, shared)
  await forgetChoices(tx, [relationKey, ...alone])
  await forgetConfirmations(tx, [relationKey, ...alone], now)
  await deleteSignUps(tx, [relationKey, ...alone])
  await forgetReviewItems(tx, [relationKey, ...alone], now)
  await deleteLiftProposalsOf(tx, [relationKey, ...alone])
  await deleteTies(tx, relationKey, alone)
  // What this person refused goes on holding for a contact point they shared, and for nobody else's other ones.
  await endTies(tx, relationKey, [...shared], now)
  await eraseContactPoints(tx, [relationKey, ...alone], now)
  await eraseRelation(tx, relationKey, now)
  await endMergesOf(tx, relationKey, now)
  await refoldStandings(tx, [...rows.values()], now, new Set(rows.keys()))
  const details = { contactPoints: contactKeys.length, refusalsKept: kept, actor }
  const id = uuidV7(now, random(10))
  await appendEvidence(tx, [
    evidenceEntry({ id, subjectKey: relationKey, kind: 'relation_erased', recordedAt: now, details }),
  ])
  return { kind: 'erased', refusalsKept: kept, position: encodePosition({ last: await lastSequence(tx) }) }
}

async function sharedWithOthers(tx: Transaction, relationKey: string, contactKeys: readonly string[]) {
  const ties = await tiesOfContactPoints(tx, contactKeys)
  const others = ties.filter((tie) => tie.relationKey !== relationKey && tie.endedAt === null)
  return new Set(others.map((tie) => tie.contactKey))
}

/**
 * Each contact point nobody else has gets its own copy of the refusals that reached it through the relation. The relation's
 * key gets those said through its contact points: they meet the person when they are brought in again, at whatever address.
 */
async function copyRefusals(
  tx: Transaction,
  random: RandomBytes,
  relationKey: string,
  ties: readonly Tie[],
  shared: ReadonlySet<string>,
): Promise<number> {
  const subjects = [relationKey, ...ties.map((tie) => tie.contactKey)]
  const choices = (await listChoices(tx, subjects)).filter((choice) => choice.withdrawnAt === null)
  const refusals = choices.filter(
    (choice) => choice.kind !== 'consent' && !liftedForRelation(choice, choices, relationKey),
  )
  const copyTo = (subjectKey: string) => (choice: StoredChoice) => ({
    subjectKey,
    choice: { ...choice, id: uuidV7(choice.recordedAt, random(10)) },
    context: { signal: choice.context.signal, ...(choice.context.origin && { origin: choice.context.origin }) },
  })
  const copies = ties
    .filter((tie) => !shared.has(tie.contactKey))
    .flatMap((tie) =>
      refusals
        .filter((choice) => choice.subjectKey !== tie.contactKey && reached(choice, tie))
        .map(copyTo(tie.contactKey)),
    )
  const toRelation = refusals.filter((choice) => choice.subjectKey !== relationKey && !shared.has(choice.subjectKey))
  await insertChoices(tx, [...copies, ...toRelation.map(copyTo(relationKey))])
  return refusals.length
}

function reached(choice: StoredChoice, tie: Tie): boolean {
  return tie.endedAt === null || choice.recordedAt <= tie.endedAt.getTime()
}

/** A relation's own later consent to everything ends the matter; a narrower one is left to the copies, which are stricter. */
function liftedForRelation(refusal: StoredChoice, choices: readonly StoredChoice[], relationKey: string): boolean {
  return choices.some(
    (choice) =>
      canLift(choice) &&
      choice.subjectKey === relationKey &&
      Object.keys(choice.scope).length === 0 &&
      countsFrom(choice) > countsFrom(refusal),
  )
}
