import type { ContactPointType, Standing } from '@verzet/core'
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

const updateMany = {
  name: 'standings-update',
  text: `update standings set record = new.record, seq = new.seq, links = standings.links + new.links
    from unnest($1::uuid[], $2::jsonb[], $3::bigint[], $4::int[]) as new (contact_key, record, seq, links)
    where standings.contact_key = new.contact_key`,
}

export type StandingUpdate = {
  readonly contactKey: string
  readonly record: Standing
  readonly seq: bigint
  /** How many ties changed with it. */
  readonly linksChanged?: number
}

export async function updateStandings(tx: Transaction, updates: readonly StandingUpdate[]): Promise<void> {
  await tx.execute(updateMany, [
    updates.map((update) => update.contactKey),
    updates.map((update) => JSON.stringify(update.record)),
    updates.map((update) => update.seq),
    updates.map((update) => update.linksChanged ?? 0),
  ])
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
