import type { Queryable, Transaction } from './database.ts'

/** What a mail server said of one address. */
export type DeliveryFactRow = {
  readonly contactKey: string
  readonly id: string
  readonly outcome: 'hard' | 'soft' | 'delayed'
  readonly status: string | null
  readonly diagnostic: string | null
  readonly isVerified: boolean
  readonly heardAt: Date
}

const insertMany = {
  name: 'delivery-facts-insert',
  text: `insert into delivery_facts (contact_key, id, outcome, status, diagnostic, is_verified, heard_at)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::timestamptz[])
    on conflict (contact_key, id) do nothing`,
}

export async function insertDeliveryFacts(tx: Transaction, rows: readonly DeliveryFactRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.execute(insertMany, [
    rows.map((row) => row.contactKey),
    rows.map((row) => row.id),
    rows.map((row) => row.outcome),
    rows.map((row) => row.status),
    rows.map((row) => row.diagnostic),
    rows.map((row) => row.isVerified),
    rows.map((row) => row.heardAt),
  ])
}

/** What was heard of these addresses, newest first. */
export async function listDeliveryFacts(db: Queryable, contactKeys: readonly string[]): Promise<DeliveryFactRow[]> {
  const text = `select contact_key as "contactKey", id, outcome, status, diagnostic, is_verified as "isVerified",
      heard_at as "heardAt" from delivery_facts
    where contact_key = any($1::uuid[]) order by id desc limit 200`
  return db.query<DeliveryFactRow>({ name: 'delivery-facts-list', text }, [contactKeys])
}
