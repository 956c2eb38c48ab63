import { type ContactPointType, contactPointTypes, maskContactPoint } from '@verzet/core'
import type { Queryable } from '../../storage/database.ts'
import { listDaysOf } from '../../storage/insight-days.ts'
import { type Behind, type BehindRow, listBehind } from '../../storage/insight-people.ts'
import { type Period, startOf } from './days.ts'

/** A list that is read, not exported: who needs more asks a narrower question. */
export const behindMax = 100

export type PersonBehind = Omit<BehindRow, 'contact' | 'type'> & { readonly masked: string }

/**
 * Who is behind a number, the latest first. Only the days that the counts name are looked into, so that a rare value in
 * a long year costs a few days and not the year.
 */
export async function readBehind(db: Queryable, period: Period, about: Behind): Promise<PersonBehind[]> {
  const days = await listDaysOf(db, { ...about, ...period })
  const found: PersonBehind[] = []
  for (const day of days) {
    if (found.length >= behindMax) break
    const some = await listBehind(db, new Date(startOf(day)), about, behindMax - found.length)
    found.push(...some.map(maskedRow))
  }
  return found
}

function maskedRow({ contact, type, ...rest }: BehindRow): PersonBehind {
  const known: ContactPointType | undefined = contactPointTypes.find((one) => one === type)
  const masked =
    known === undefined || contact === null ? rest.subjectKey : maskContactPoint({ type: known, normalised: contact })
  return { ...rest, masked }
}
