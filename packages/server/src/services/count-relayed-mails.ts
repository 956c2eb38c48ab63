import type { Queryable } from '../storage/database.ts'
import { countRelayedMails, type RelayedMailCount, type RelayedMailFilter } from '../storage/relayed-mails.ts'

export type RelayCounts = {
  readonly counts: readonly RelayedMailCount[]
  readonly total: {
    readonly sent: number
    readonly dropped: number
    readonly failed: number
    /** Of the sent, how many carried their ways out in the header alone. */
    readonly headersOnly: number
  }
}

/**
 * What became of the mails handed to the relay, in all and by brand, topic, campaign and reason. What was refused with
 * 550 is not among them: its sender has it back.
 */
export async function readRelayCounts(db: Queryable, filter: RelayedMailFilter): Promise<RelayCounts> {
  const counts = await countRelayedMails(db, filter)
  const sum = (outcome: RelayedMailCount['outcome'], of: 'count' | 'headersOnly' = 'count') =>
    counts.filter((one) => one.outcome === outcome).reduce((total, one) => total + one[of], 0)
  return {
    counts,
    total: {
      sent: sum('sent'),
      dropped: sum('dropped'),
      failed: sum('failed'),
      headersOnly: sum('sent', 'headersOnly'),
    },
  }
}
