import { type Channel, uuidFromHex, uuidV7 } from '@verzet/core'
import { countMessage, uncountMessage } from '../../storage/contact-message-counts.ts'
import type { Transaction } from '../../storage/database.ts'
import { insertOutboundMails } from '../../storage/outbound-mails.ts'
import { insertOutboundTexts } from '../../storage/outbound-texts.ts'
import { insertSignUp, listSignUps, renewSignUp, type SignUpRow } from '../../storage/sign-ups.ts'
import type { KeyedContactPoint, RandomBytes } from '../ports.ts'
import type { ConsentWords } from './consent-texts.ts'

/** Long enough for a weekend away from the mailbox; what was agreed to is still remembered then. */
export const signUpValidityMs = 72 * 3_600_000
/** Who mistypes or loses a mail asks again once or twice; more would make the form a way of filling somebody's mailbox. */
export const signUpMessagesPerDayMax = 3
/** A second press of the button, a form that was sent twice: one mail answers both. */
export const sameSignUpWithinMs = 10 * 60_000

export type SignUpToAsk = {
  readonly contactPoint: KeyedContactPoint
  readonly brand: string
  /** Marketing topics of the brand, one at least. */
  readonly topics: readonly string[]
  /** One that the contact point serves. */
  readonly channel: Channel
  readonly language: string
  readonly words: ConsentWords
  readonly source?: string
}

export type AskedSignUp =
  | { readonly kind: 'asked'; readonly id: string; readonly expiresAt: number; readonly isRepeat: boolean }
  /** The address got as many messages today as it may; nothing was stored. */
  | { readonly kind: 'too_many' }

export const confirmSignUpKind = 'confirm_sign_up'

/**
 * Stores what somebody asked to get and owes the address the message that lets its reader confirm it. Nothing holds
 * before that (rule 4), whoever asked, so it does not matter whether the address is known. The same asked again while it
 * waits is the same sign-up, with the same link.
 */
export async function askSignUp(
  tx: Transaction,
  random: RandomBytes,
  asked: SignUpToAsk,
  now: number,
): Promise<AskedSignUp> {
  const { key } = asked.contactPoint
  // Counted first, because that also makes the second of two presses wait for the first.
  const isTooMuch = (await countMessage(tx, key, 'sign_up', now)) > signUpMessagesPerDayMax
  const open = (await listSignUps(tx, [key])).find((row) => isSame(row, asked) && isOpen(row, now))
  const wasJustAsked = open !== undefined && now - open.messagedAt.getTime() < sameSignUpWithinMs
  if (wasJustAsked || isTooMuch) await uncountMessage(tx, key, 'sign_up')
  if (isTooMuch && !wasJustAsked) return { kind: 'too_many' }

  const expiresAt = now + signUpValidityMs
  if (open !== undefined) {
    const messagedAt = wasJustAsked ? open.messagedAt : new Date(now)
    await renewSignUp(tx, open, { askedAt: new Date(now), messagedAt, expiresAt: new Date(expiresAt) })
    if (!wasJustAsked) await oweMessage(tx, random, asked, open.id, now)
    return { kind: 'asked', id: open.id, expiresAt, isRepeat: true }
  }
  const row = newSignUp(random, asked, now)
  await insertSignUp(tx, row)
  await oweMessage(tx, random, asked, row.id, now)
  return { kind: 'asked', id: row.id, expiresAt, isRepeat: false }
}

function isOpen(row: SignUpRow, now: number): boolean {
  return row.confirmedAt === null && row.expiresAt.getTime() > now
}

/** The words count too: another wording is another agreement. */
function isSame(row: SignUpRow, asked: SignUpToAsk): boolean {
  return (
    row.brand === asked.brand &&
    row.channel === asked.channel &&
    row.language === asked.language &&
    row.textShown === asked.words.shown &&
    row.topics.length === asked.topics.length &&
    asked.topics.every((topic) => row.topics.includes(topic))
  )
}

function newSignUp(random: RandomBytes, asked: SignUpToAsk, now: number) {
  const { contactPoint } = asked.contactPoint
  const at = new Date(now)
  return {
    subjectKey: asked.contactPoint.key,
    id: uuidV4(random),
    brand: asked.brand,
    topics: asked.topics,
    channel: asked.channel,
    language: asked.language,
    textShown: asked.words.shown,
    textVersion: asked.words.version ?? null,
    privacyUrl: asked.words.privacyUrl ?? null,
    source: asked.source ?? null,
    contactType: contactPoint.type === 'phone' ? ('phone' as const) : ('email' as const),
    contactValue: contactPoint.normalised,
    createdAt: at,
    askedAt: at,
    messagedAt: at,
    expiresAt: new Date(now + signUpValidityMs),
  }
}

/** RFC 9562 §5.4: random but for the version and the variant. */
function uuidV4(random: RandomBytes): string {
  const bytes = Buffer.from(random(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return uuidFromHex(bytes.toString('hex'))
}

/** An e-mail address is written to, a number gets a text; each waits in its queue until there is a way to send it. */
async function oweMessage(
  tx: Transaction,
  random: RandomBytes,
  { contactPoint }: SignUpToAsk,
  signUpId: string,
  now: number,
): Promise<void> {
  const { key } = contactPoint
  const details = { subjectKey: key, confirmationId: signUpId }
  const message = { id: uuidV7(now, random(10)), contactKey: key, kind: confirmSignUpKind, details }
  if (contactPoint.contactPoint.type === 'phone') await insertOutboundTexts(tx, [message], now)
  else await insertOutboundMails(tx, [message], now)
}
