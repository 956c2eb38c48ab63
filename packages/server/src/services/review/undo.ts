import { evidenceEntry, holdForReview, uuidV7 } from '@verzet/core'
import { transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { listReviewSubjects, lockReviewItem, type ReviewItemRow, reopenReviewItem } from '../../storage/review-items.ts'
import { amendStandings } from '../amend-standings.ts'
import type { Hub } from '../hub.ts'
import { undoWithinMs, withdrawChoice } from '../withdraw-choice.ts'
import { reviewWithinMs } from './deadline.ts'

export type UndoOutcome =
  | { readonly kind: 'undone' }
  | { readonly kind: 'unknown_item' }
  | { readonly kind: 'not_decided' }
  /** The words are gone, so nobody can judge them anew. */
  | { readonly kind: 'forgotten' }
  /** A no that a human read in it half an hour ago is the person's no, and only the person lifts that (rule 2). */
  | { readonly kind: 'too_late' }

/**
 * Takes a decision back: the item waits again with a deadline of its own, and so does everything it may refuse, so that
 * nothing opens in between. What the decision recorded is withdrawn; both stay in the record. `not_a_no` can be taken
 * back as long as the words are kept, and so can a no that only a missed deadline recorded, which no human ever read.
 */
export async function undoReview(
  hub: Pick<Hub, 'db' | 'catalog' | 'clock' | 'random'>,
  itemId: string,
  actor: string,
): Promise<UndoOutcome> {
  return transact(hub.db, async (tx) => {
    const now = hub.clock()
    const item = await lockReviewItem(tx, itemId)
    if (item === undefined) return { kind: 'unknown_item' }
    if (item.decidedAt === null) return { kind: 'not_decided' }
    if (item.forgottenAt !== null) return { kind: 'forgotten' }
    if (isTooLate(item, now)) return { kind: 'too_late' }

    const dueAt = Math.max(item.dueAt.getTime(), now + reviewWithinMs(hub.catalog, item.brand ?? undefined))
    const subjects = await listReviewSubjects(tx, item.id)
    const { proposedScope } = item
    if (proposedScope !== null) {
      const waiting = subjects.map(({ contactKey: key, type, fingerprint }) => ({ key, type, fingerprint }))
      const hold = { item: item.id, scope: proposedScope, until: dueAt }
      // Before anything is withdrawn: at no moment is it open.
      await amendStandings(tx, waiting, (standing) => holdForReview(standing, hold), now)
    }
    for (const { subjectKey, choiceId } of item.recorded ?? []) {
      const evidenceId = uuidV7(now, hub.random(10))
      const leavingEvidenceId = uuidV7(now, hub.random(10))
      const ids = { subjectKey, choiceId, evidenceId, leavingEvidenceId }
      const input = { ...ids, signal: 'review', actor, withinMs: Number.POSITIVE_INFINITY }
      await withdrawChoice(tx, input, now)
    }
    await reopenReviewItem(tx, item.id, dueAt)
    const about = new Set([...subjects.map(({ contactKey }) => contactKey), item.contactKey ?? item.id])
    const details = { item: item.id, decision: item.decision, actor }
    await appendEvidence(
      tx,
      [...about].map((subjectKey) => {
        const id = uuidV7(now, hub.random(10))
        return evidenceEntry({ id, subjectKey, kind: 'review_undone', recordedAt: now, details })
      }),
    )
    return { kind: 'undone' }
  })
}

/** Whether a decision could be taken back at this moment. */
export function mayUndo(item: ReviewItemRow, now: number): boolean {
  return item.decidedAt !== null && item.forgottenAt === null && !isTooLate(item, now)
}

function isTooLate({ decision, decidedAt }: ReviewItemRow, now: number): boolean {
  const wasRead = decision === 'opt_out' || decision === 'narrow'
  return wasRead && decidedAt !== null && decidedAt.getTime() + undoWithinMs < now
}
