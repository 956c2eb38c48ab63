import { type Database, transact } from '../../storage/database.ts'
import { deleteSeenTextsBefore } from '../../storage/seen-texts.ts'

/** CM.com delivers an unanswered text every five minutes for up to a month; nobody tries longer. */
export const seenTextsKeptMs = 45 * 86_400_000

/** Forgets that texts were heard so long ago that they will not come again; returns how many. */
export function forgetSeenTexts(db: Database, now: number): Promise<number> {
  return transact(db, (tx) => deleteSeenTextsBefore(tx, now - seenTextsKeptMs))
}
