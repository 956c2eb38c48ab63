import { type ContactPointType, partitionOf, type Standing } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

/** A contact point's standing as stored, without the sends a cadence needs. */
export type StandingRow = {
  readonly contactKey: string
  readonly type: ContactPointType
  readonly fingerprint: bigint
  readonly links: number
  readonly seq: bigint
  readonly record: Standing
}

export type NewStanding = {
  readonly contactKey: string
  readonly type: ContactPointType
  readonly fingerprint: bigint
  readonly record?: Standing
}

const columns = 'contact_key as "contactKey", type, fingerprint, links, seq, record'

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
  text: `select feed.last, standings.contact_key as "contactKey", standings.type, standings.fingerprint, standings.links,
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
  // The position comes with every row and is read from one: `{1,2,…}`.
  const last = found[0]?.last.slice(1, -1).split(',').map(BigInt) ?? []
  return { last, rows }
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
    where standings.contact_key = new.contact_key and standings.fingerprint = 0`,
}

/**
 * Adds empty standings for contact points that have none; the others stay as they are and unlocked, but for a
 * fingerprint of 0: that one was known by its key alone, and gets its own now.
 */
export async function insertStandings(tx: Transaction, rows: readonly NewStanding[]): Promise<void> {
  const keys = rows.map((row) => row.contactKey)
  const fingerprints = rows.map((row) => row.fingerprint)
  const inserted = await tx.execute(insertMissing, [
    keys,
    rows.map((row) => row.type),
    fingerprints,
    rows.map((row) => JSON.stringify(row.record ?? { groups: [] })),
  ])
  if (inserted < rows.length) await tx.execute(fillFingerprints, [keys, fingerprints])
}

export type StandingUpdate = {
  readonly contactKey: string
  readonly record: Standing
  readonly seq: bigint
  readonly fingerprint: bigint
  /** How many ties changed with it. */
  readonly linksChanged?: number
}

const writeMany = {
  name: 'standings-write',
  text: `with new as materialized (
      select * from jsonb_to_recordset($1::jsonb) as new (
        contact_key uuid, partition smallint, seq bigint, fingerprint bigint, links int, record jsonb
      )
    ), updated as (
      update standings set record = new.record, seq = new.seq, links = standings.links + new.links
      from new where standings.contact_key = new.contact_key
    )
    insert into changes (partition, seq, contact_key, fingerprint, record, recorded_at)
    select partition, seq, contact_key, fingerprint, record, $2::timestamptz from new`,
}

/**
 * Rewrites standings and tells the feed, in one statement: neither happens without the other. The rows travel as one
 * JSON text, which is several times cheaper to write and to read than arrays of quoted JSON.
 */
export async function writeStandings(
  tx: Transaction,
  updates: readonly StandingUpdate[],
  recordedAt: number,
): Promise<void> {
  const rows = updates.map((update) => ({
    contact_key: update.contactKey,
    partition: partitionOf(update.contactKey),
    seq: String(update.seq),
    fingerprint: String(update.fingerprint),
    links: update.linksChanged ?? 0,
    record: update.record,
  }))
  await tx.execute(writeMany, [JSON.stringify(rows), new Date(recordedAt)])
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
