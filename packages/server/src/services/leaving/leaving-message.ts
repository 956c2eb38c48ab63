import { z } from 'zod'
import type { BrandRow } from '../../storage/catalog.ts'
import { findContactPoints } from '../../storage/contact-points.ts'
import type { Queryable } from '../../storage/database.ts'
import { findLeave } from '../../storage/leaves.ts'
import type { OutboundMailRow } from '../../storage/outbound-mails.ts'
import { mailOriginSchema, scopeSchema } from '../confirmation-details.ts'
import { chooseMailLanguage, type MailLanguage } from '../mail-language.ts'
import { brandOf, type PageParts, personalPage } from '../personal-page.ts'
import { readPerson } from '../read-person.ts'
import { nameOfTopic, type ScopeInWords, scopeInWords } from '../scope-in-words.ts'
import type { Alternative } from './leaving-settings.ts'
import { offeredAlternatives } from './offered-alternatives.ts'
import { isStillPaused } from './remind-pause.ts'

/** An alternative as a plain link to the page, in the brand's words where it has some. */
export type AlternativeLink = {
  readonly alternative: Alternative
  readonly url: string
  readonly label?: string
  readonly topic?: string
}

export type LeavingContent =
  | {
      readonly kind: 'leaving'
      readonly saidAt: number
      readonly scope: ScopeInWords
      readonly page: string
      /** The page that asks; absent once the person has said that the no was meant. */
      readonly question?: string
      readonly alternatives: readonly AlternativeLink[]
    }
  | { readonly kind: 'pause_reminder'; readonly until: number; readonly page: string }

export type LeavingMail =
  | {
      readonly kind: 'ready'
      readonly to: string
      readonly brand: BrandRow
      readonly language: MailLanguage
      readonly content: LeavingContent
    }
  | { readonly kind: 'not_owed'; readonly reason: 'no_address' | 'no_longer_needed' | 'no_brand' }

const leavingSchema = z.object({
  choiceId: z.string(),
  scope: scopeSchema,
  saidAt: z.number(),
  origin: mailOriginSchema.nullish().transform((origin) => origin ?? {}),
})

const reminderSchema = z.object({
  choiceId: z.string(),
  until: z.number(),
  origin: mailOriginSchema.nullish().transform((origin) => origin ?? {}),
})

/** Links carry the minute they were made in: the one in this mail is never that of the message, however young that is. */
const linkMinuteMs = 60_000

type Parts = PageParts & { readonly db: Queryable }

/**
 * The one mail after a no where the brand asks by mail. It acknowledges the no, which is what Belgian law asks for, and
 * carries the way back as links: looking at them changes nothing. `known` is the language on record.
 */
export async function composeLeaving(
  parts: Parts,
  row: OutboundMailRow,
  known: string | undefined,
  now: number,
): Promise<LeavingMail> {
  const { choiceId, scope, saidAt, origin } = leavingSchema.parse(row.details)
  const leave = await findLeave(parts.db, row.contactKey, choiceId)
  if (leave?.state === 'returned' || leave?.state === 'narrowed')
    return { kind: 'not_owed', reason: 'no_longer_needed' }
  const addressed = await address(parts, row, origin.brand ?? scope.brand, known)
  if (addressed.kind === 'not_owed') return addressed
  const { brand, language } = addressed
  const page = await personalPage(parts, row.contactKey, brand, origin, row.createdAt.getTime() + linkMinuteMs)
  const topic = origin.topic === undefined ? undefined : parts.catalog.topic(brand.id, origin.topic)
  const person = await readPerson(parts.db, row.contactKey, now)
  const offering = { brand, channel: origin.channel ?? ('email' as const), scope, person, ...(topic && { topic }) }
  const alternatives = offeredAlternatives(parts.catalog, offering).map(({ id, alternative, topic: digested }) => ({
    alternative,
    url: alternative.kind === 'fewer_topics' ? `${page}#preferences` : `${page}/confirm#${alternativeAnchor(id)}`,
    ...(alternative.labels?.[language] && { label: alternative.labels[language] }),
    ...(digested && { topic: nameOfTopic(digested, language) }),
  }))
  const words = scopeInWords(parts.catalog, scope, brand.id, language)
  const question = leave?.state === 'confirmed' ? undefined : `${page}/confirm`
  const content = { kind: 'leaving' as const, saidAt, scope: words, page, alternatives, ...(question && { question }) }
  return { ...addressed, content }
}

/** The mail a person asked for, the day before their pause ends; not sent when it is no longer about to end. */
export async function composePauseReminder(
  parts: Parts,
  row: OutboundMailRow,
  known: string | undefined,
  now: number,
): Promise<LeavingMail> {
  const { choiceId, until, origin } = reminderSchema.parse(row.details)
  const addressed = await address(parts, row, origin.brand, known)
  if (addressed.kind === 'not_owed') return addressed
  if (until <= now || !(await isStillPaused(parts.db, row.contactKey, choiceId, addressed.brand.id, now)))
    return { kind: 'not_owed', reason: 'no_longer_needed' }
  const page = await personalPage(parts, row.contactKey, addressed.brand, origin, row.createdAt.getTime())
  return { ...addressed, content: { kind: 'pause_reminder', until, page } }
}

/** Where an alternative stands on the page that asks. */
export function alternativeAnchor(id: string): string {
  return id.replaceAll(/[^a-z0-9]+/g, '-')
}

async function address(parts: Parts, row: OutboundMailRow, brandId: string | undefined, known: string | undefined) {
  const point = (await findContactPoints(parts.db, [row.contactKey])).get(row.contactKey)
  if (point?.type !== 'email' || point.value === null) {
    return { kind: 'not_owed' as const, reason: 'no_address' as const }
  }
  const brand = brandOf(parts.catalog, brandId)
  if (brand === undefined) return { kind: 'not_owed' as const, reason: 'no_brand' as const }
  const language = chooseMailLanguage([known], brand.country)
  return { kind: 'ready' as const, to: point.value, brand, language }
}
