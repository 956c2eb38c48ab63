import type { Queryable, Transaction } from './database.ts'

export type NewOutboundText = {
  readonly id: string
  readonly contactKey: string
  readonly kind: string
  readonly details: Readonly<Record<string, unknown>>
}

export type OutboundTextRow = NewOutboundText & {
  readonly createdAt: Date
  readonly attempts: number
  readonly sentAt: Date | null
  readonly failedAt: Date | null
  readonly lastError: string | null
}

const insertMany = {
  name: 'outbound-texts-insert',
  text: `insert into outbound_texts (id, contact_key, kind, details, created_at, next_attempt_at)
    select id, contact_key, kind, details, $2::timestamptz, $2::timestamptz
    from jsonb_to_recordset($1::jsonb) as new (id uuid, contact_key uuid, kind text, details jsonb)
    on conflict (id) do nothing`,
}

/** Owes texts; owing the same one (its id) twice is owing it once. */
export async function insertOutboundTexts(
  tx: Transaction,
  texts: readonly NewOutboundText[],
  now: number,
): Promise<void> {
  if (texts.length === 0) return
  const rows = texts.map(({ id, contactKey, kind, details }) => ({ id, contact_key: contactKey, kind, details }))
  await tx.execute(insertMany, [JSON.stringify(rows), new Date(now)])
}

/** What is owed to these contact points or was sent, oldest first. */
export async function listOutboundTexts(db: Queryable, contactKeys: readonly string[]): Promise<OutboundTextRow[]> {
  const text = `select id, contact_key as "contactKey", kind, details, created_at as "createdAt", attempts,
      sent_at as "sentAt", failed_at as "failedAt", last_error as "lastError" from outbound_texts where contact_key = any($1::uuid[]) order by id limit 200`
  return db.query<OutboundTextRow>(text, [contactKeys])
}

const leaseDue = `update outbound_texts set lease_until = $2, attempts = attempts + 1
  where id in (
    select id from outbound_texts
    where sent_at is null and failed_at is null and next_attempt_at <= $1 and (lease_until is null or lease_until <= $1)
    order by next_attempt_at limit $3 for update skip locked
  )
  returning id, contact_key as "contactKey", kind, details, created_at as "createdAt", attempts`

export type LeasedText = Omit<OutboundTextRow, 'sentAt' | 'failedAt' | 'lastError'>

/** Takes up to `limit` due texts for this process until `leaseUntil`; who dies with them gives them back by the clock. */
export async function leaseOutboundTexts(
  db: Queryable,
  now: number,
  leaseUntil: number,
  limit: number,
): Promise<LeasedText[]> {
  return db.query<LeasedText>(leaseDue, [new Date(now), new Date(leaseUntil), limit])
}

/** False when it had been sent already, by another process that took it over. */
export async function markTextSent(tx: Transaction, id: string, now: number): Promise<boolean> {
  const text = `update outbound_texts set sent_at = $2, lease_until = null, last_error = null, failed_at = null
    where id = $1 and sent_at is null`
  return (await tx.execute(text, [id, new Date(now)])) === 1
}

/** Tried again later. Whoever finished it meanwhile wins. */
export async function postponeText(tx: Transaction, id: string, nextAttemptAt: number, error: string): Promise<void> {
  await tx.execute(
    `update outbound_texts set next_attempt_at = $2, lease_until = null, last_error = $3
     where id = $1 and sent_at is null and failed_at is null`,
    [id, new Date(nextAttemptAt), error],
  )
}

/** Not tried again. */
export async function markTextFailed(tx: Transaction, id: string, now: number, error: string): Promise<void> {
  await tx.execute(
    `update outbound_texts set failed_at = $2, lease_until = null, last_error = $3
     where id = $1 and sent_at is null and failed_at is null`,
    [id, new Date(now), error],
  )
}

/** Writes what a text is about anew: what was only needed to send it is kept no longer than that. */
export async function saveTextDetails(
  tx: Transaction,
  id: string,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.execute('update outbound_texts set details = $2::jsonb where id = $1', [id, JSON.stringify(details)])
}

/** Removes what was sent or given up before `keptSince`; the evidence of a sent text stays. */
export async function deleteFinishedTexts(tx: Transaction, keptSince: number): Promise<void> {
  await tx.execute('delete from outbound_texts where sent_at <= $1 or failed_at <= $1', [new Date(keptSince)])
}
