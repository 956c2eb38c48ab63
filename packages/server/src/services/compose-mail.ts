import { confirmationPathToken, type SealRing, sealConfirmation } from '@verzet/core'
import { z } from 'zod'
import { type ConfirmationRow, findConfirmation } from '../storage/confirmations.ts'
import { findContactPoints } from '../storage/contact-points.ts'
import type { Queryable } from '../storage/database.ts'
import type { OutboundMailRow } from '../storage/outbound-mails.ts'
import { findRelations } from '../storage/relations.ts'
import { tiesOfContactPoints } from '../storage/ties.ts'
import { type AlertInMail, readAlertMail } from './alerts/compose-alert-mail.ts'
import { brandSettings } from './brand-settings.ts'
import { mailOriginSchema, readConfirmationDetails, scopeSchema } from './confirmation-details.ts'
import {
  composeLeaving,
  composePauseReminder,
  type LeavingContent,
  type LeavingMail,
} from './leaving/leaving-message.ts'
import { chooseMailLanguage, type MailLanguage } from './mail-language.ts'
import { composeOptOutNotice, type OptOutNoticeContent } from './opt-out/opt-out-notice.ts'
import { ownMailWords } from './own-mail-words.ts'
import { brandOf, type PageParts, personalPage } from './personal-page.ts'
import type { OutgoingMail } from './ports.ts'
import { type ScopeInWords, scopeInWords } from './scope-in-words.ts'
import { composeSignUpMessage, type SignUpContent } from './sign-up/sign-up-message.ts'
import { type UnwelcomeReason, whyUnwelcome } from './unwelcome-mail.ts'

/** What every mail says of its sender and its reader. */
export type MailFrame = {
  readonly language: MailLanguage
  readonly brand: { readonly name: string; readonly accent?: string }
  readonly controller: { readonly name: string; readonly contactEmail?: string; readonly postalAddress?: string }
  readonly timeZone: string
  /** The brand's own sentences, in place of the product's. */
  readonly ownWords?: Readonly<Record<string, string>>
}

/** What one mail says; the words themselves are the catalogue's. */
export type MailContent = MailFrame &
  (
    | SignUpContent
    | LeavingContent
    | OptOutNoticeContent
    | { readonly kind: 'privacy_alert'; readonly alerts: readonly AlertInMail[]; readonly isMore: boolean }
    | { readonly kind: 'acknowledgement'; readonly saidAt: number; readonly scope: ScopeInWords; readonly page: string }
    // No link to the asker's page in this one: it goes to an address that nobody has proven to be theirs.
    | {
        readonly kind: 'confirm_contact_point'
        readonly confirm: string
        readonly expiresAt: number
        /** It is to be written to in place of an address that refused. */
        readonly moves?: true
      }
    | {
        readonly kind: 'confirm_lift'
        readonly confirm: string
        readonly expiresAt: number
        readonly page: string
        readonly refused: readonly ScopeInWords[]
        readonly wanted: readonly ScopeInWords[]
      }
    | { readonly kind: 'confirm_erasure'; readonly confirm: string; readonly expiresAt: number; readonly page: string }
  )

/** Puts content into words. Made by adapters/mail/mail-texts.ts. */
export type MailTexts = {
  render(content: MailContent): { readonly subject: string; readonly text: string; readonly html: string }
}

export type ComposeParts = PageParts & {
  readonly db: Queryable
  readonly confirmationRing: SealRing
  readonly texts: MailTexts
}

export type ComposedMail =
  | { readonly kind: 'ready'; readonly mail: OutgoingMail }
  /** Final; `reason` is stored with the mail. */
  | {
      readonly kind: 'not_owed'
      readonly reason: 'no_address' | 'no_longer_needed' | 'no_brand' | 'unknown_kind' | UnwelcomeReason
    }

/** The same each time the same mail is sent, so that a reader who gets it twice sees one message (RFC 5322 §3.6.4). */
export function messageIdOf(mailId: string, mailDomain: string): string {
  return `<${mailId}@${mailDomain}>`
}

const acknowledgementSchema = z.object({
  scope: scopeSchema,
  saidAt: z.number(),
  origin: mailOriginSchema.nullish().transform((origin) => origin ?? {}),
  autoSubmitted: z.enum(['auto-generated', 'auto-replied']).default('auto-generated'),
})

const confirmationPointerSchema = z.object({ subjectKey: z.string(), confirmationId: z.string() })

/** Writes a mail at the moment it is sent, so that an address erased meanwhile gets nothing. Changes nothing. */
export async function composeMail(parts: ComposeParts, row: OutboundMailRow, now: number): Promise<ComposedMail> {
  const unwelcome = await whyUnwelcome(parts.db, row, now)
  if (unwelcome !== undefined) return { kind: 'not_owed', reason: unwelcome }
  switch (row.kind) {
    case 'acknowledgement':
      return composeAcknowledgement(parts, row)
    case 'confirm_contact_point':
    case 'confirm_lift':
    case 'confirm_erasure':
      return composeConfirmation(parts, row, now)
    case 'privacy_alert':
      return composeAlert(parts, row)
    case 'confirm_sign_up':
      return framed(parts, row, await composeSignUpMessage(parts, row, now))
    case 'opt_out_notice':
      return framed(
        parts,
        row,
        await composeOptOutNotice(parts, row, await languageOnRecord(parts.db, row.contactKey), now),
      )
    case 'leaving':
      return framed(parts, row, await composeLeaving(parts, row, await languageOnRecord(parts.db, row.contactKey), now))
    case 'pause_reminder':
      return framed(
        parts,
        row,
        await composePauseReminder(parts, row, await languageOnRecord(parts.db, row.contactKey), now),
      )
    default:
      return { kind: 'not_owed', reason: 'unknown_kind' }
  }
}

type Composed = Awaited<ReturnType<typeof composeSignUpMessage> | ReturnType<typeof composeOptOutNotice>> | LeavingMail

function framed(parts: ComposeParts, row: OutboundMailRow, composed: Composed): ComposedMail {
  if (composed.kind === 'not_owed') return composed
  const { to, brand, language, content } = composed
  return ready(parts, row.id, to, { ...frameOf(brand, language), ...content })
}

async function composeAcknowledgement(parts: ComposeParts, row: OutboundMailRow): Promise<ComposedMail> {
  const { scope, saidAt, origin, autoSubmitted } = acknowledgementSchema.parse(row.details)
  const to = await addressOf(parts.db, row.contactKey)
  if (to === undefined) return { kind: 'not_owed', reason: 'no_address' }
  const brand = brandOf(parts.catalog, origin.brand, scope.brand)
  if (brand === undefined) return { kind: 'not_owed', reason: 'no_brand' }
  const language = await languageFor(parts.db, row.contactKey, undefined, brand.country)
  const page = await personalPage(parts, row.contactKey, brand, origin, row.createdAt.getTime())
  const words = scopeInWords(parts.catalog, scope, brand.id, language)
  const content = { ...frameOf(brand, language), kind: 'acknowledgement' as const, saidAt, scope: words, page }
  return ready(parts, row.id, to, content, autoSubmitted)
}

/** To the controller's own people, and not to the contact point it is about. */
async function composeAlert(parts: ComposeParts, row: OutboundMailRow): Promise<ComposedMail> {
  const read = await readAlertMail(parts.db, row)
  if (read === undefined) return { kind: 'not_owed', reason: 'no_longer_needed' }
  const brand = brandOf(parts.catalog, read.brand)
  if (brand === undefined) return { kind: 'not_owed', reason: 'no_brand' }
  const { alerts, isMore } = read
  return ready(parts, row.id, read.to, { ...frameOf(brand, read.language), kind: 'privacy_alert', alerts, isMore })
}

async function composeConfirmation(parts: ComposeParts, row: OutboundMailRow, now: number): Promise<ComposedMail> {
  const pointer = confirmationPointerSchema.parse(row.details)
  const confirmation = await findConfirmation(parts.db, pointer.subjectKey, pointer.confirmationId)
  const isOpen = confirmation?.confirmedAt === null && confirmation.expiresAt.getTime() > now
  if (confirmation === undefined || !isOpen) return { kind: 'not_owed', reason: 'no_longer_needed' }
  const details = readConfirmationDetails(confirmation)
  const to = details.kind === 'contact_point' ? details.value : await addressOf(parts.db, row.contactKey)
  if (to === undefined) return { kind: 'not_owed', reason: 'no_address' }
  const brand = brandOf(parts.catalog, details.origin.brand)
  if (brand === undefined) return { kind: 'not_owed', reason: 'no_brand' }
  const language = await languageFor(parts.db, pointer.subjectKey, details.language, brand.country)
  const asked = { ...frameOf(brand, language), ...confirmLink(parts, confirmation) }
  if (details.kind === 'contact_point')
    return ready(parts, row.id, to, {
      ...asked,
      kind: 'confirm_contact_point',
      ...(details.receive && { moves: true }),
    })
  const page = await personalPage(parts, row.contactKey, brand, details.origin, row.createdAt.getTime())
  if (details.kind === 'erasure') return ready(parts, row.id, to, { ...asked, kind: 'confirm_erasure', page })
  const named = (scope: Parameters<typeof scopeInWords>[1]) => scopeInWords(parts.catalog, scope, brand.id, language)
  const refused = details.refused.map(named)
  const wanted = details.items.map((item) => named(item.scope))
  return ready(parts, row.id, to, { ...asked, kind: 'confirm_lift', page, refused, wanted })
}

function confirmLink(parts: ComposeParts, { subjectKey, id, expiresAt }: ConfirmationRow) {
  const sealed = sealConfirmation(parts.confirmationRing, {
    subjectKey,
    confirmationId: id,
    expiresAt: expiresAt.getTime(),
  })
  return { confirm: `${parts.place.url}/k/${confirmationPathToken(sealed)}`, expiresAt: expiresAt.getTime() }
}

function ready(
  parts: ComposeParts,
  id: string,
  to: string,
  content: MailContent,
  autoSubmitted: OutgoingMail['autoSubmitted'] = 'auto-generated',
): ComposedMail {
  const words = parts.texts.render(content)
  return {
    kind: 'ready',
    mail: { id, to, fromName: content.brand.name, language: content.language, autoSubmitted, ...words },
  }
}

function frameOf(brand: NonNullable<ReturnType<typeof brandOf>>, language: MailLanguage): MailFrame {
  const { accent, contactEmail, postalAddress, timeZone } = brandSettings(brand)
  const ownWords = ownMailWords(brand, language)
  return {
    language,
    brand: { name: brand.name, ...(accent && { accent }) },
    controller: {
      name: brand.controller,
      ...(contactEmail && { contactEmail }),
      ...(postalAddress && { postalAddress }),
    },
    timeZone,
    ...(ownWords && { ownWords }),
  }
}

/** Undefined once erased, and for anything a mail cannot be sent to. */
async function addressOf(db: Queryable, contactKey: string): Promise<string | undefined> {
  const point = (await findContactPoints(db, [contactKey])).get(contactKey)
  return point?.type === 'email' && point.value !== null ? point.value : undefined
}

async function languageFor(db: Queryable, contactKey: string, read: string | undefined, brandCountry: string) {
  return chooseMailLanguage([await languageOnRecord(db, contactKey), read], brandCountry)
}

/** What the person is known to read, by the relation their page speaks of. */
export async function languageOnRecord(db: Queryable, contactKey: string): Promise<string | undefined> {
  const ties = (await tiesOfContactPoints(db, [contactKey])).filter((tie) => tie.endedAt === null)
  const keys = ties.map((tie) => tie.relationKey).toSorted()
  const relations = await findRelations(db, keys)
  return keys.flatMap((key) => relations.get(key)?.language ?? [])[0]
}
