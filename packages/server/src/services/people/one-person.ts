import type { Queryable } from '../../storage/database.ts'
import { listMerges, type MergeRow } from '../../storage/merges.ts'
import { findRelations } from '../../storage/relations.ts'

/** The relations that were found to be one person, and the ties that only this finding made. */
export type OnePerson = {
  /** The relations asked about among them, erased ones never. */
  readonly relationKeys: readonly string[]
  /** The merges that stand, oldest first. */
  readonly merges: readonly MergeRow[]
  /** Whether a relation has a contact point only because of a merge. */
  isByMerge(relationKey: string, contactKey: string): boolean
}

/** Who is one person with these relations; only themselves where nothing was merged. */
export async function readOnePerson(db: Queryable, relationKeys: readonly string[]): Promise<OnePerson> {
  const own = await listMerges(db, relationKeys)
  if (own.length === 0) return { relationKeys, merges: [], isByMerge: () => false }
  const named = [...new Set([...relationKeys, ...own.flatMap((row) => row.members)])]
  const known = await findRelations(db, named)
  const ids = new Set(own.map((row) => row.id))
  // A relation that was erased since is out of it, though the rows of the others still name it.
  const rows = (await listMerges(db, named)).filter((row) => ids.has(row.id))
  const members = new Set([...relationKeys, ...rows.map((row) => row.relationKey)])
  const made = new Set(rows.flatMap((row) => row.ties.map((tie) => `${row.relationKey} ${tie.contactKey}`)))
  return {
    relationKeys: named.filter((key) => members.has(key) && known.get(key)?.erasedAt === null),
    merges: [...new Map(rows.map((row) => [row.id, row])).values()],
    isByMerge: (relationKey, contactKey) => made.has(`${relationKey} ${contactKey}`),
  }
}
