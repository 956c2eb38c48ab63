import type { Queryable, Transaction } from './database.ts'

export type OutboundMailRow = {
  readonly id: string
  readonly contactKey: string
  readonly kind: string
  readonly details: Readonly<Record<string, unknown>>
  readonly createdAt: Date
  readonly attempts: number
}

export type NewOutboundMail = Pick<OutboundMailRow, 'id' | 'contactKey' | 'kind' | 'details'> & {
  /** When it is to leave; at once where it is left out. */
  readonly dueAt?: number
}

const insertMany = {
  name: 'outbound-mails-insert',
  text: `insert into outbound_mails (id, contact_key, kind, details, created_at, next_attempt_at)
    select id, contact_key, kind, details, $2::timestamptz, coalesce(due_at, $2::timestamptz)
    from jsonb_to_recordset($1::jsonb) as new (id uuid, contact_key uuid, kind text, details jsonb, due_at timestamptz)
    on conflict (id) do nothing`,
}

export async function insertOutboundMails(
  tx: Transaction,
  mails: readonly NewOutboundMail[],
  now: number,
): Promise<void> {
  if (mails.length === 0) return
  const rows = mails.map(({ id, contactKey, kind, details, dueAt }) => ({
    id,
    contact_key: contactKey,
    kind,
    details,
    ...(dueAt !== undefined && { due_at: new Date(dueAt).toISOString() }),
  }))
  await tx.execute(insertMany, [JSON.stringify(rows), new Date(now)])
}

const leaseDue = `update outbound_mails set lease_until = $2, attempts = attempts + 1
  where id in (
    select id from outbound_mails
    where sent_at is null and failed_at is null and next_attempt_at <= $1 and (lease_until is null or lease_until <= $1)
    order by next_attempt_at limit $3 for update skip locked
  )
  returning id, contact_key as "contactKey", kind, details, created_at as "createdAt", attempts`

/** Takes up to `limit` due mails for this process until `leaseUntil`; who dies with them gives them back by the clock. */
export async function leaseOutboundMails(
  db: Queryable,
  now: number,
  leaseUntil: number,
  limit: number,
): Promise<OutboundMailRow[]> {
  return db.query<OutboundMailRow>(leaseDue, [new Date(now), new Date(leaseUntil), limit])
}

/** False when it had been sent already, by another process that took it over. */
export async function markSent(tx: Transaction, id: string, now: number): Promise<boolean> {
  const text = `update outbound_mails set sent_at = $2, lease_until = null, last_error = null, failed_at = null
    where id = $1 and sent_at is null`
  return (await tx.execute(text, [id, new Date(now)])) === 1
}

/** Tried again later. Whoever finished it meanwhile wins. */
export async function postponeMail(tx: Transaction, id: string, nextAttemptAt: number, error: string): Promise<void> {
  await tx.execute(
    `update outbound_mails set next_attempt_at = $2, lease_until = null, last_error = $3
     where id = $1 and sent_at is null and failed_at is null`,
    [id, new Date(nextAttemptAt), error],
  )
}

/** Not tried again. */
export async function markFailed(tx: Transaction, id: string, now: number, error: string): Promise<void> {
  await tx.execute(
    `update outbound_mails set failed_at = $2, lease_until = null, last_error = $3
     where id = $1 and sent_at is null and failed_at is null`,
    [id, new Date(now), error],
  )
}

/** Removes what was sent or given up before `keptSince`; the evidence of a sent mail stays. */
export async function deleteFinishedMails(tx: Transaction, keptSince: number): Promise<void> {
  await tx.execute('delete from outbound_mails where sent_at <= $1 or failed_at <= $1', [new Date(keptSince)])
}

export type MailQueueState = {
  readonly waiting: number
  readonly oldestWaitingAt: Date | null
  readonly failed: number
}

/** For the operator: how much waits, since when, and how much was given up. */
export async function readMailQueue(db: Queryable): Promise<MailQueueState> {
  const text = `select (count(*) filter (where sent_at is null and failed_at is null))::int as waiting,
      min(created_at) filter (where sent_at is null and failed_at is null) as "oldestWaitingAt",
      (count(*) filter (where failed_at is not null))::int as failed
    from outbound_mails`
  const [row] = await db.query<MailQueueState>(text)
  return row ?? { waiting: 0, oldestWaitingAt: null, failed: 0 }
}

export type FollowedMail = OutboundMailRow & {
  readonly sentAt: Date | null
  readonly failedAt: Date | null
  readonly lastError: string | null
}

/** What is still to be sent for these contact points, or was, newest first. */
export async function listOutboundMails(db: Queryable, contactKeys: readonly string[]): Promise<FollowedMail[]> {
  const text = `select id, contact_key as "contactKey", kind, details, created_at as "createdAt", attempts,
      sent_at as "sentAt", failed_at as "failedAt", last_error as "lastError" from outbound_mails
    where contact_key = any($1::uuid[]) order by id desc limit 200`
  return db.query<FollowedMail>(text, [contactKeys])
}

/** Not sent any more: who complained is not written to, whatever was owed to them before. */
export async function cancelAcknowledgements(
  tx: Transaction,
  contactKeys: readonly string[],
  now: number,
): Promise<number> {
  const text = `update outbound_mails set failed_at = $2, lease_until = null, last_error = 'complained'
    where contact_key = any($1::uuid[]) and kind in ('acknowledgement', 'leaving', 'pause_reminder') and sent_at is null and failed_at is null`
  return tx.execute(text, [contactKeys, new Date(now)])
}
