import { assertNever, type ContactPointType, contactPointTypes, maskContactPoint } from '@verzet/core'
import type { Queryable } from '../../storage/database.ts'
import { findProgress } from '../../storage/insight-days.ts'
import { type KeptPart, listAsked, listKeptBy, listKeptDays } from '../../storage/insight-leaves.ts'
import { listLivesOf } from '../../storage/insight-lives.ts'
import {
  type Behind,
  type BehindRow,
  listBehind,
  listSentBehind,
  type SentBehind,
} from '../../storage/insight-people.ts'
import { listDaysOf } from '../../storage/insight-totals.ts'
import { addDays, type Period, startOf } from './days.ts'

/** A list that is read, not exported: who needs more asks a narrower question. */
export const behindMax = 100

export type PersonBehind = Omit<BehindRow, 'contact' | 'type'> & { readonly masked: string }

/** What a number counts: what was said, messages, answers to the question after a no, whom an alternative kept, who stays. */
export type CountedNumber =
  | { readonly kind: 'said'; readonly about: Behind }
  | { readonly kind: 'sent'; readonly about: SentBehind }
  | { readonly kind: 'asked'; readonly brand: string; readonly channel?: string; readonly answer: string }
  | { readonly kind: 'kept'; readonly brand: string; readonly alternative: string; readonly part: KeptPart }
  | { readonly kind: 'lives'; readonly brand: string; readonly cadence: string }

/** Who is behind a number, the latest first, as far as the hub knows them. */
export async function readBehind(db: Queryable, period: Period, number: CountedNumber): Promise<PersonBehind[]> {
  return (await list(db, period, number)).map(maskBehind)
}

async function list(db: Queryable, period: Period, number: CountedNumber): Promise<BehindRow[]> {
  const stretch = {
    from: new Date(startOf(period.from)),
    until: new Date(startOf(addDays(period.to, 1))),
    limit: behindMax,
  }
  switch (number.kind) {
    case 'said': {
      const { about } = number
      const days = await listDaysOf(db, { ...about, ...period })
      return byDay(days, (day, limit) => listBehind(db, day, about, limit))
    }
    case 'sent': {
      const { about } = number
      const days = await listDaysOf(db, { ...about, ...period, measure: 'sent' })
      return byDay(days, (day, limit) => listSentBehind(db, day, about, limit))
    }
    case 'asked':
      return listAsked(db, { ...number, ...stretch })
    case 'kept': {
      const counted = await findProgress(db, 'lives')
      if (counted === undefined) return []
      const days = await listKeptDays(db, { ...number, ...period })
      return byStretch(days, (stretch) => listKeptBy(db, { ...number, ...stretch, countedAt: counted.workedAt }))
    }
    case 'lives': {
      const counted = await findProgress(db, 'lives')
      return counted === undefined ? [] : listLivesOf(db, { ...number, through: counted.through, limit: behindMax })
    }
    default:
      return assertNever(number)
  }
}

/**
 * Only the days that the counts name are looked into, so that a rare value in a long year costs a few days and not the
 * year.
 */
async function byDay(
  days: readonly string[],
  listDay: (day: Date, limit: number) => Promise<BehindRow[]>,
): Promise<BehindRow[]> {
  const found: BehindRow[] = []
  for (const day of days) {
    if (found.length >= behindMax) break
    found.push(...(await listDay(new Date(startOf(day)), behindMax - found.length)))
  }
  return found
}

/**
 * As many days at once as hold the people that are still wanted: a rare alternative in a long year is one question, and a
 * common one does not follow everybody of the year to show a hundred.
 */
async function byStretch(
  days: readonly { readonly day: string; readonly people: number }[],
  listStretch: (stretch: { from: Date; until: Date; limit: number }) => Promise<BehindRow[]>,
): Promise<BehindRow[]> {
  const found: BehindRow[] = []
  let until: string | undefined
  let expected = 0
  for (const [at, { day, people }] of days.entries()) {
    until ??= addDays(day, 1)
    expected += people
    const limit = behindMax - found.length
    if (expected < limit && at < days.length - 1) continue
    found.push(...(await listStretch({ from: new Date(startOf(day)), until: new Date(startOf(until)), limit })))
    if (found.length >= behindMax) break
    until = undefined
    expected = 0
  }
  return found
}

export function maskBehind({ contact, type, ...rest }: BehindRow): PersonBehind {
  const known: ContactPointType | undefined = contactPointTypes.find((one) => one === type)
  const masked =
    known === undefined || contact === null ? rest.subjectKey : maskContactPoint({ type: known, normalised: contact })
  return { ...rest, masked }
}
