import { transact } from '../../storage/database.ts'
import {
  countOpenReviewItems,
  forgetDecidedWords,
  listOverdueReviewItems,
  listReviewSubjects,
  lockReviewItem,
} from '../../storage/review-items.ts'
import type { Hub } from '../hub.ts'
import { carryOut } from './decide.ts'

/** Each is a transaction of its own; more than these wait for the next round. */
const itemsPerRoundMax = 1_000
/**
 * How long words stay after their decision: long enough for the person to ask what became of them within the month that
 * GDPR art. 12(3) gives, and no longer (art. 5(1)(e)). The no and its evidence stay.
 */
export const reviewTextKeptMs = 30 * 86_400_000

export type SettledReviews = {
  /** Noes that were recorded because nobody decided in time. */
  readonly settled: number
  /** Items past their deadline that only a human can decide. */
  readonly waiting: number
}

/**
 * What happens to the review list by itself: where words may be a no and nobody said otherwise in time, the no is
 * recorded (rule 7), and the words of what was decided long ago are forgotten. An item whose silence must not be taken
 * for a no stays, and is counted.
 */
export async function settleOverdueReviews(
  hub: Pick<Hub, 'db' | 'catalog' | 'clock' | 'random' | 'secrets'>,
): Promise<SettledReviews> {
  const overdue = await listOverdueReviewItems(hub.db, hub.clock(), itemsPerRoundMax)
  let settled = 0
  for (const { id } of overdue) {
    const isSettled = await transact(hub.db, async (tx) => {
      const item = await lockReviewItem(tx, id)
      if (item === undefined || item.decidedAt !== null || item.dueAt.getTime() > hub.clock()) return false
      const subjects = await listReviewSubjects(tx, id)
      await carryOut(tx, hub, { item, subjects, decision: 'deadline', actor: 'deadline' })
      return true
    })
    if (isSettled) settled += 1
  }
  await transact(hub.db, (tx) => forgetDecidedWords(tx, hub.clock() - reviewTextKeptMs, hub.clock()))
  const { overdue: waiting } = await countOpenReviewItems(hub.db, hub.clock())
  return { settled, waiting }
}
