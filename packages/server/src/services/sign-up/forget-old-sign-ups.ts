import { deleteMessageCountsBefore } from '../../storage/contact-message-counts.ts'
import { type Database, transact } from '../../storage/database.ts'
import { deleteOptOutNoticesBefore } from '../../storage/opt-out-notices.ts'
import { sweepSignUps } from '../../storage/sign-ups.ts'

const dayMs = 86_400_000
/** Long enough to tell somebody why their sign-up came to nothing. */
const unansweredKeptMs = 30 * dayMs
/** A count is of one day; the second one is for a clock that is behind. */
const countsKeptMs = 2 * dayMs

/** An address nobody confirmed is forgotten when its time is over; what was asked and the notices, a month later. */
export function forgetOldSignUps(db: Database, now: number): Promise<void> {
  return transact(db, async (tx) => {
    await sweepSignUps(tx, now, now - unansweredKeptMs)
    await deleteOptOutNoticesBefore(tx, now - unansweredKeptMs)
    await deleteMessageCountsBefore(tx, now - countsKeptMs)
  })
}
