import type { Scope } from './scope.ts'

/** Who said it. `agent` records the person's own request; `provider` is a vendor, `controller` the organisation itself. */
export const authors = ['person', 'agent', 'provider', 'controller'] as const
export type Author = (typeof authors)[number]

export const choiceKinds = ['objection', 'consent', 'pause', 'cadence'] as const
export type ChoiceKind = (typeof choiceKinds)[number]

export const cadencePeriods = ['week', 'month'] as const
export type CadencePeriod = (typeof cadencePeriods)[number]
export type Cadence = { readonly max: number; readonly per: CadencePeriod }

type ChoiceBase = {
  /** UUIDv7, made by the caller. */
  readonly id: string
  readonly scope: Scope
  readonly author: Author
  /** When it was said, in ms since 1970; null when nobody knows. */
  readonly saidAt: number | null
  /** When the hub heard it, in ms since 1970. */
  readonly recordedAt: number
}

/** What a person, or someone for them, said. */
export type Choice = ChoiceBase &
  (
    | { readonly kind: 'objection' }
    | { readonly kind: 'consent' }
    | { readonly kind: 'pause'; readonly until: number }
    | { readonly kind: 'cadence'; readonly cadence: Cadence }
  )

/**
 * The moment a choice counts from.
 * A choice of unknown date counts from its arrival, except a consent, which then counts from never (rule 2);
 * none counts from later than its arrival, so that a wrong clock cannot outlast a later word.
 */
export function countsFrom(choice: Choice): number {
  if (choice.saidAt === null) return choice.kind === 'consent' ? Number.NEGATIVE_INFINITY : choice.recordedAt
  return Math.min(choice.saidAt, choice.recordedAt)
}

/** Only a dated consent of the person, or of an agent recording the person's own request, undoes a no (rule 2). */
export function canLift(choice: Choice): boolean {
  return (
    choice.kind === 'consent' && choice.saidAt !== null && (choice.author === 'person' || choice.author === 'agent')
  )
}
