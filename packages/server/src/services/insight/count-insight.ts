import { setTimeout } from 'node:timers/promises'
import { type Database, transact } from '../../storage/database.ts'
import {
  countDay,
  findProgress,
  firstDay,
  forgetProgress,
  lockProgress,
  saveProgress,
} from '../../storage/insight-days.ts'
import {
  addDayToLives,
  countKept,
  countLives,
  keptDays,
  type LifeRow,
  replaceLives,
} from '../../storage/insight-lives.ts'
import { countedSendsKeptMs } from '../forget-relayed-mails.ts'
import { leaveOpenMs } from '../leaving/leaving-record.ts'
import { addDays, dayOf, daysBetween, startOf } from './days.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
/** What is said after a no changes the day of the no: an answer in time, and a day for whoever is counted late. */
const unsettledDays = Math.ceil(leaveOpenMs / dayMs) + 1
/** What was answered last is followed until its 90 days are over. */
const followedDays = keptDays + unsettledDays + 1
/** The first byte of a key. */
const slices = 256

export type CountOptions = {
  readonly signal?: AbortSignal
  /** Rests after each day for as long as it took, so that a year that is to be counted leaves half of the machine to others. */
  readonly rests?: boolean
}

export type InsightWork = { readonly days: number; readonly livesCounted: boolean }

/**
 * Brings the counts up to date from what is recorded, each day in a transaction of its own; nothing on the way of a no
 * waits for it. Counting a day again gives the same counts, and whoever finds another at it waits.
 *
 *   each time       today and yesterday
 *   each hour       the days whose noes may still be answered
 *   each day        whom the alternatives keep, and how long people stay
 *   the first time  every day since the first
 */
export async function countInsight(db: Database, now: number, options: CountOptions = {}): Promise<InsightWork> {
  const today = dayOf(now)
  const days = await daysToCount(db, now)
  for (const day of days) {
    if (options.signal?.aborted) return { days: 0, livesCounted: false }
    await pacedBy(options, () =>
      transact(db, async (tx) => {
        await lockProgress(tx, 'days')
        const areSendsForgotten = startOf(day) < now - countedSendsKeptMs
        await countDay(tx, new Date(startOf(day)), areSendsForgotten)
        // Only a whole round says so: one that was broken off begins again.
        if (day === days.at(-1)) await saveProgress(tx, 'days', day, now)
        if (day === days.at(-1) && days.length >= unsettledDays) await saveProgressOf(tx, 'hour', today, now)
      }),
    )
  }
  const livesCounted = await countOncePerDay(db, now, options)
  return { days: days.length, livesCounted }
}

/** Throws the counts away, but for what was sent, and makes them anew. */
export async function recountInsight(db: Database, now: number): Promise<InsightWork> {
  await transact(db, forgetProgress)
  return countInsight(db, now)
}

async function saveProgressOf(tx: Parameters<typeof saveProgress>[0], id: string, through: string, now: number) {
  await lockProgress(tx, id)
  await saveProgress(tx, id, through, now)
}

async function daysToCount(db: Database, now: number): Promise<string[]> {
  const today = dayOf(now)
  const [last, hour] = [await findProgress(db, 'days'), await findProgress(db, 'hour')]
  if (last === undefined) {
    const first = await firstDay(db)
    return first === undefined ? [] : daysBetween(earlierOf(first, today), today)
  }
  const isHourly = hour === undefined || hour.workedAt.getTime() <= now - hourMs
  const recent = addDays(today, isHourly ? -unsettledDays : -1)
  return daysBetween(earlierOf(last.through, recent), today)
}

function earlierOf(one: string, other: string): string {
  return one.localeCompare(other) <= 0 ? one : other
}

async function countOncePerDay(db: Database, now: number, options: CountOptions): Promise<boolean> {
  const yesterday = addDays(dayOf(now), -1)
  const done = await findProgress(db, 'lives')
  if (done !== undefined && done.through >= yesterday) return false
  const first = done === undefined ? await firstDay(db) : addDays(done.through, 1)
  if (first === undefined || first > yesterday) return false
  for (const day of daysBetween(first, yesterday)) {
    if (options.signal?.aborted) return false
    await pacedBy(options, () =>
      transact(db, async (tx) => {
        const locked = await lockProgress(tx, 'lives')
        // Another worker was here meanwhile: a day is added once.
        if (locked !== undefined && locked.through >= day) return
        await addDayToLives(tx, new Date(startOf(day)))
        await saveProgress(tx, 'lives', day, now)
      }),
    )
  }
  const followed = addDays(yesterday, -followedDays)
  for (const day of daysBetween(done === undefined ? first : followed, yesterday)) {
    if (options.signal?.aborted) return false
    await pacedBy(options, () => transact(db, (tx) => countKept(tx, new Date(startOf(day)), now)))
  }
  const lives = await countAllLives(db, yesterday)
  await transact(db, (tx) => replaceLives(tx, lives))
  return true
}

async function pacedBy({ rests, signal }: CountOptions, work: () => Promise<void>): Promise<void> {
  const startedAt = performance.now()
  await work()
  if (!rests) return
  const restMs = performance.now() - startedAt
  // Told to stop, it rests no longer; the next look at the signal ends the work.
  await setTimeout(restMs, undefined, signal && { signal }).catch(() => {})
}

async function countAllLives(db: Database, through: string): Promise<LifeRow[]> {
  const sums = new Map<string, LifeRow>()
  for (let slice = 0; slice < slices; slice += 1) {
    for (const row of await countLives(db, slice, through)) {
      const key = `${row.brand} ${row.cadence} ${row.weeks}`
      const sum = sums.get(key)
      const { gone = 0, staying = 0 } = sum ?? {}
      sums.set(key, { ...row, gone: gone + row.gone, staying: staying + row.staying })
    }
  }
  return [...sums.values()]
}
