import type { Queryable, Transaction } from './database.ts'

export type RelationRow = {
  readonly key: string
  readonly externalId: string | null
  readonly name: string | null
  readonly language: string | null
  readonly country: string | null
  /** `YYYY-MM-DD` */
  readonly customerSince: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly erasedAt: Date | null
}

const columns = `key, external_id as "externalId", name, language, country, customer_since as "customerSince",
  created_at as "createdAt", updated_at as "updatedAt", erased_at as "erasedAt"`

const findByKeys = { name: 'relations-find', text: `select ${columns} from relations where key = any($1::uuid[])` }

export async function findRelations(db: Queryable, keys: readonly string[]): Promise<Map<string, RelationRow>> {
  const rows = await db.query<RelationRow>(findByKeys, [keys])
  return new Map(rows.map((row) => [row.key, row]))
}

export type RelationDetails = {
  readonly key: string
  readonly externalId: string
  readonly name?: string
  readonly language?: string
  readonly country?: string
  readonly customerSince?: string
}

const upsertMany = {
  name: 'relations-upsert',
  text: `insert into relations (key, external_id, name, language, country, customer_since, created_at, updated_at)
    select *, $7::timestamptz, $7::timestamptz
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[])
    on conflict (key) do update set external_id = excluded.external_id,
      name = coalesce(excluded.name, relations.name), language = coalesce(excluded.language, relations.language),
      country = coalesce(excluded.country, relations.country),
      customer_since = coalesce(excluded.customer_since, relations.customer_since),
      updated_at = excluded.updated_at, erased_at = null
    returning key, xmax = 0 as inserted`,
}

/** Inserts or completes: what is not given stays as it is. Returns the keys that are new. */
export async function upsertRelations(
  tx: Transaction,
  relations: readonly RelationDetails[],
  now: number,
): Promise<Set<string>> {
  const rows = await tx.query<{ key: string; inserted: boolean }>(upsertMany, [
    relations.map((relation) => relation.key),
    relations.map((relation) => relation.externalId),
    relations.map((relation) => relation.name ?? null),
    relations.map((relation) => relation.language ?? null),
    relations.map((relation) => relation.country ?? null),
    relations.map((relation) => relation.customerSince ?? null),
    new Date(now),
  ])
  return new Set(rows.filter((row) => row.inserted).map((row) => row.key))
}

export async function updateRelationWords(
  tx: Transaction,
  key: string,
  words: { name?: string; language?: string },
  now: number,
): Promise<void> {
  await tx.execute(
    `update relations set name = coalesce($2, name), language = coalesce($3, language), updated_at = $4
     where key = $1 and erased_at is null`,
    [key, words.name ?? null, words.language ?? null, new Date(now)],
  )
}

/** Forgets who it was. The key stays, so that a no said for the person still meets them when they are brought in again. */
export async function eraseRelation(tx: Transaction, key: string, now: number): Promise<void> {
  await tx.execute(
    `update relations set external_id = null, name = null, language = null, country = null, customer_since = null,
       updated_at = $2, erased_at = $2 where key = $1`,
    [key, new Date(now)],
  )
}
