import { type Interval, wilsonInterval } from './proportion.ts'

/** How many were last seen after a time: gone (they left then) or still there (nobody knows of them any further). */
export type LifeCount = { readonly time: number; readonly gone: number; readonly staying: number }

export type SurvivalPoint = Interval & {
  readonly time: number
  readonly atRisk: number
  readonly gone: number
  /** The share that is still there after this time. */
  readonly share: number
}

/**
 * The Kaplan–Meier estimate (E. L. Kaplan and P. Meier, JASA 53 (1958), 457–481): who is still there counts for as long
 * as they were seen. One point a time somebody left, after the first at time 0. The interval is Wilson's at the effective
 * size of the sample (C. Rothman, J. Chronic Diseases 31 (1978), 557–560), which stays within 0 and 1.
 */
export function survivalCurve(counts: readonly LifeCount[]): SurvivalPoint[] {
  const inOrder = [...counts].sort((a, b) => a.time - b.time)
  let atRisk = inOrder.reduce((sum, { gone, staying }) => sum + gone + staying, 0)
  if (atRisk === 0) return []
  const points: SurvivalPoint[] = [{ time: 0, atRisk, gone: 0, share: 1, low: 1, high: 1 }]
  let share = 1
  // Greenwood's sum, from which the effective size follows.
  let variance = 0
  for (const [index, { time }] of inOrder.entries()) {
    if (inOrder[index - 1]?.time === time) continue
    const here = inOrder.filter((one) => one.time === time)
    const gone = here.reduce((sum, one) => sum + one.gone, 0)
    const staying = here.reduce((sum, one) => sum + one.staying, 0)
    if (gone > 0) {
      share *= 1 - gone / atRisk
      if (atRisk > gone) variance += gone / (atRisk * (atRisk - gone))
      points.push({ time, atRisk, gone, share, ...intervalAt(share, variance, atRisk) })
    }
    atRisk -= gone + staying
  }
  return points
}

function intervalAt(share: number, variance: number, atRisk: number): Interval {
  const effective = share <= 0 || variance === 0 ? atRisk : (1 - share) / (share * variance)
  return wilsonInterval(share * effective, effective)
}

/** The first time at which no more than half are still there; undefined where that was not seen. */
export function medianSurvival(points: readonly SurvivalPoint[]): number | undefined {
  return points.find(({ share }) => share <= 0.5)?.time
}
