import { type ContactPointType, partitionOf, type Standing } from '@verzet/core'
import type { Change } from './changes.ts'
import type { Queryable, Transaction } from './database.ts'

/** Whose standing it is: a contact point's, or that of a campaign while it is or was held. */
export type StandingType = ContactPointType | 'campaign'

/** A contact point's standing as stored, without the sends a cadence needs. */
export type StandingRow = {
  readonly contactKey: string
  readonly type: StandingType
  readonly fingerprint: bigint
  readonly seq: bigint
  readonly record: Standing
}

export type NewStanding = {
  readonly contactKey: string
  readonly type: StandingType
  readonly fingerprint: bigint
  readonly record?: Standing
}

const columns = 'contact_key as "contactKey", type, fingerprint, seq, record'

const findByKeys = {
  name: 'standings-find',
  text: `select ${columns} from standings where contact_key = any($1::uuid[])`,
}

export async function findStandings(db: Queryable, keys: readonly string[]): Promise<Map<string, StandingRow>> {
  const rows = await db.query<StandingRow>(findByKeys, [keys])
  return new Map(rows.map((row) => [row.contactKey, row]))
}

const findWithPosition = {
  name: 'standings-find-with-position',
  text: `select feed.last, standings.contact_key as "contactKey", standings.type, standings.fingerprint,
      standings.seq, standings.record
    from (select array_agg(last_seq order by partition)::text as last from partitions) as feed
    left join standings on standings.contact_key = any($1::uuid[])`,
}

/** Standings and the place in the feed they stand at, from one look: neither is newer than the other. */
export async function findStandingsWithPosition(
  db: Queryable,
  keys: readonly string[],
): Promise<{ last: readonly bigint[]; rows: Map<string, StandingRow> }> {
  type Found = { last: string } & ({ contactKey: null } | StandingRow)
  const found = await db.query<Found>(findWithPosition, [keys])
  const rows = new Map<string, StandingRow>()
  for (const row of found) if (row.contactKey !== null) rows.set(row.contactKey, row)
  // The position comes with every row and is read from one.
  return { last: readLast(found[0]?.last), rows }
}

const lockByKeys = {
  name: 'standings-lock',
  text: `select ${columns} from standings where contact_key = any($1::uuid[]) order by contact_key for no key update`,
}

/** Locks in key order, so that two writers never wait for each other in a circle, and reads what the last one left. */
export async function lockStandings(tx: Transaction, keys: readonly string[]): Promise<Map<string, StandingRow>> {
  const rows = await tx.query<StandingRow>(lockByKeys, [keys])
  return new Map(rows.map((row) => [row.contactKey, row]))
}

const insertMissing = {
  name: 'standings-insert',
  text: `insert into standings (contact_key, type, fingerprint, record)
    select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::jsonb[])
    on conflict (contact_key) do nothing`,
}

const fillFingerprints = {
  name: 'standings-fill-fingerprints',
  text: `update standings set fingerprint = new.fingerprint
    from unnest($1::uuid[], $2::bigint[]) as new (contact_key, fingerprint)
    where standings.contact_key = new.contact_key and standings.fingerprint = 0
    returning standings.contact_key as "contactKey", standings.type, standings.fingerprint, standings.seq, standings.record`,
}

/**
 * Adds empty standings for contact points that have none; the others stay as they are and unlocked, but for a
 * fingerprint of 0: that one was known by its key alone, and gets its own now. Returns those of them that the feed has
 * told of: gates go by fingerprint and have not heard of them, until they are written once more.
 */
export async function insertStandings(tx: Transaction, rows: readonly NewStanding[]): Promise<StandingRow[]> {
  const keys = rows.map((row) => row.contactKey)
  const fingerprints = rows.map((row) => row.fingerprint)
  const inserted = await tx.execute(insertMissing, [
    keys,
    rows.map((row) => row.type),
    fingerprints,
    rows.map((row) => JSON.stringify(row.record ?? { groups: [] })),
  ])
  if (inserted === rows.length) return []
  const filled = await tx.query<StandingRow>(fillFingerprints, [keys, fingerprints])
  return filled.filter(({ seq }) => seq > 0n)
}

export type StandingUpdate = {
  readonly contactKey: string
  readonly record: Standing
  readonly fingerprint: bigint
}

const writeMany = {
  name: 'standings-write',
  text: `with new as materialized (
      select * from jsonb_to_recordset($1::jsonb) as new (
        place int, contact_key uuid, partition smallint, fingerprint bigint, record jsonb
      )
    ), counters as materialized (
      select partition, last_seq from partitions where partition in (select partition from new)
      order by partition for update
    ), numbered as materialized (
      select new.*, last_seq + row_number() over (partition by partition order by place) as seq
      from new join counters using (partition)
    ), reached as materialized (
      select partition, max(seq) as last_seq from numbered group by partition
    ), moved as (
      update partitions set last_seq = reached.last_seq from reached where partitions.partition = reached.partition
    ), updated as (
      update standings set record = numbered.record, seq = numbered.seq
      from numbered where standings.contact_key = numbered.contact_key
    ), told as (
      insert into changes (partition, seq, contact_key, fingerprint, record, recorded_at)
      select partition, seq, contact_key, fingerprint, record, $2::timestamptz from numbered
    )
    select array_agg(coalesce(reached.last_seq, partitions.last_seq) order by partition)::text as last
    from partitions left join reached using (partition)`,
}

/**
 * Rewrites standings and tells the feed, in one statement: neither happens without the other. Each change gets the next
 * number of its partition. The counters stay locked until the commit, which is what makes the order of numbers the order
 * of commits; they are locked in order and last of all locks, so let this be the last statement before the commit.
 * The rows travel as one JSON text, which is several times cheaper to write and to read than arrays of quoted JSON.
 * Returns where the whole feed stands after it.
 */
export async function writeStandings(
  tx: Transaction,
  updates: readonly StandingUpdate[],
  recordedAt: number,
): Promise<bigint[]> {
  const rows = updates.map((update, place) => ({
    place,
    contact_key: update.contactKey,
    partition: partitionOf(update.contactKey),
    fingerprint: String(update.fingerprint),
    record: update.record,
  }))
  const [row] = await tx.query<{ last: string }>(writeMany, [JSON.stringify(rows), new Date(recordedAt)])
  return readLast(row?.last)
}

/** What `writeStandings` told the feed of these, in their order, as the feed has it: the numbers end at `last`. */
export function changesWritten(
  updates: readonly StandingUpdate[],
  last: readonly bigint[],
  recordedAt: number,
): Change[] {
  const ends = [...last]
  return updates
    .map(({ contactKey, fingerprint, record }) => ({
      contactKey,
      fingerprint,
      record,
      partition: partitionOf(contactKey),
    }))
    .reverse()
    .map((update) => {
      const seq = ends[update.partition] ?? 0n
      ends[update.partition] = seq - 1n
      return { ...update, seq, recordedAt: new Date(recordedAt) }
    })
    .reverse()
}

/** `{1,2,…}`, one number a partition: an array of bigint as text, which the driver would read far slower. */
function readLast(text = '{}'): bigint[] {
  return text.slice(1, -1).split(',').map(BigInt)
}

export async function deleteStandings(tx: Transaction, keys: readonly string[]): Promise<void> {
  await tx.execute('delete from standings where contact_key = any($1::uuid[])', [keys])
}

const page = {
  name: 'standings-page',
  text: `select ${columns} from standings where contact_key > $1 order by contact_key limit $2`,
}

/** One page of every standing in key order, for the snapshot that opens a feed. */
export async function pageStandings(db: Queryable, afterKey: string, limit: number): Promise<StandingRow[]> {
  return db.query<StandingRow>(page, [afterKey, limit])
}

/** Who is known by their key alone: the few whom a link named after the hub had lost sight of them. */
export async function keysWithoutFingerprint(db: Queryable): Promise<string[]> {
  const text = 'select contact_key as "contactKey" from standings where fingerprint = 0'
  return (await db.query<{ contactKey: string }>(text)).map(({ contactKey }) => contactKey)
}

const count = {
  name: 'standings-count',
  text: `select greatest(reltuples, 0)::int as entries from pg_class where oid = 'standings'::regclass`,
}

/** About how many there are, as the database estimates it for its own plans; 0 when it does not know yet. */
export async function countStandings(db: Queryable): Promise<number> {
  const [row] = await db.query<{ entries: number }>(count)
  return row?.entries ?? 0
}
