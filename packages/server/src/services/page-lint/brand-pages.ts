import type { BrandRow, PublishedWording, TopicRow } from '../../storage/catalog.ts'
import type { BrandKit, KitOptions } from '../brand-kit.ts'
import type { LeaveForm } from '../forms/leave-form.ts'
import type { MailLanguage } from '../mail-language.ts'
import type { PublicPlace } from '../mint-links.ts'

/** A page as a person of the brand would get it, for the lint to judge. */
export type PagePreview = {
  /** `preferences`: where a link leads; `stopped` and `paused`: after the act, with the questions. */
  readonly name: 'preferences' | 'stopped' | 'paused'
  readonly language: string
  /** The whole document, its style sheet included. */
  readonly html: string
  /** Names in it that the brand did not choose for this page: its own, the controller's. */
  readonly names: readonly string[]
  /** What the brand calls the things it sends. A topic may be named after discounts, and may not make anybody feel bad. */
  readonly topicNames: readonly string[]
}

/** One sentence of a brand that cannot be used, by its place. */
export type WordingFault = {
  readonly language: string
  readonly key?: string
  readonly kind: 'unknown_language' | 'unknown_text' | 'no_message' | 'unknown_value' | 'lost_value'
  /** The value that is asked for and not there, or that is missing, in its braces. */
  readonly value?: string
  /** For programs and the command line; the rooms say it in the reader's language. */
  readonly detail: string
}

export type MailSentence = { readonly language: string; readonly key: string; readonly words: string }

/** What the services need of the pages above them. Made by adapters/http/pages/brand-pages.ts. */
export type BrandPages = {
  /** The questions where the brand has none of its own: its list of reasons, or the product's. */
  builtInForm(brand: BrandRow): LeaveForm
  /** Sentences that name no text of a page, cannot be read, or would not fill in. */
  wordingFaults(texts: PublishedWording['texts']): readonly WordingFault[]
  /**
   * The pages that people are asked and answered on, in every language, with the brand's wording, colour, questions and
   * alternatives, and those of its topics; samples stand in for a brand without topics.
   */
  preview(brand: BrandRow, form: LeaveForm, topics: readonly TopicRow[]): readonly PagePreview[]
  /** The product's own sentences of the hub's mails and texts. */
  readonly mails: {
    readonly keys: readonly string[]
    message(language: MailLanguage, key: string): string | undefined
  }
  /** The brand's own sentences of the hub's mails and texts, filled in for nobody, to be judged as words. */
  mailSentences(brand: BrandRow): readonly MailSentence[]
  /** What the hub sends after a no, with the brand's words: the mail as HTML, and the text. */
  mailSample(brand: BrandRow, language: MailLanguage): { readonly html: string; readonly text: string }
  /** The texts that offer the way out in the brand's own messages. */
  kit(place: PublicPlace, brand: BrandRow, language: MailLanguage, options: KitOptions): BrandKit
}
