import {
  confirmationPathToken,
  type HashSecrets,
  linkPathToken,
  type SealRing,
  sealConfirmation,
  sealLink,
} from '@verzet/core'
import { z } from 'zod'
import type { BrandRow } from '../../storage/catalog.ts'
import { findConfirmation } from '../../storage/confirmations.ts'
import { type ContactPointRow, findContactPoints } from '../../storage/contact-points.ts'
import { findLeave } from '../../storage/leaves.ts'
import type { LeasedText } from '../../storage/outbound-texts.ts'
import { languageOnRecord } from '../compose-mail.ts'
import { mailOriginSchema, scopeSchema } from '../confirmation-details.ts'
import { chooseMailLanguage, type MailLanguage, mailLanguages } from '../mail-language.ts'
import { shortOriginOf } from '../mint-links.ts'
import { ownMailWords } from '../own-mail-words.ts'
import { brandOf } from '../personal-page.ts'
import type { OutgoingText } from '../ports.ts'
import { type ScopeInWords, scopeInWords } from '../scope-in-words.ts'
import { confirmSignUpKind } from '../sign-up/ask-sign-up.ts'
import { composeSignUpMessage } from '../sign-up/sign-up-message.ts'
import { openNumber } from './number-to-answer.ts'
import { mintShortLink, type ShortLinkParts } from './short-link.ts'

/** What one text says; the words themselves are the catalogue's. */
export type TextContent = {
  readonly language: MailLanguage
  readonly brand: string
  readonly controller: string
  readonly url: string
  /** The brand's own sentences, in place of the product's. */
  readonly ownWords?: Readonly<Record<string, string>>
} & (
  | { readonly kind: 'stopped' | 'leaving'; readonly scope: ScopeInWords }
  | { readonly kind: 'start' | 'confirm_start' | 'help' | 'confirm_sign_up' }
  /** To a number that nobody knows: `url` leads to the form for who has no link, or to the brand's sign-up. */
  | { readonly kind: 'help_stranger' | 'start_stranger' | 'start_stranger_no_sign_up' }
)

/** Puts content into words. Made by adapters/mail/own-texts.ts. */
export type OwnTexts = { render(content: TextContent): string }

export type ComposeTextParts = ShortLinkParts & {
  readonly confirmationRing: SealRing
  readonly secrets: HashSecrets
  readonly texts: OwnTexts
}

export type ComposedText =
  | { readonly kind: 'ready'; readonly text: OutgoingText }
  /** Final; `reason` is stored with the text. */
  | { readonly kind: 'not_owed'; readonly reason: 'no_number' | 'no_longer_needed' | 'no_brand' | 'unknown_kind' }

const answerSchema = z.object({
  brand: z.string(),
  account: z.string(),
  channel: z.enum(['sms', 'whatsapp']),
  scope: scopeSchema.optional(),
  /** What the text that is answered was written in. */
  language: z.enum(mailLanguages).optional(),
  /** What START would lift, where the number had refused something of it. */
  confirmationId: z.string().optional(),
  /** Sealed, where nobody knew the number. */
  number: z.string().optional(),
})

const leavingSchema = z.object({
  choiceId: z.string(),
  scope: scopeSchema,
  origin: mailOriginSchema.nullish().transform((origin) => origin ?? {}),
})

/** Writes a text at the moment it is sent, so that a number erased meanwhile gets nothing. */
export async function composeText(parts: ComposeTextParts, row: LeasedText, now: number): Promise<ComposedText> {
  switch (row.kind) {
    case 'text_stopped':
      return composeAnswer(parts, row, 'stopped', now)
    case 'text_start':
      return composeAnswer(parts, row, 'start', now)
    case 'text_help':
      return composeAnswer(parts, row, 'help', now)
    case 'leaving':
      return composeQuestion(parts, row)
    case confirmSignUpKind:
      return composeSignUp(parts, row, now)
    default:
      return { kind: 'not_owed', reason: 'unknown_kind' }
  }
}

async function composeAnswer(
  parts: ComposeTextParts,
  row: LeasedText,
  kind: 'stopped' | 'start' | 'help',
  now: number,
): Promise<ComposedText> {
  const {
    brand: brandId,
    account,
    channel,
    scope = {},
    language,
    number,
    confirmationId,
  } = answerSchema.parse(row.details)
  const point = await pointOf(parts, row.contactKey)
  const known = point?.value ?? undefined
  const to = known ?? (number === undefined ? undefined : openNumber(parts.secrets, number))
  if (to === undefined) return { kind: 'not_owed', reason: 'no_number' }
  const brand = brandOf(parts.catalog, brandId)
  if (brand === undefined) return { kind: 'not_owed', reason: 'no_brand' }
  const frame = await frameOf(parts, row.contactKey, brand, language)
  const text = (content: TextContent): ComposedText => ({
    kind: 'ready',
    text: { id: row.id, to, channel, brand: brand.id, account, text: parts.texts.render(content) },
  })
  // One that was erased and keeps its no is no stranger: there is something to choose.
  if (point === undefined && kind !== 'stopped') return text({ ...frame, ...strangerAnswer(parts, brand, kind) })
  const confirm = confirmationId && (await confirmLink(parts, row.contactKey, confirmationId, now))
  if (confirm) return text({ ...frame, url: confirm, kind: 'confirm_start' })
  const url = await mintShortLink(parts, row.contactKey, brand, channel, now)
  if (kind !== 'stopped') return text({ ...frame, url, kind })
  return text({ ...frame, url, kind, scope: scopeInWords(parts.catalog, scope, brand.id, frame.language) })
}

/** Undefined once its time is over, or when the person took it back. */
async function confirmLink(
  { db, confirmationRing, place }: ComposeTextParts,
  subjectKey: string,
  confirmationId: string,
  now: number,
): Promise<string | undefined> {
  const confirmation = await findConfirmation(db, subjectKey, confirmationId)
  const expiresAt = confirmation?.expiresAt.getTime() ?? 0
  if (confirmation?.confirmedAt !== null || expiresAt <= now) return undefined
  const sealed = sealConfirmation(confirmationRing, { subjectKey, confirmationId, expiresAt })
  return `${shortOriginOf(place)}/k/${confirmationPathToken(sealed)}`
}

/**
 * Who nobody knows has no page. No consent is made out of a START (GDPR art. 4(11)): the answer says that nothing is sent,
 * and where one signs up, as the person asked; there the words are read and the sign-up is confirmed.
 */
function strangerAnswer({ catalog, place }: ComposeTextParts, brand: BrandRow, kind: 'start' | 'help') {
  const optOut = `${shortOriginOf(place)}/opt-out/${brand.id}`
  if (kind === 'help') return { kind: 'help_stranger' as const, url: optOut }
  const takesSignUps = catalog.topics(brand.id).some((topic) => topic.purpose === 'marketing')
  return takesSignUps
    ? { kind: 'start_stranger' as const, url: `${shortOriginOf(place)}/sign-up/${brand.id}` }
    : { kind: 'start_stranger_no_sign_up' as const, url: optOut }
}

/** Asks whether a no on the page was meant; the no holds whatever comes of it (rule 4). */
async function composeQuestion(parts: ComposeTextParts, row: LeasedText): Promise<ComposedText> {
  const { choiceId, scope, origin } = leavingSchema.parse(row.details)
  const leave = await findLeave(parts.db, row.contactKey, choiceId)
  if (leave?.state === 'returned' || leave?.state === 'narrowed')
    return { kind: 'not_owed', reason: 'no_longer_needed' }
  const to = await numberOf(parts, row.contactKey)
  if (to === undefined) return { kind: 'not_owed', reason: 'no_number' }
  const brand = brandOf(parts.catalog, origin.brand ?? scope.brand)
  if (brand === undefined) return { kind: 'not_owed', reason: 'no_brand' }
  const channel = origin.channel === 'whatsapp' ? 'whatsapp' : 'sms'
  const frame = await frameOf(parts, row.contactKey, brand)
  const sealed = sealLink(parts.linkRing, {
    contactPointKey: row.contactKey,
    brandNumber: brand.number,
    topicNumber: 0,
    campaignNumber: 0,
    channel,
    offered: [],
    mintedAt: row.createdAt.getTime(),
  })
  const url = `${parts.place.url}/u/${linkPathToken(sealed)}/confirm`
  const words = scopeInWords(parts.catalog, scope, brand.id, frame.language)
  const text = parts.texts.render({ ...frame, url, kind: 'leaving', scope: words })
  return { kind: 'ready', text: { id: row.id, to, channel, brand: brand.id, text } }
}

async function composeSignUp(parts: ComposeTextParts, row: LeasedText, now: number): Promise<ComposedText> {
  const message = await composeSignUpMessage(parts, row, now)
  if (message.kind === 'not_owed')
    return { kind: 'not_owed', reason: message.reason === 'no_address' ? 'no_number' : message.reason }
  const { to, brand, language, content } = message
  const frame = frameIn(brand, language)
  const text = parts.texts.render({ ...frame, url: content.confirm, kind: 'confirm_sign_up' })
  return { kind: 'ready', text: { id: row.id, to, channel: 'sms', brand: brand.id, text } }
}

/** Undefined once erased. */
async function numberOf(parts: ComposeTextParts, contactKey: string): Promise<string | undefined> {
  return (await pointOf(parts, contactKey))?.value ?? undefined
}

/** Undefined for what is no number, and for one that nobody ever knew. */
async function pointOf({ db }: ComposeTextParts, contactKey: string): Promise<ContactPointRow | undefined> {
  const point = (await findContactPoints(db, [contactKey])).get(contactKey)
  return point?.type === 'phone' ? point : undefined
}

/** In the language on record, else the one that was written in, else that of the brand's country. */
async function frameOf({ db }: ComposeTextParts, contactKey: string, brand: BrandRow, written?: MailLanguage) {
  const language = chooseMailLanguage([await languageOnRecord(db, contactKey), written], brand.country)
  return frameIn(brand, language)
}

function frameIn(brand: BrandRow, language: MailLanguage) {
  const ownWords = ownMailWords(brand, language)
  return { language, brand: brand.name, controller: brand.controller, ...(ownWords && { ownWords }) }
}
