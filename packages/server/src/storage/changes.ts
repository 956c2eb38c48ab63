import { partitionOf, partitionsCount, type Standing } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

/** One step of the feed: the contact point's whole standing after it; null once it was erased. */
export type Change = {
  readonly partition: number
  readonly seq: bigint
  readonly contactKey: string
  readonly fingerprint: bigint
  readonly record: Standing | null
  readonly recordedAt: Date
}

const lockCounters = {
  name: 'partitions-lock',
  text: `with locked as (
      select partition, last_seq from partitions where partition = any($1::smallint[]) order by partition for update
    )
    select partition, coalesce(locked.last_seq, partitions.last_seq) as "lastSeq"
    from partitions left join locked using (partition)`,
}

const moveLocked = {
  name: 'partitions-move',
  text: `update partitions set last_seq = new.last_seq
    from unnest($1::smallint[], $2::bigint[]) as new (partition, last_seq)
    where partitions.partition = new.partition`,
}

/** The numbers given to a list of contact points, and where the whole feed stands after them. */
export type TakenSequence = { readonly numbers: readonly bigint[]; readonly last: readonly bigint[] }

/**
 * Gives each contact point key the next number of its partition. The counters stay locked until the commit, which is
 * what makes the order of numbers the order of commits; they are locked in order, last of all locks. Only the counters
 * that move are locked.
 */
export async function takeSequence(tx: Transaction, contactKeys: readonly string[]): Promise<TakenSequence> {
  const partitions = contactKeys.map(partitionOf)
  const touched = [...new Set(partitions)]
  const rows = await tx.query<{ partition: number; lastSeq: bigint }>(lockCounters, [touched])
  const last = Array.from({ length: partitionsCount }, () => 0n)
  for (const row of rows) last[row.partition] = row.lastSeq
  const numbers = partitions.map((partition) => {
    const seq = (last[partition] ?? 0n) + 1n
    last[partition] = seq
    return seq
  })
  return { numbers, last }
}

/** Moves the counters to where `takeSequence` left them. */
export async function moveCounters(
  tx: Transaction,
  contactKeys: readonly string[],
  taken: TakenSequence,
): Promise<void> {
  const touched = [...new Set(contactKeys.map(partitionOf))]
  await tx.execute(moveLocked, [touched, touched.map((partition) => taken.last[partition] ?? 0n)])
}

const readLast = {
  name: 'partitions-last',
  text: 'select array_agg(last_seq order by partition) as last from partitions',
}

/** The last number of every partition that is committed, or written by this transaction. */
export async function lastSequence(db: Queryable): Promise<bigint[]> {
  const rows = await db.query<{ last: (bigint | string)[] }>(readLast)
  return Array.from({ length: partitionsCount }, (_, partition) => BigInt(rows[0]?.last[partition] ?? 0n))
}

const readAfter = {
  name: 'changes-after',
  text: `select changes.partition, seq, contact_key as "contactKey", fingerprint, record, recorded_at as "recordedAt"
    from unnest($1::smallint[], $2::bigint[]) as known (partition, last)
    cross join lateral (
      select * from changes where changes.partition = known.partition and seq > known.last order by seq limit $3
    ) as changes
    order by changes.partition, seq`,
}

/** What came after the given number in each partition, at most `limit` of each. */
export async function changesAfter(
  db: Queryable,
  known: readonly { partition: number; last: bigint }[],
  limit: number,
): Promise<Change[]> {
  return db.query<Change>(readAfter, [known.map(({ partition }) => partition), known.map(({ last }) => last), limit])
}
