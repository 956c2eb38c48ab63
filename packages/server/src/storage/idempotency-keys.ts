import type { Queryable, Transaction } from './database.ts'

export type IdempotencyRow = {
  readonly key: string
  readonly requestHash: Buffer
  /** Null while the request is under way. */
  readonly status: number | null
  readonly response: string | null
  readonly createdAt: Date
  readonly leaseUntil: Date
}

const insertOne = {
  name: 'idempotency-insert',
  text: `insert into idempotency_keys (key, request_hash, created_at, lease_until) values ($1, $2, $3, $4)
    on conflict (key) do nothing`,
}

/** True for the first request with this key. */
export async function insertIdempotencyKey(
  db: Queryable,
  row: Pick<IdempotencyRow, 'key' | 'requestHash' | 'createdAt' | 'leaseUntil'>,
): Promise<boolean> {
  return (await db.execute(insertOne, [row.key, row.requestHash, row.createdAt, row.leaseUntil])) === 1
}

const findOne = {
  name: 'idempotency-find',
  text: `select key, request_hash as "requestHash", status, response, created_at as "createdAt", lease_until as "leaseUntil"
    from idempotency_keys where key = $1`,
}

export async function findIdempotencyKey(db: Queryable, key: string): Promise<IdempotencyRow | undefined> {
  const [row] = await db.query<IdempotencyRow>(findOne, [key])
  return row
}

const takeOver = {
  name: 'idempotency-take-over',
  text: `update idempotency_keys set lease_until = $2 where key = $1 and status is null and lease_until <= $3`,
}

/** Takes a request over whose process went away; of several that try, one gets true. */
export async function takeOverIdempotencyKey(
  db: Queryable,
  key: string,
  leaseUntil: number,
  now: number,
): Promise<boolean> {
  return (await db.execute(takeOver, [key, new Date(leaseUntil), new Date(now)])) === 1
}

const storeAnswer = {
  name: 'idempotency-answer',
  text: 'update idempotency_keys set status = $2, response = $3, lease_until = created_at where key = $1',
}

export async function storeIdempotentAnswer(
  db: Queryable,
  key: string,
  status: number,
  response: string,
): Promise<void> {
  await db.execute(storeAnswer, [key, status, response])
}

/** Ends the lease, so that the next request with this key may do it again, with the same ids. */
export async function endIdempotencyLease(db: Queryable, key: string, now: number): Promise<void> {
  await db.execute('update idempotency_keys set lease_until = $2 where key = $1 and status is null', [
    key,
    new Date(now),
  ])
}

/** Forgets a key whose request was refused: a corrected request may use it. */
export async function deleteIdempotencyKey(db: Queryable, key: string): Promise<void> {
  await db.execute('delete from idempotency_keys where key = $1 and status is null', [key])
}

/** Deletes keys first seen before a moment; returns how many. */
export async function deleteIdempotencyKeysBefore(tx: Transaction, before: number): Promise<number> {
  return tx.execute('delete from idempotency_keys where created_at < $1', [new Date(before)])
}
