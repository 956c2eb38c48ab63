import type { Queryable, Transaction } from './database.ts'

/** A tie that a merge made, with what was there before: nothing, or a tie that had ended. */
export type MergedTie = { readonly contactKey: string; readonly linkedAt?: string; readonly endedAt?: string }

/** One relation's part in a merge. */
export type MergeRow = {
  readonly relationKey: string
  readonly id: string
  readonly keptKey: string
  readonly joinedKey: string
  /** Every relation that is one person since then. */
  readonly members: readonly string[]
  readonly ties: readonly MergedTie[]
  readonly mergedAt: Date
  readonly actor: string
}

export type NewMerge = Omit<MergeRow, 'mergedAt'>

/** Recording the same part of the same merge again changes nothing. */
export async function insertMerges(tx: Transaction, rows: readonly NewMerge[], now: number): Promise<void> {
  const written = rows.map((row) => ({ ...row, ties: [...row.ties] }))
  await tx.execute(
    `insert into relation_merges (relation_key, id, kept_key, joined_key, members, ties, merged_at, actor)
     select "relationKey", id, "keptKey", "joinedKey", members, ties, $2::timestamptz, actor
     from jsonb_to_recordset($1::jsonb) as new ("relationKey" uuid, id uuid, "keptKey" uuid, "joinedKey" uuid,
       members uuid[], ties jsonb, actor text)
     on conflict (relation_key, id) do nothing`,
    [JSON.stringify(written), new Date(now)],
  )
}

const listActive = {
  name: 'merges-list',
  // As an array of text: the driver has no names for arrays of uuid.
  text: `select relation_key as "relationKey", id, kept_key as "keptKey", joined_key as "joinedKey",
      members::text[] as members, ties, merged_at as "mergedAt", actor
    from relation_merges where relation_key = any($1::uuid[]) and ended_at is null order by id`,
}

/** The merges these relations are still part of, oldest first. */
export async function listMerges(db: Queryable, relationKeys: readonly string[]): Promise<MergeRow[]> {
  return db.query<MergeRow>(listActive, [relationKeys])
}

/** A contact point that came to one relation of a person later, and to this one by the merge alone. */
export async function addMergedTies(
  tx: Transaction,
  merge: { readonly relationKey: string; readonly id: string },
  ties: readonly MergedTie[],
): Promise<void> {
  await tx.execute('update relation_merges set ties = ties || $3::jsonb where relation_key = $1 and id = $2', [
    merge.relationKey,
    merge.id,
    JSON.stringify(ties),
  ])
}

export async function endMerge(
  tx: Transaction,
  id: string,
  relationKeys: readonly string[],
  now: number,
): Promise<void> {
  await tx.execute(
    'update relation_merges set ended_at = $3 where relation_key = any($1::uuid[]) and id = $2 and ended_at is null',
    [relationKeys, id, new Date(now)],
  )
}

/** After an erasure: who is brought in again later is nobody's double. */
export async function endMergesOf(tx: Transaction, relationKey: string, now: number): Promise<void> {
  await tx.execute('update relation_merges set ended_at = $2 where relation_key = $1 and ended_at is null', [
    relationKey,
    new Date(now),
  ])
}

/** Puts the ties of a relation back as they were before a merge: gone, or ended when they had ended. */
export async function restoreTies(tx: Transaction, relationKey: string, ties: readonly MergedTie[]): Promise<void> {
  const made = ties.filter((tie) => tie.linkedAt === undefined).map((tie) => tie.contactKey)
  const ended = ties.filter((tie) => tie.linkedAt !== undefined)
  for (const table of ['relation_contact_points', 'contact_point_relations']) {
    await tx.execute(`delete from ${table} where relation_key = $1 and contact_key = any($2::uuid[])`, [
      relationKey,
      made,
    ])
    for (const { contactKey, linkedAt, endedAt } of ended) {
      await tx.execute(
        `update ${table} set linked_at = $3, ended_at = $4 where relation_key = $1 and contact_key = $2`,
        [relationKey, contactKey, linkedAt, endedAt],
      )
    }
  }
}
