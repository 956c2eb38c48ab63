import { type Scope, sameScope } from '@verzet/core'
import { findChoice } from '../../storage/choices.ts'
import { findStandings } from '../../storage/standings.ts'
import type { Hub } from '../hub.ts'
import type { OpenedLink } from '../open-link.ts'
import { refusalsTouching } from '../read-person.ts'
import { repeatWithinMs } from '../record-choices.ts'

/**
 * The no that a person said at a portal a moment ago, in the same words: a second press, or the same request that was
 * sent again (rule 5). The standing of a person does not tell their own words from those said through an address of
 * theirs, so the choice itself is looked up.
 */
export async function saidJustNow(
  hub: Hub,
  { claims }: OpenedLink,
  scope: Scope,
): Promise<{ readonly id: string; readonly at: number } | undefined> {
  const key = claims.contactPointKey
  const standing = (await findStandings(hub.db, [key])).get(key)?.record
  if (standing === undefined) return undefined
  const since = hub.clock() - repeatWithinMs
  const recent = refusalsTouching(standing, {}).filter((item) => item.at >= since && sameScope(item.scope, scope))
  for (const { id, at } of recent) {
    if ((await findChoice(hub.db, [key], id)) !== undefined) return { id, at }
  }
  return undefined
}
