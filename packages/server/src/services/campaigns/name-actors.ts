import { listApiKeys } from '../../storage/api-keys.ts'
import type { Queryable } from '../../storage/database.ts'
import { listStaff } from '../../storage/staff.ts'

/** Who acted, as a colleague knows them: an address of staff, the name of a key; else as it is in the evidence. */
export async function nameActors(db: Queryable, actors: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map(actors.map((actor) => [actor, actor]))
  if (actors.some((actor) => actor.startsWith('staff:'))) {
    for (const { id, email } of await listStaff(db)) if (names.has(`staff:${id}`)) names.set(`staff:${id}`, email)
  }
  if (actors.some((actor) => actor.startsWith('api-key:'))) {
    for (const { id, name } of await listApiKeys(db)) if (names.has(`api-key:${id}`)) names.set(`api-key:${id}`, name)
  }
  return names
}
