import type { Queryable } from './database.ts'

/** The mails of the hub itself: when one last left, and what could not leave yet. */
export type MailsOut = {
  /** Those that are due. */
  readonly waiting: number
  readonly sentAt: Date | null
  /** Of those that were tried and not taken, the oldest. */
  readonly retryingSince: Date | null
  readonly error: string | null
}

export async function readMailsOut(db: Queryable, now: number): Promise<MailsOut> {
  const open = 'sent_at is null and failed_at is null'
  const text = `select (count(*) filter (where ${open} and (next_attempt_at <= $1 or attempts > 0)))::int as waiting,
      max(sent_at) as "sentAt",
      min(created_at) filter (where ${open} and attempts > 0 and last_error is not null) as "retryingSince",
      max(last_error) filter (where ${open} and attempts > 0) as error
    from outbound_mails`
  const [row] = await db.query<MailsOut>(text, [new Date(now)])
  return row ?? { waiting: 0, sentAt: null, retryingSince: null, error: null }
}

/** When a mail last came home, by the listener or in the mailbox. */
export async function readLastMailHeardAt(db: Queryable): Promise<Date | undefined> {
  const [row] = await db.query<{ at: Date }>('select seen_at as at from seen_mails order by seen_at desc limit 1')
  return row?.at
}

/** When the relay last took or refused a mail. */
export async function readLastRelayedAt(db: Queryable): Promise<Date | undefined> {
  const text = 'select recorded_at as at from relayed_mails order by recorded_at desc limit 1'
  return (await db.query<{ at: Date }>(text))[0]?.at
}
