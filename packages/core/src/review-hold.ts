import type { ReviewHold, Standing } from './standing.ts'

/** Lets everything that a review item may turn out to refuse wait for its decision. The same item again replaces itself. */
export function holdForReview(standing: Standing, hold: ReviewHold): Standing {
  const others = (standing.held ?? []).filter((other) => other.item !== hold.item)
  return { ...standing, held: [...others, hold].sort((one, other) => (one.item < other.item ? -1 : 1)) }
}

/** The item was decided: nothing waits for it any more. What was recorded about it holds by itself. */
export function releaseReview(standing: Standing, item: string): Standing {
  if (!standing.held?.some((hold) => hold.item === item)) return standing
  const { held, ...rest } = standing
  const kept = held.filter((hold) => hold.item !== item)
  return kept.length === 0 ? rest : { ...rest, held: kept }
}
