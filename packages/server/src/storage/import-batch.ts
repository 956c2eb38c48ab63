import type { Queryable, Transaction } from './database.ts'
import type { RelationDetails } from './relations.ts'

/** Why the organisation may write to someone before anything was said. */
export const bases = ['consent', 'customer', 'none'] as const
export type Basis = (typeof bases)[number]

export type ImportedRelation = RelationDetails & { readonly basis: Basis }

const upsertMany = {
  name: 'import-relations',
  text: `insert into relations (key, external_id, name, language, country, customer_since, basis, created_at, updated_at)
    select *, $8::timestamptz, $8::timestamptz
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[])
    on conflict (key) do update set external_id = excluded.external_id,
      name = coalesce(excluded.name, relations.name), language = coalesce(excluded.language, relations.language),
      country = coalesce(excluded.country, relations.country),
      customer_since = coalesce(excluded.customer_since, relations.customer_since),
      basis = excluded.basis, updated_at = excluded.updated_at, erased_at = null`,
}

/** Inserts or completes: what the file does not give stays as it is. */
export async function upsertImportedRelations(
  tx: Transaction,
  relations: readonly ImportedRelation[],
  now: number,
): Promise<void> {
  if (relations.length === 0) return
  await tx.execute(upsertMany, [
    relations.map((relation) => relation.key),
    relations.map((relation) => relation.externalId),
    relations.map((relation) => relation.name ?? null),
    relations.map((relation) => relation.language ?? null),
    relations.map((relation) => relation.country ?? null),
    relations.map((relation) => relation.customerSince ?? null),
    relations.map((relation) => relation.basis),
    new Date(now),
  ])
}

const findBases = { name: 'import-bases', text: 'select key, basis from relations where key = any($1::uuid[])' }

export async function findRelationBases(db: Queryable, keys: readonly string[]): Promise<Map<string, Basis | null>> {
  const rows = await db.query<{ key: string; basis: Basis | null }>(findBases, [keys])
  return new Map(rows.map((row) => [row.key, row.basis]))
}

const findKnownIds = {
  name: 'import-known-choices',
  text: `select choices.id from unnest($1::uuid[], $2::uuid[]) as wanted (subject_key, id)
    join choices on choices.subject_key = wanted.subject_key and choices.id = wanted.id`,
}

/** Which of these choices are recorded already, withdrawn ones too. */
export async function findKnownChoices(
  db: Queryable,
  choices: readonly { subjectKey: string; id: string }[],
): Promise<Set<string>> {
  if (choices.length === 0) return new Set()
  const rows = await db.query<{ id: string }>(findKnownIds, [
    choices.map((choice) => choice.subjectKey),
    choices.map((choice) => choice.id),
  ])
  return new Set(rows.map((row) => row.id))
}

const findKnown = {
  name: 'import-known-keys',
  text: 'select contact_key as "contactKey" from standings where contact_key = any($1::uuid[])',
}

/** Which of these contact points the hub has heard of. */
export async function findKnownKeys(db: Queryable, keys: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ contactKey: string }>(findKnown, [keys])
  return new Set(rows.map((row) => row.contactKey))
}
