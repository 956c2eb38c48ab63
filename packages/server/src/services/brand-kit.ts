import type { MailLanguage } from './mail-language.ts'

export const kitPieceIds = ['privacy', 'mail', 'sms', 'letter', 'flyer', 'phone'] as const
export type KitPieceId = (typeof kitPieceIds)[number]

/** A paragraph is text, or a row of links under each other's words. */
export type KitBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'links'; readonly links: readonly { readonly label: string; readonly url: string }[] }

/** What an SMS costs with this footer alone: the footer takes its part of the first message. */
export type SmsFooter = {
  readonly alphabet: 'gsm' | 'ucs2'
  readonly segments: number
  /** With a personal short link in it. */
  readonly characters: number
  /** What is left of one message for the text itself. */
  readonly charactersLeft: number
}

export type KitPiece = {
  readonly id: KitPieceId
  readonly title?: string
  readonly blocks: readonly KitBlock[]
  /** What has to be filled in for each recipient. */
  readonly placeholders: readonly string[]
  readonly sms?: SmsFooter
}

export type BrandKit = { readonly brand: string; readonly language: MailLanguage; readonly pieces: readonly KitPiece[] }

/** `hearsTexts`: a STOP in reply to the brand's texts reaches the hub. */
export type KitOptions = { readonly hearsTexts: boolean }
