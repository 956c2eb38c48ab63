import type { Cadence, CadencePeriod } from './choice.ts'
import { covers, type Scope } from './scope.ts'

/** One message that was counted when the gate let it pass. */
export type Send = {
  readonly at: number
  readonly brand: string
  readonly channel: NonNullable<Scope['channel']>
  readonly topic: string
}

/** Periods roll: a week is 7 × 24 hours and a month 30 days from the send that is counted. */
export const cadencePeriodMs: Record<CadencePeriod, number> = { week: 7 * 86_400_000, month: 30 * 86_400_000 }

/** The longest any counted send matters. */
export const sendsKeptMs = cadencePeriodMs.month

/** The moment from which one more message fits, or null when it fits now; never for a maximum below one. */
export function nextAllowedAt(cadence: Cadence, scope: Scope, sends: readonly Send[], now: number): number | null {
  const periodMs = cadencePeriodMs[cadence.per]
  const counted = sends
    .filter((send) => covers(scope, send) && send.at + periodMs > now)
    .map((send) => send.at)
    .sort((one, other) => other - one)
  const max = Math.floor(cadence.max)
  if (max < 1) return Number.POSITIVE_INFINITY
  const oldestThatCounts = counted[max - 1]
  return oldestThatCounts === undefined ? null : oldestThatCounts + periodMs
}
