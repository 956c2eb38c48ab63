import type { ContactPoint, HashSecrets } from '@verzet/core'

/** ms since 1970. */
export type Clock = () => number

/** Cryptographically strong random bytes. */
export type RandomBytes = (count: number) => Uint8Array

/** A contact point with the two names the hub knows it by. */
export type KeyedContactPoint = {
  readonly contactPoint: ContactPoint
  readonly key: string
  readonly fingerprint: bigint
}

export type { HashSecrets }

/** A mail the hub itself has to send: never marketing, always `Auto-Submitted` (RFC 3834 §5). */
export type OutgoingMail = {
  readonly id: string
  readonly to: string
  readonly fromName: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly language: string
  /** RFC 3834 §3.1.7: `auto-replied` to somebody's mail, else `auto-generated`. */
  readonly autoSubmitted: 'auto-generated' | 'auto-replied'
}

/** `refused` is final (SMTP 5xx); `unavailable` is tried again. The reason names no recipient. */
export type MailOutcome =
  | { kind: 'sent' }
  | { kind: 'refused'; reason: string }
  | { kind: 'unavailable'; reason: string }

/** The one way mail leaves the hub. */
export type MailPort = { send(mail: OutgoingMail): Promise<MailOutcome> }

/** A text message the hub itself has to send: an answer to what somebody wrote or asked for, never marketing. */
export type OutgoingText = {
  readonly id: string
  /** E.164. */
  readonly to: string
  readonly channel: 'sms' | 'whatsapp'
  readonly text: string
  readonly brand: string
  /** The account that was written to; any of the brand's that can send where it is left out. */
  readonly account?: string
}

/** As of a mail. `optedOut`: the vendor knows of a no that the hub did not (Twilio 21610 and its like). */
export type TextOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly reason: string; readonly optedOut?: true }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** The one way texts leave the hub. */
export type TextPort = { send(text: OutgoingText): Promise<TextOutcome> }

/**
 * The JSON at an address that publishes keys (RFC 7517 §5). Rejects for whatever is not a prompt, short and direct
 * answer; the reason is for nobody.
 */
export type FetchKeySet = (url: string) => Promise<unknown>
