import { type Database, transact } from '../storage/database.ts'
import { deleteSeenMailsBefore } from '../storage/seen-mails.ts'

/** Six times as long as mail servers try (RFC 5321 §4.5.4.1: four to five days): a mail delivered again comes within it. */
export const seenMailsKeptMs = 30 * 86_400_000

/** Forgets that mails were heard so long ago that they will not come again; returns how many. */
export function forgetSeenMails(db: Database, now: number): Promise<number> {
  return transact(db, (tx) => deleteSeenMailsBefore(tx, now - seenMailsKeptMs))
}
