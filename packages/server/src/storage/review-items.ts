import type { Queryable, Transaction } from './database.ts'

/** Something a human has to read and decide before its deadline. */
export type ReviewItemRow = {
  readonly id: string
  readonly contactKey: string | null
  readonly kind: string
  readonly reason: string
  /** Null once erased. */
  readonly excerpt: string | null
  readonly sender: string | null
  readonly mailHash: Buffer
  readonly arrivedAt: Date
  readonly dueAt: Date
}

export async function insertReviewItem(tx: Transaction, row: ReviewItemRow): Promise<void> {
  const text = `insert into review_items (id, contact_key, kind, reason, excerpt, sender, mail_hash, arrived_at, due_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing`
  const { id, contactKey, kind, reason, excerpt, sender, mailHash, arrivedAt, dueAt } = row
  await tx.execute(text, [id, contactKey, kind, reason, excerpt, sender, mailHash, arrivedAt, dueAt])
}

/** What still waits, the most urgent first. */
export async function listOpenReviewItems(db: Queryable, limit: number): Promise<ReviewItemRow[]> {
  const text = `select id, contact_key as "contactKey", kind, reason, excerpt, sender, mail_hash as "mailHash",
      arrived_at as "arrivedAt", due_at as "dueAt" from review_items
    where decided_at is null order by due_at, id limit $1`
  return db.query<ReviewItemRow>(text, [limit])
}

/** False when it had been decided already. */
export async function markReviewDecided(tx: Transaction, id: string, now: number): Promise<boolean> {
  const text = 'update review_items set decided_at = $2 where id = $1 and decided_at is null'
  return (await tx.execute(text, [id, new Date(now)])) === 1
}

/** After an erasure: nobody's words or address stay; that something waited, and until when, does. */
export async function forgetReviewItems(tx: Transaction, contactKeys: readonly string[]): Promise<void> {
  await tx.execute('update review_items set excerpt = null, sender = null where contact_key = any($1::uuid[])', [
    contactKeys,
  ])
}
