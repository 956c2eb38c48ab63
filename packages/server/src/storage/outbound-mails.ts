import type { Queryable, Transaction } from './database.ts'

export type OutboundMailRow = {
  readonly id: string
  readonly contactKey: string
  readonly kind: string
  readonly details: Readonly<Record<string, unknown>>
  readonly createdAt: Date
  readonly attempts: number
}

export type NewOutboundMail = Pick<OutboundMailRow, 'id' | 'contactKey' | 'kind' | 'details'>

const insertMany = {
  name: 'outbound-mails-insert',
  text: `insert into outbound_mails (id, contact_key, kind, details, created_at, next_attempt_at)
    select *, $5::timestamptz, $5::timestamptz from unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[])
    on conflict (id) do nothing`,
}

export async function insertOutboundMails(tx: Transaction, mails: readonly NewOutboundMail[], now: number): Promise<void> {
  if (mails.length === 0) return
  await tx.execute(insertMany, [
    mails.map((mail) => mail.id),
    mails.map((mail) => mail.contactKey),
    mails.map((mail) => mail.kind),
    mails.map((mail) => JSON.stringify(mail.details)),
    new Date(now),
  ])
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

export async function markSent(tx: Transaction, id: string, now: number): Promise<void> {
  await tx.execute('update outbound_mails set sent_at = $2, lease_until = null, last_error = null where id = $1', [
    id,
    new Date(now),
  ])
}

export async function postponeMail(db: Queryable, id: string, nextAttemptAt: number, error: string): Promise<void> {
  await db.execute('update outbound_mails set next_attempt_at = $2, lease_until = null, last_error = $3 where id = $1', [
    id,
    new Date(nextAttemptAt),
    error,
  ])
}

export async function markFailed(db: Queryable, id: string, now: number, error: string): Promise<void> {
  await db.execute('update outbound_mails set failed_at = $2, lease_until = null, last_error = $3 where id = $1', [
    id,
    new Date(now),
    error,
  ])
}

/** What is still to be sent for this contact point, or was, newest first. */
export async function listOutboundMails(
  db: Queryable,
  contactKeys: readonly string[],
): Promise<(OutboundMailRow & { sentAt: Date | null; failedAt: Date | null })[]> {
  const text = `select id, contact_key as "contactKey", kind, details, created_at as "createdAt", attempts,
      sent_at as "sentAt", failed_at as "failedAt" from outbound_mails
    where contact_key = any($1::uuid[]) order by id desc limit 200`
  return db.query(text, [contactKeys])
}
