import type { MailLanguage } from '../mail-language.ts'
import type { OpenedLink } from '../open-link.ts'
import type { DeliveryKind } from '../report-delivery.ts'

/** The channels a text message travels by. */
export type TextChannel = 'sms' | 'whatsapp'

/** What a text, or a vendor's report about one, means. */
export type TextVerdict =
  | {
      readonly kind: 'opt_out'
      /** `provider`: the vendor heard the no, and only says that there is one. */
      readonly author: 'person' | 'provider'
      /** A topic of the brand that was answered. */
      readonly topic?: string
      /** Everything in so many words: what the message offered narrows a bare STOP alone (rule 3). */
      readonly isWide?: boolean
    }
  | { readonly kind: 'start' }
  | { readonly kind: 'help' }
  | { readonly kind: 'unclear'; readonly reason: string }
  | { readonly kind: 'delivery'; readonly outcome: DeliveryKind }
  | { readonly kind: 'ignored'; readonly reason: string }

export type TextArrival = {
  /** The same for the same text delivered again. */
  readonly textKey: string
  /** SHA-256 over what came, as it came. */
  readonly textHash: Buffer
  /** ms since 1970; a text that lay at a vendor counts from when it was written. */
  readonly receivedAt: number
  readonly account: { readonly id: string; readonly brand: string; readonly vendor: string }
  readonly channel: TextChannel
  /** The number it came from, or that a report is about, as the vendor writes it. */
  readonly number: string
  readonly text?: string
  /** What it is written in, where its words say so. */
  readonly language?: MailLanguage
  /** The link of the message that was answered, where its reference names one. */
  readonly answered?: OpenedLink
  /** False where the vendor answers by itself: a second confirmation would be one too many. */
  readonly mayAnswer: boolean
}
