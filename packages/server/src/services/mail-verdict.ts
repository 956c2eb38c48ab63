import type { OpenedLink } from './open-link.ts'

/** Whom a mail is about: the holder of a link of ours, or an address somebody wrote down. */
export type MailSubject =
  | { readonly kind: 'link'; readonly link: OpenedLink }
  | { readonly kind: 'address'; readonly address: string }

/** What a mail server says of one address. Only `hard` means that nobody reads mail there. */
export type BounceFact = {
  readonly subject: MailSubject
  readonly outcome: 'hard' | 'soft' | 'delayed'
  /** Enhanced status code (RFC 3463). */
  readonly status?: string
  /** The server's own words, without addresses. */
  readonly diagnostic?: string
}

/** Why a mail waits for a human. */
export type UnclearReason =
  | 'may_ask_to_stop'
  /** An answer in words that are recognised neither as a no nor as anything else. */
  | 'not_understood'
  | 'no_sender'
  | 'cut_off'
  | 'complaint_unverified'
  | 'complaint_without_person'
  | 'complaint_unreadable'
  /** Over the limit: only its header was read. */
  | 'too_large'
  /** The mailbox it lies in could not give it, reading it failed again and again, or its words are encrypted or a picture. */
  | 'unreadable'

/** The writer's own words, for the human who decides. */
export type WrittenWords = {
  readonly excerpt: string
  readonly sender?: string
  readonly subjects: readonly MailSubject[]
}

/** Why a mail has no consequence. */
export type IgnoredReason =
  | 'seen_before'
  | 'complaint_not_spam'
  | 'complaint_auth_failure'
  | 'complaint_other_type'
  | 'delivered_notice'
  | 'bounce_without_address'
  | 'own_mail'
  | 'no_wish'

/** What a mail that came home is. */
export type MailVerdict =
  | {
      readonly kind: 'opt_out'
      /** Written to an opt-out address, where the mail itself is the no, or said in a reply in words. */
      readonly via: 'mailto' | 'reply'
      /** The first is the one that is acknowledged. */
      readonly subjects: readonly MailSubject[]
      /** Whether the writer's domain vouched for the From address. */
      readonly isAuthenticated: boolean
      /** The program that wrote it, where it is known by its words. */
      readonly client?: string
    }
  | {
      readonly kind: 'complaint'
      readonly feedbackType: string
      readonly subjects: readonly MailSubject[]
      /** Who reported it, by domain. */
      readonly provider?: string
      /** The domain whose signature made the report believed; none where a token of ours did. */
      readonly signedBy?: string
    }
  | { readonly kind: 'bounce'; readonly facts: readonly BounceFact[] }
  | { readonly kind: 'automatic_reply'; readonly reason: string; readonly subjects: readonly MailSubject[] }
  | ({ readonly kind: 'unclear_reply'; readonly reason: UnclearReason } & WrittenWords)
  /** `words`: an answer that is recognised as no no, kept for who doubts that. */
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason; readonly words?: WrittenWords }
