import { type Cadence, type ChoiceKind, covers, latestFirst, type Scope, type Standing, undoes } from '@verzet/core'

/** A choice as it now bears on a contact point. */
export type ChoiceInForce = {
  readonly id: string
  readonly kind: ChoiceKind
  readonly scope: Scope
  /** ms since 1970; null for a consent of unknown date. */
  readonly since: number | null
  readonly until?: number
  readonly cadence?: Cadence
  /** Reached this contact point through its relation. */
  readonly inherited?: true
}

/** The choices of a standing as people want to see them: each once, the latest first, without pauses that are over. */
export function choicesInForce(standing: Standing, now: number): ChoiceInForce[] {
  const items = standing.groups.flatMap((group) => group.items)
  const unique = [...new Map(items.map((item) => [item.id, item])).values()].sort(latestFirst)
  return unique
    .filter((item) => item.kind !== 'pause' || item.until > now)
    .map((item) => ({
      id: item.id,
      kind: item.kind,
      scope: item.scope,
      since: item.at === 0 ? null : item.at,
      ...(item.kind === 'pause' && { until: item.until }),
      ...(item.kind === 'cadence' && { cadence: item.cadence }),
      ...(item.inherited && { inherited: true as const }),
    }))
}

/** Those of them that open or refuse anything: not a yes of which a no refuses all, for it would be read as one that counts. */
export function choicesThatHold(standing: Standing, now: number): ChoiceInForce[] {
  return choicesInForce(standing, now).filter(({ kind, scope }) => kind !== 'consent' || !isRefused(standing, scope))
}

/** Groups are judged apart, and one that refuses is enough. */
function isRefused({ groups }: Standing, scope: Scope): boolean {
  return groups.some(({ items }) =>
    items.some(
      (item) =>
        item.kind === 'objection' &&
        covers(item.scope, scope) &&
        !items.some((other) => undoes(other, item) && covers(other.scope, scope)),
    ),
  )
}
