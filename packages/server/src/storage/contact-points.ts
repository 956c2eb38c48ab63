import type { ContactPointType } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

export type ContactPointRow = {
  readonly key: string
  readonly type: ContactPointType
  /** Null once erased. */
  readonly value: string | null
  readonly confirmedAt: Date | null
}

const insertMissing = {
  name: 'contact-points-insert',
  text: `insert into contact_points (key, type, value, created_at)
    select *, $4::timestamptz from unnest($1::uuid[], $2::text[], $3::text[])
    on conflict (key) do nothing`,
}

const fillValues = {
  name: 'contact-points-fill-values',
  text: `update contact_points set value = new.value, erased_at = null
    from unnest($1::uuid[], $2::text[]) as new (key, value)
    where contact_points.key = new.key and contact_points.value is null and new.value is not null`,
}

/**
 * Adds the ones not known yet, and gives an erased one its value back when the organisation brings it in again.
 * Those that are known stay as they are, and unlocked.
 */
export async function insertContactPoints(
  tx: Transaction,
  rows: readonly { key: string; type: ContactPointType; value: string | null }[],
  now: number,
): Promise<void> {
  const keys = rows.map((row) => row.key)
  const values = rows.map((row) => row.value)
  const inserted = await tx.execute(insertMissing, [keys, rows.map((row) => row.type), values, new Date(now)])
  if (inserted < rows.length) await tx.execute(fillValues, [keys, values])
}

const findByKeys = {
  name: 'contact-points-find',
  text: 'select key, type, value, confirmed_at as "confirmedAt" from contact_points where key = any($1::uuid[])',
}

export async function findContactPoints(db: Queryable, keys: readonly string[]): Promise<Map<string, ContactPointRow>> {
  const rows = await db.query<ContactPointRow>(findByKeys, [keys])
  return new Map(rows.map((row) => [row.key, row]))
}

export async function markConfirmed(tx: Transaction, key: string, now: number): Promise<void> {
  await tx.execute('update contact_points set confirmed_at = $2 where key = $1', [key, new Date(now)])
}

/** Forgets the values; the keys, which keep the noes, stay. */
export async function eraseContactPoints(tx: Transaction, keys: readonly string[], now: number): Promise<void> {
  await tx.execute(
    'update contact_points set value = null, confirmed_at = null, erased_at = $2 where key = any($1::uuid[])',
    [keys, new Date(now)],
  )
}

export async function deleteContactPoints(tx: Transaction, keys: readonly string[]): Promise<void> {
  await tx.execute('delete from contact_points where key = any($1::uuid[])', [keys])
}
