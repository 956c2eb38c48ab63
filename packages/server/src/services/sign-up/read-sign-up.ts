import { type Channel, confirmationFromPath, emptyStanding, maskContactPoint, openConfirmation } from '@verzet/core'
import type { BrandRow, TopicRow } from '../../storage/catalog.ts'
import { findContactPoints } from '../../storage/contact-points.ts'
import type { Queryable } from '../../storage/database.ts'
import { findSignUp, type SignUpRow } from '../../storage/sign-ups.ts'
import { findStandings } from '../../storage/standings.ts'
import type { Hub } from '../hub.ts'
import { personalPage } from '../personal-page.ts'
import { refusalsMeeting } from '../refusals-meeting.ts'
import { type ScopeInWords, scopeInWords } from '../scope-in-words.ts'

/** What a sign-up is about, for the page behind the link in its message. */
export type SignUpView = {
  readonly id: string
  readonly brand: BrandRow
  readonly topics: readonly TopicRow[]
  readonly channel: Channel
  readonly language: string
  /** What was agreed to, word for word. */
  readonly textShown: string
  readonly masked: string
  /** What was refused before and stands in the way of it, oldest first. */
  readonly refused: readonly { readonly at: number; readonly scope: ScopeInWords }[]
  /** The person's own page, once the address is proven theirs. */
  readonly page?: string
}

export type SignUpState =
  | { readonly kind: 'open' | 'expired' | 'done'; readonly view: SignUpView }
  | { readonly kind: 'unknown' }

export type SignUpParts = Pick<Hub, 'catalog' | 'confirmationRing' | 'linkRing' | 'place'>

/** A person who refused more often than this has a page of their own for the rest. */
const refusalsShownMax = 10
const maskedNothing = '•••'

/** What `GET /s/{token}` shows. Looking changes nothing: this only reads (rule 5). */
export async function readSignUp(parts: SignUpParts, db: Queryable, token: string, now: number): Promise<SignUpState> {
  const claims = openSignUpToken(parts, token)
  const row = claims && (await findSignUp(db, claims.subjectKey, claims.confirmationId))
  return row === undefined ? { kind: 'unknown' } : describeSignUp(parts, db, row, now)
}

export function openSignUpToken({ confirmationRing }: SignUpParts, token: string) {
  const sealed = confirmationFromPath(token)
  return sealed && openConfirmation(confirmationRing, sealed)
}

export async function describeSignUp(
  parts: SignUpParts,
  db: Queryable,
  row: SignUpRow,
  now: number,
): Promise<SignUpState> {
  const { catalog } = parts
  const brand = catalog.brand(row.brand)
  if (brand === undefined) return { kind: 'unknown' }
  const refusals = await refusalsBefore(db, row)
  const isOver = row.expiresAt.getTime() <= now || refusals.some(({ at }) => at > row.askedAt.getTime())
  const kind = row.confirmedAt !== null ? 'done' : isOver ? 'expired' : 'open'
  const known = (await findContactPoints(db, [row.subjectKey])).get(row.subjectKey)?.value
  const value = row.contactValue ?? (kind === 'done' ? known : undefined)
  const origin = { brand: row.brand, channel: row.channel }
  const view: SignUpView = {
    id: row.id,
    brand,
    topics: row.topics.flatMap((topic) => catalog.topic(row.brand, topic) ?? []),
    channel: row.channel,
    language: row.language,
    textShown: row.textShown,
    masked: value ? maskContactPoint({ type: row.contactType, normalised: value }) : maskedNothing,
    refused: refusals.map(({ at, scope }) => ({ at, scope: scopeInWords(catalog, scope, row.brand, row.language) })),
    ...(kind === 'done' && { page: await personalPage(parts, row.subjectKey, brand, origin, now) }),
  }
  return { kind, view }
}

/** The objections in force that some message the person asks for would run into, each once. */
export async function refusalsBefore(db: Queryable, row: SignUpRow) {
  const standing = (await findStandings(db, [row.subjectKey])).get(row.subjectKey)?.record ?? emptyStanding
  const found = scopesOf(row).flatMap((scope) => refusalsMeeting(standing, scope))
  const unique = [...new Map(found.map((item) => [item.id, item])).values()]
  return unique.toSorted((one, other) => one.at - other.at).slice(-refusalsShownMax)
}

/** One consent a topic: each can be taken back alone. */
export function scopesOf({ brand, channel, topics }: Pick<SignUpRow, 'brand' | 'channel' | 'topics'>) {
  return topics.map((topic) => ({ brand, channel, topic }))
}
