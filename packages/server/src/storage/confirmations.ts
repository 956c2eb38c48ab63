import type { Queryable, Transaction } from './database.ts'

/** An act that waits for the person to say yes by mail. */
export type ConfirmationRow = {
  readonly subjectKey: string
  readonly id: string
  readonly kind: string
  readonly details: Readonly<Record<string, unknown>>
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly confirmedAt: Date | null
}

export type NewConfirmation = Pick<
  ConfirmationRow,
  'subjectKey' | 'id' | 'kind' | 'details' | 'createdAt' | 'expiresAt'
>

const columns = `subject_key as "subjectKey", id, kind, details, created_at as "createdAt", expires_at as "expiresAt",
  confirmed_at as "confirmedAt"`

export async function insertConfirmation(tx: Transaction, row: NewConfirmation): Promise<void> {
  await tx.execute(
    `insert into confirmations (subject_key, id, kind, details, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (subject_key, id) do nothing`,
    [row.subjectKey, row.id, row.kind, JSON.stringify(row.details), row.createdAt, row.expiresAt],
  )
}

export async function findConfirmation(
  db: Queryable,
  subjectKey: string,
  id: string,
): Promise<ConfirmationRow | undefined> {
  const text = `select ${columns} from confirmations where subject_key = $1 and id = $2`
  return (await db.query<ConfirmationRow>(text, [subjectKey, id]))[0]
}

/** The same, held until the transaction ends: of two who confirm at once, the second sees what the first did. */
export async function lockConfirmation(
  tx: Transaction,
  subjectKey: string,
  id: string,
): Promise<ConfirmationRow | undefined> {
  const text = `select ${columns} from confirmations where subject_key = $1 and id = $2 for update`
  return (await tx.query<ConfirmationRow>(text, [subjectKey, id]))[0]
}

/** How many this subject asked for since then and did not confirm. */
export async function countRecentConfirmations(tx: Transaction, subjectKey: string, since: number): Promise<number> {
  const text = `select count(*)::int as count from confirmations
    where subject_key = $1 and created_at > $2 and confirmed_at is null`
  return (await tx.query<{ count: number }>(text, [subjectKey, new Date(since)]))[0]?.count ?? 0
}

/** What these subjects asked for and can still confirm, oldest first. */
export async function listOpenConfirmations(
  db: Queryable,
  subjectKeys: readonly string[],
  now: number,
): Promise<ConfirmationRow[]> {
  const text = `select ${columns} from confirmations
    where subject_key = any($1::uuid[]) and confirmed_at is null and expires_at > $2 order by id`
  return db.query<ConfirmationRow>(text, [subjectKeys, new Date(now)])
}

export async function markConfirmationDone(
  tx: Transaction,
  subjectKey: string,
  id: string,
  now: number,
): Promise<void> {
  await tx.execute('update confirmations set confirmed_at = $3 where subject_key = $1 and id = $2', [
    subjectKey,
    id,
    new Date(now),
  ])
}

/** Taken back by who asked: it can no longer be confirmed and keeps no address. False when it was not waiting. */
export async function cancelConfirmation(
  tx: Transaction,
  subjectKey: string,
  id: string,
  now: number,
): Promise<boolean> {
  const text = `update confirmations set details = jsonb_build_object('origin', details->'origin'), expires_at = $3
    where subject_key = $1 and id = $2 and confirmed_at is null and expires_at > $3`
  return (await tx.execute(text, [subjectKey, id, new Date(now)])) === 1
}

/** After an erasure: no address stays, nothing open can be confirmed, and what was done can still be told. */
export async function forgetConfirmations(tx: Transaction, subjectKeys: readonly string[], now: number): Promise<void> {
  await tx.execute(
    `update confirmations set details = jsonb_build_object('origin', details->'origin'),
       expires_at = least(expires_at, $2::timestamptz)
     where subject_key = any($1::uuid[])`,
    [subjectKeys, new Date(now)],
  )
}

/** An address nobody confirmed was perhaps never the asker's: it is forgotten when its time is over, the row later. */
export async function sweepConfirmations(tx: Transaction, now: number, keptSince: number): Promise<void> {
  await tx.execute(
    `update confirmations set details = jsonb_build_object('origin', details->'origin')
     where expires_at <= $1 and details->>'value' is not null`,
    [new Date(now)],
  )
  await tx.execute('delete from confirmations where expires_at <= $1', [new Date(keptSince)])
}
