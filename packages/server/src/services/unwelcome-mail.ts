import { deliveryBlockOn } from '@verzet/core'
import { listChoices } from '../storage/choices.ts'
import type { Queryable } from '../storage/database.ts'
import type { OutboundMailRow } from '../storage/outbound-mails.ts'
import { findStandings } from '../storage/standings.ts'

/** What the hub says of its own accord. A confirmation is asked for by the one who reads it, and is sent all the same. */
const unasked: ReadonlySet<string> = new Set(['acknowledgement', 'leaving', 'pause_reminder', 'opt_out_notice'])

export type UnwelcomeReason = 'undeliverable' | 'complained'

/**
 * Why a mail of the hub is better not sent: nobody is at that address, or its reader complained about mail from here
 * and has asked for none since. Undefined where it may go. An address that only fails for a time is tried.
 */
export async function whyUnwelcome(
  db: Queryable,
  { kind, contactKey }: Pick<OutboundMailRow, 'kind' | 'contactKey'>,
  now: number,
): Promise<UnwelcomeReason | undefined> {
  if (!unasked.has(kind)) return undefined
  const standing = (await findStandings(db, [contactKey])).get(contactKey)?.record
  const block = standing && deliveryBlockOn(standing, 'email', now)
  if (block !== undefined && block.until === undefined) return 'undeliverable'
  return (await hasComplained(db, contactKey)) ? 'complained' : undefined
}

async function hasComplained(db: Queryable, contactKey: string): Promise<boolean> {
  const said = (await listChoices(db, [contactKey])).filter(({ withdrawnAt }) => withdrawnAt === null)
  const complained = said.filter(({ context }) => context.signal === 'complaint').map((choice) => choice.recordedAt)
  const lastAt = Math.max(...complained)
  return complained.length > 0 && !said.some(({ kind, recordedAt }) => kind === 'consent' && recordedAt > lastAt)
}
