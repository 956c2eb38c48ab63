import type { Standing } from '@verzet/core'
import type { StandingIndex } from '@verzet/gate'

/** What the gate's memory knows of a fingerprint, as the database would say it. */
export function standingIn(index: StandingIndex | undefined, low: number, high: number): Standing | undefined {
  const found = index?.find(low, high)
  if (found === undefined || found.kind === 'nothing') return undefined
  if (found.kind === 'record') return found.standing
  // When it was said decides nothing where everything is refused.
  const no = { kind: 'objection' as const, id: found.choiceId ?? '', scope: {}, at: 0 }
  const groups = [{ relation: null, items: [no] }]
  return found.country === undefined ? { groups } : { country: found.country, groups }
}
