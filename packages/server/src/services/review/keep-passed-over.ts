import type { Transaction } from '../../storage/database.ts'
import { decidedByReader, markReviewDecided } from '../../storage/review-items.ts'
import type { Hub } from '../hub.ts'
import { insertWords, type WordsToReview } from './open-review.ts'

/**
 * Keeps an answer that was recognised as no no, for as long as the words of anything decided are kept: nothing waits for
 * it, and who finds that it was one after all takes the reader's decision back and decides it (undo.ts, decide.ts).
 */
export async function keepPassedOver(
  tx: Transaction,
  hub: Pick<Hub, 'catalog' | 'clock' | 'random'>,
  words: WordsToReview,
): Promise<void> {
  if (words.text.trim() === '') return
  const now = hub.clock()
  const { id } = await insertWords(tx, hub, words, now)
  const decision = { decision: 'not_a_no' as const, scope: null, by: decidedByReader, note: null, recorded: [] }
  await markReviewDecided(tx, id, decision, now)
}
