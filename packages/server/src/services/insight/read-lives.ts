import {
  type Interval,
  type LifeCount,
  medianSurvival,
  type SurvivalPoint,
  survivalCurve,
  wilsonInterval,
} from '@verzet/core'
import type { Queryable } from '../../storage/database.ts'
import { type KeptRow, listKept, listLives } from '../../storage/insight-lives.ts'
import type { Period } from './days.ts'

export const cadences = ['one', 'four', 'eight', 'more'] as const
export type SendCadence = (typeof cadences)[number]

/** A quarter, half a year and a year after the first four weeks. */
export const lifeWeeks = [13, 26, 52] as const
/** Fewer than this many who were followed for so long say nothing of it. */
const followedMin = 10

/** How many are still there after so many weeks. */
export type StillThere = Interval & { readonly weeks: number; readonly share: number }

export type CadenceLife = {
  readonly cadence: SendCadence
  readonly people: number
  readonly curve: readonly SurvivalPoint[]
  /** Only as far as people were followed: a curve says nothing beyond its last week. */
  readonly still: readonly StillThere[]
  /** Weeks until half had left; undefined where more than half are still there. */
  readonly medianWeeks?: number
}

/**
 * How long people stay, by how often they were written to in their first four weeks. Who left within those is not in it:
 * they were written to less because they left, which would make writing less look worse.
 */
export async function readCadenceLives(db: Queryable, brand: string): Promise<CadenceLife[]> {
  const rows = await listLives(db, brand)
  return cadences.flatMap((cadence) => {
    const counts = rows.filter((row) => row.cadence === cadence).map(({ weeks, ...rest }) => ({ time: weeks, ...rest }))
    const people = counts.reduce((sum, { gone, staying }) => sum + gone + staying, 0)
    if (people === 0) return []
    // A no in the week that begins at week n was heard by its end.
    const curve = survivalCurve(counts.map((one) => ({ ...one, time: one.time + 1 })))
    const medianWeeks = medianSurvival(curve)
    const still = lifeWeeks.flatMap((weeks) => stillAfter(weeks, curve, counts))
    return [{ cadence, people, curve, still, ...(medianWeeks !== undefined && { medianWeeks }) }]
  })
}

function stillAfter(weeks: number, curve: readonly SurvivalPoint[], counts: readonly LifeCount[]): StillThere[] {
  const point = curve.findLast(({ time }) => time <= weeks)
  const followed = counts.reduce((sum, { time, gone, staying }) => sum + (time >= weeks ? gone + staying : 0), 0)
  if (point === undefined || followed < followedMin) return []
  // Nobody has left so far: the curve is sure of its beginning, and not of what came after.
  const interval = point.time === 0 ? wilsonInterval(followed, followed) : point
  return [{ weeks, share: point.share, low: interval.low, high: interval.high }]
}

export type KeptBy = KeptRow & {
  /** Undefined while 90 days have passed for nobody. */
  readonly still?: { readonly share: number; readonly low: number; readonly high: number }
}

/** Who was kept by which alternative, and of those whose 90 days have passed how many still are. */
export async function readKept(db: Queryable, brand: string, { from, to }: Period): Promise<KeptBy[]> {
  const rows = await listKept(db, brand, from, to)
  return rows.map((row) => ({
    ...row,
    ...(row.passed > 0 && { still: { share: row.stayed / row.passed, ...wilsonInterval(row.stayed, row.passed) } }),
  }))
}
