import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { DeliveryKind } from '../../../services/report-delivery.ts'
import type { TextChannel } from '../../../services/texts/text-verdict.ts'

/** One call of a vendor, as it came. */
export type WebhookCall = {
  /** As the vendor called it: the hub's public origin with path and query, whatever a proxy made of them. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** ms since 1970. */
  readonly receivedAt: number
}

/** What a call says, before anybody judges the words in it. */
export type WebhookSignal =
  | {
      readonly kind: 'text'
      /** The vendor's own; undefined where it has none. */
      readonly id?: string
      readonly from: string
      readonly to?: string
      readonly text: string
      readonly channel: TextChannel
      /** What the message that is answered was sent with. */
      readonly reference?: string
      /** ms since 1970. */
      readonly at?: number
      /** The vendor has read the keyword itself, and answers and blocks by itself. */
      readonly vendorRead?: 'STOP' | 'START' | 'HELP'
      /** Some of it is said and not written: nobody here can hear that, so a human does (rule 7). */
      readonly isVoice?: boolean
    }
  | {
      readonly kind: 'report'
      readonly id?: string
      readonly number: string
      readonly channel: TextChannel
      /** `opted_out`: the vendor blocks the number because its owner said no there. */
      readonly meaning: DeliveryKind | 'opted_out'
      readonly code: string
      readonly at?: number
    }

/** A vendor's webhooks. Both functions see the raw bytes; neither throws. */
export type SmsWebhook = {
  /** True when whoever called knows the secret of the account. */
  verify(call: WebhookCall, secret: string): boolean
  /** Undefined for a call that cannot be read; an empty list for one that says nothing of interest. */
  read(call: WebhookCall): readonly WebhookSignal[] | undefined
}

/**
 * How old a signature with a moment in it may be. Bird signs a call once and delivers it for hours with that moment; what
 * is delivered twice is known by its id, so age adds little, and a no that is turned away is lost.
 */
export const signatureAgeMsMax = 48 * 3_600_000
/** A clock that is a little ahead is no forgery. */
export const clockSkewMsMax = 5 * 60_000

/** Compares secrets without telling by the time it takes how much of them is right. */
export function isSameSecret(one: string | undefined, other: string): boolean {
  if (one === undefined) return false
  const digest = (value: string) => createHash('sha256').update(value).digest()
  return timingSafeEqual(digest(one), digest(other))
}

export function header({ headers }: WebhookCall, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** The body as JSON; undefined where it is none. A letter in another charset than UTF-8 is lost, and not the text around it. */
export function jsonBody({ body }: WebhookCall): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

export function formBody({ body }: WebhookCall): URLSearchParams {
  return new URLSearchParams(body.toString('utf8'))
}

export function sha256Hex(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A field that may be missing or null: a vendor that writes `null` where it has nothing must not cost a STOP. */
export const maybe = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined)

/** A phone number; that somebody wrote it as a JSON number must not cost a STOP either. */
export const digits = z.union([z.string(), z.number()]).transform(String)

/** What stands for a spoken message on the review list, in every language. */
export const voiceSign = '\u{1F50A}'

/** The words of a message, or that it was spoken; undefined of one that has neither, such as a picture or a place. */
export function saidIn(
  words: string | undefined,
  isVoice: boolean,
): { readonly text: string; readonly isVoice?: boolean } | undefined {
  const written = words?.trim() ? words : undefined
  if (isVoice) return { text: written === undefined ? voiceSign : `${written} ${voiceSign}`, isVoice }
  return words === undefined ? undefined : { text: words }
}

const soundType = /"audio\/[\w.+-]+/i
const soundFile = /\.(?:ogg|oga|opus|amr|m4a|mp3|aac|wav)(?:\?[^"]*)?"/i

/** Whether a part of a call carries sound, by a media type or a file's name: vendors put these in many places. */
export function holdsSound(part: unknown): boolean {
  const written = JSON.stringify(part) ?? ''
  return soundType.test(written) || soundFile.test(written)
}

/** A moment as vendors write it; one without a zone is UTC. */
export function momentOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const at = Date.parse(/(?:z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`)
  return Number.isNaN(at) ? undefined : at
}

/** Within the age a signature may have. */
export function isRecent(at: number, now: number): boolean {
  return at <= now + clockSkewMsMax && at >= now - signatureAgeMsMax
}

/** Vendors write a number with its country code and often without the sign before it. */
export function internationalNumber(raw: string): string {
  const digits = raw.replace(/^(?:whatsapp|sms|mms|rcs|tel):/i, '').replace(/[\s().-]/g, '')
  if (/^00\d{7,}$/.test(digits)) return `+${digits.slice(2)}`
  return /^[1-9]\d{7,14}$/.test(digits) ? `+${digits}` : digits
}

export function channelNamed(name: unknown): TextChannel | undefined {
  const known = typeof name === 'string' ? name.toLowerCase() : ''
  if (known === 'sms' || known === 'mms' || known === 'rcs') return 'sms'
  return known === 'whatsapp' ? 'whatsapp' : undefined
}

/**
 * Who sent a text, and on which channel. On one that the hub knows nothing of (Viber, Messenger) a sender is no number to
 * it, even where it looks like one: what was said there goes to a human and is not dropped (rule 7).
 */
export function senderOn(named: string, from: string): { readonly from: string; readonly channel: TextChannel } {
  const channel = channelNamed(named)
  if (channel !== undefined) return { from: internationalNumber(from), channel }
  return { from: `${named.toLowerCase()}:${from}`, channel: 'sms' }
}

/** In the words of a vendor's report, whatever its code: the person said no at the vendor. */
export function saysOptedOut(words: string): boolean {
  return /opt(?:ed|s|ing)?[ _-]?out|unsubscribed|consent filter|stop (?:message|keyword|reply)|recipient (?:has )?blocked/i.test(
    words,
  )
}
