import { sendsKeptMs } from '@verzet/core'
import { type Database, transact } from '../storage/database.ts'
import { deleteRelayedMailsBefore } from '../storage/relayed-mails.ts'
import { deleteSendsBefore } from '../storage/sends.ts'

const dayMs = 86_400_000

/**
 * A year and a month: this year's campaign can be held against the same one of last year, and whoever asks why a mail
 * did or did not come asks within it. The noes themselves and their evidence are kept apart from these.
 */
export const relayedMailsKeptMs = 396 * dayMs

/** A day more than the longest cadence looks back, so that a clock that was set lets nobody be written to too often. */
export const countedSendsKeptMs = sendsKeptMs + dayMs

/** Forgets mails that were passed on so long ago, and counts no cadence can depend on any more; returns how many. */
export async function forgetRelayedMails(db: Database, now: number): Promise<number> {
  const mails = await transact(db, (tx) => deleteRelayedMailsBefore(tx, now - relayedMailsKeptMs))
  const sends = await transact(db, (tx) => deleteSendsBefore(tx, now - countedSendsKeptMs))
  return mails + sends
}
