import type { Queryable, Transaction } from './database.ts'

/** The snapshot of an outside list that is in force. */
export type RegisterRow = {
  readonly id: string
  readonly takenAt: Date
  readonly entries: bigint
  readonly inForceAt: Date
}

const listAll = {
  name: 'registers-list',
  text: 'select id, taken_at as "takenAt", entries, in_force_at as "inForceAt" from registers order by id',
}

export async function listRegisters(db: Queryable): Promise<RegisterRow[]> {
  return db.query<RegisterRow>(listAll)
}

export type SnapshotRow = { readonly file: string; readonly inForceAt: Date | null }

/** Notes that a snapshot is being read; returns the one of that moment, which may be of another file. */
export async function openSnapshot(
  tx: Transaction,
  snapshot: { readonly register: string; readonly takenAt: Date; readonly file: string },
  now: number,
): Promise<SnapshotRow> {
  const { register, takenAt, file } = snapshot
  await tx.execute(
    `insert into register_snapshots (register, taken_at, file, started_at) values ($1, $2, $3, $4)
     on conflict (register, taken_at) do nothing`,
    [register, takenAt, file, new Date(now)],
  )
  const [row] = await tx.query<SnapshotRow>(
    'select file, in_force_at as "inForceAt" from register_snapshots where register = $1 and taken_at = $2',
    [register, takenAt],
  )
  if (row === undefined) throw new Error('a snapshot was not kept')
  return row
}

const markMany = {
  name: 'register-listings-mark',
  text: `insert into register_listings (contact_key, register, taken_at)
    select key, $2, $3::timestamptz from unnest($1::uuid[]) as named (key)
    on conflict (contact_key, register) do update
      set taken_at = greatest(register_listings.taken_at, excluded.taken_at)`,
}

/** Keys sorted and each once. A newer snapshot that is being read at the same time keeps its marks. */
export async function markListed(
  tx: Transaction,
  register: string,
  takenAt: Date,
  sortedKeys: readonly string[],
): Promise<void> {
  await tx.execute(markMany, [sortedKeys, register, takenAt])
}

export async function countListed(db: Queryable, register: string, takenAt: Date): Promise<bigint> {
  const [row] = await db.query<{ entries: bigint }>(
    'select count(*) as entries from register_listings where register = $1 and taken_at = $2',
    [register, takenAt],
  )
  return row?.entries ?? 0n
}

/** A newer snapshot that is in force already stays. */
export async function putInForce(
  tx: Transaction,
  register: string,
  takenAt: Date,
  entries: bigint,
  now: number,
): Promise<void> {
  await tx.execute(
    `insert into registers (id, taken_at, entries, in_force_at) values ($1, $2, $3, $4)
     on conflict (id) do update set taken_at = excluded.taken_at, entries = excluded.entries,
       in_force_at = excluded.in_force_at where registers.taken_at <= excluded.taken_at`,
    [register, takenAt, String(entries), new Date(now)],
  )
  await tx.execute('update register_snapshots set in_force_at = $3 where register = $1 and taken_at = $2', [
    register,
    takenAt,
    new Date(now),
  ])
}

const lockOutdated = {
  name: 'register-listings-lock-outdated',
  text: `select contact_key as "contactKey" from register_listings where register = $1 and taken_at < $2
    order by contact_key limit $3 for update`,
}

/** Some of those that no snapshot since then names, held so that one that is being read cannot name them meanwhile. */
export async function lockOutdatedListings(
  tx: Transaction,
  register: string,
  before: Date,
  limit: number,
): Promise<string[]> {
  const rows = await tx.query<{ contactKey: string }>(lockOutdated, [register, before, limit])
  return rows.map((row) => row.contactKey)
}

export async function deleteListings(tx: Transaction, register: string, keys: readonly string[]): Promise<void> {
  await tx.execute('delete from register_listings where register = $1 and contact_key = any($2::uuid[])', [
    register,
    keys,
  ])
}
