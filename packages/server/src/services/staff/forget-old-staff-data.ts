import { transact } from '../../storage/database.ts'
import { deleteOldLiftProposals } from '../../storage/lift-proposals.ts'
import { deleteOldStaffSessions } from '../../storage/staff-sessions.ts'
import type { Hub } from '../hub.ts'
import { proposalValidityMs } from './four-eyes.ts'

/** Long enough to see in the list of accounts who has not been here for a season; the evidence says the rest. */
export const sessionsKeptMs = 90 * 86_400_000

/** Removes sessions that ended long ago, and the words of proposals that nobody decided in time. */
export function forgetOldStaffData(hub: Pick<Hub, 'db' | 'clock'>): Promise<void> {
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    await deleteOldStaffSessions(tx, now - sessionsKeptMs)
    await deleteOldLiftProposals(tx, now - proposalValidityMs)
  })
}
