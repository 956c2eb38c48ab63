import {
  type Channel,
  channels,
  channelsServedBy,
  confirmationFromPath,
  maskContactPoint,
  openConfirmation,
  type Scope,
  type SealRing,
} from '@verzet/core'
import type { BrandRow, TopicRow } from '../storage/catalog.ts'
import {
  type ConfirmationRow,
  findConfirmation,
  listOpenConfirmations as listOpenRows,
} from '../storage/confirmations.ts'
import { findContactPoints } from '../storage/contact-points.ts'
import type { Queryable } from '../storage/database.ts'
import { languageOnRecord } from './compose-mail.ts'
import { type ConfirmationDetails, type Restriction, readConfirmationDetails } from './confirmation-details.ts'
import { brandOf, type PageParts, personalPage } from './personal-page.ts'

/** What a confirmation is about, for the page behind its link. */
export type ConfirmationView = {
  readonly id: string
  /** `undo`: some of it had been refused. */
  readonly what: 'add_contact_point' | 'move' | 'receive' | 'undo' | 'erase'
  /** The boxes of the grid that a lift opens; a wide one names each of the brand's marketing topics. */
  readonly items: readonly { readonly topic: TopicRow; readonly channel: Channel }[]
  /** The alternative that then holds for all of it. */
  readonly restriction?: Restriction
  /** The address it is about; dots alone once it was forgotten. */
  readonly masked: string
  readonly brand: BrandRow
  /** What the person is known to read. */
  readonly language?: string
  /** A link to the person's own page, where the reader of the mail is known to be that person. */
  readonly page?: string
}

export type ConfirmationOutcome =
  | { readonly kind: 'open'; readonly view: ConfirmationView }
  | { readonly kind: 'expired'; readonly view: ConfirmationView }
  | { readonly kind: 'done'; readonly view: ConfirmationView }
  | { readonly kind: 'unknown' }

export type ConfirmationParts = PageParts & { readonly confirmationRing: SealRing }

/** More boxes than a brand has topics on a person's channels; a page with more would not be read. */
const itemsShownMax = 60
const maskedNothing = '•••'

/** What `GET /k/{token}` shows. Looking changes nothing: this only reads (rule 5). */
export async function readConfirmation(
  parts: ConfirmationParts,
  db: Queryable,
  token: string,
  now: number,
): Promise<ConfirmationOutcome> {
  const claims = openConfirmationToken(parts.confirmationRing, token)
  const row = claims && (await findConfirmation(db, claims.subjectKey, claims.confirmationId))
  return row === undefined ? { kind: 'unknown' } : describeConfirmation(parts, db, row, now)
}

export function openConfirmationToken(ring: SealRing, token: string) {
  const sealed = confirmationFromPath(token)
  return sealed && openConfirmation(ring, sealed)
}

export async function describeConfirmation(
  parts: ConfirmationParts,
  db: Queryable,
  row: ConfirmationRow,
  now: number,
): Promise<ConfirmationOutcome> {
  const details = readConfirmationDetails(row)
  const brand = brandOf(parts.catalog, details.origin.brand)
  if (brand === undefined) return { kind: 'unknown' }
  const state = row.confirmedAt !== null ? 'done' : row.expiresAt.getTime() <= now ? 'expired' : 'open'
  const mailed = details.mailedKey
    ? (await findContactPoints(db, [details.mailedKey])).get(details.mailedKey)
    : undefined
  const address = details.kind === 'contact_point' ? (details.value ?? mailed?.value) : mailed?.value
  const isProven = details.kind !== 'contact_point' || state === 'done'
  const language = await languageOnRecord(db, row.subjectKey)
  const view: ConfirmationView = {
    id: row.id,
    ...whatOf(parts, details, brand),
    masked: address
      ? maskContactPoint({ type: mailed?.type === 'phone' ? 'phone' : 'email', normalised: address })
      : maskedNothing,
    brand,
    ...(language !== undefined && { language }),
    ...(isProven && mailed?.value && { page: await personalPage(parts, mailed.key, brand, details.origin, now) }),
  }
  return { kind: state, view }
}

function whatOf(
  { catalog }: ConfirmationParts,
  details: ConfirmationDetails,
  brand: BrandRow,
): Pick<ConfirmationView, 'what' | 'items' | 'restriction'> {
  if (details.kind === 'contact_point') {
    return { what: details.receive === undefined ? 'add_contact_point' : 'move', items: [] }
  }
  if (details.kind === 'erasure') return { what: 'erase', items: [] }
  const topics = catalog.topics(brand.id).filter((topic) => topic.purpose === 'marketing')
  const boxes = details.items.flatMap(({ scope }) =>
    scope.brand !== undefined && scope.brand !== brand.id
      ? []
      : topics
          .filter((topic) => scope.topic === undefined || scope.topic === topic.id)
          .flatMap((topic) => channelsOf(scope).map((channel) => ({ topic, channel }))),
  )
  const unique = new Map(boxes.map((box) => [`${box.channel}:${box.topic.id}`, box]))
  const items = [...unique.values()].slice(0, itemsShownMax)
  const { refused, restriction } = details
  return { what: refused.length > 0 ? 'undo' : 'receive', items, ...(restriction && { restriction }) }
}

/** A lift is confirmed by e-mail; where it names no channel, that is the one it opens. */
function channelsOf(scope: Scope): readonly Channel[] {
  return scope.channel === undefined ? channelsServedBy('email') : [scope.channel]
}

/** What waits for this contact point's holder: boxes as `channel:topic`, or an address that was added. */
export type OpenConfirmation = {
  readonly id: string
  readonly boxes: readonly string[]
  readonly address?: string
}

export async function listOpenConfirmations(
  db: Queryable,
  subjectKey: string,
  now: number,
): Promise<OpenConfirmation[]> {
  return (await listOpenRows(db, [subjectKey], now)).map((row) => {
    const details = readConfirmationDetails(row)
    const boxes = details.kind === 'lift' ? details.items.flatMap(({ scope }) => boxesOf(scope)) : []
    const address = details.kind === 'contact_point' ? details.value : undefined
    return { id: row.id, boxes, ...(address !== undefined && { address }) }
  })
}

function boxesOf(scope: Scope): string[] {
  if (scope.topic === undefined) return []
  return (scope.channel === undefined ? channels : [scope.channel]).map((channel) => `${channel}:${scope.topic}`)
}
