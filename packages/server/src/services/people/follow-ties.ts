import type { Transaction } from '../../storage/database.ts'
import { addMergedTies } from '../../storage/merges.ts'
import { endTies, insertTies, type Tie } from '../../storage/ties.ts'
import type { OnePerson } from './one-person.ts'

export type TieChange = { readonly added: readonly string[]; readonly ended: readonly string[] }

export type FollowedTies = TieChange & { readonly relationKey: string }

/**
 * The other relations of a merged person follow a change of one of them: what it gained they gain too, and what it lost
 * they lose where they had it only by the merge. Else a no said through a new address would not reach the others.
 */
export async function followTies(
  tx: Transaction,
  person: OnePerson,
  relationKey: string,
  change: TieChange & { readonly before: readonly Tie[] },
  now: number,
): Promise<FollowedTies[]> {
  const followed: FollowedTies[] = []
  for (const other of person.relationKeys) {
    if (other === relationKey) continue
    const ties = new Map(change.before.filter((tie) => tie.relationKey === other).map((tie) => [tie.contactKey, tie]))
    const added = change.added.filter((key) => ties.get(key)?.endedAt !== null)
    const ended = change.ended.filter((key) => ties.get(key)?.endedAt === null && person.isByMerge(other, key))
    const merge = person.merges.find(({ members }) => members.includes(relationKey) && members.includes(other))
    if (merge === undefined || added.length + ended.length === 0) continue
    await insertTies(
      tx,
      added.map((contactKey) => ({ relationKey: other, contactKey })),
      now,
    )
    const made = added.filter((key) => !person.isByMerge(other, key)).map((key) => asItWas(key, ties.get(key)))
    await addMergedTies(tx, { relationKey: other, id: merge.id }, made)
    await endTies(tx, other, ended, now)
    followed.push({ relationKey: other, added, ended })
  }
  return followed
}

function asItWas(contactKey: string, tie: Tie | undefined) {
  if (tie === undefined || tie.endedAt === null) return { contactKey }
  return { contactKey, linkedAt: tie.linkedAt.toISOString(), endedAt: tie.endedAt.toISOString() }
}
