import type { Channel } from '@verzet/core'
import type { MailLanguage } from '../../services/mail-language.ts'
import type { ClosedReason } from '../smtp/message/body-parts.ts'
import type { UnreadableReason } from '../smtp/message/message-parts.ts'

export type PartName = 'html' | 'text'
type Named = { readonly brand: string; readonly controller: string }
type Limit = { readonly characters: number }
type Unread = {
  readonly closed: { readonly reason: ClosedReason }
  readonly encoding: { readonly part: PartName }
  readonly large: { readonly part: PartName; readonly characters: number }
}

/** What each sentence about a message is filled in with; a sentence that is not named here has no values. */
export type CheckFindingValues = {
  readonly 'message-readable.mail': { readonly reason: UnreadableReason }
  readonly 'way-out-present.closed': Unread['closed']
  readonly 'way-out-present.encoding': Unread['encoding']
  readonly 'way-out-present.large': Unread['large']
  readonly 'way-out-in-header.closed': Unread['closed']
  readonly 'way-out-in-header.encoding': Unread['encoding']
  readonly 'way-out-in-header.large': Unread['large']
  readonly 'way-out-top.none': Limit
  readonly 'way-out-bottom.none': Limit
  readonly 'way-out-placed.top': Limit
  readonly 'way-out-placed.bottom': Limit
  readonly 'way-out-plain.language': { readonly language: MailLanguage }
  /** `off_page`, `background`, or the declaration that hides it. */
  readonly 'way-out-hidden.style': { readonly why: string }
  readonly 'readable-contrast.low': { readonly ratio: number; readonly least: number }
  readonly 'readable-size.small': { readonly pixels: number; readonly least: number }
  readonly 'link-foreign.host': { readonly host: string }
  readonly 'link-brand.other': { readonly made: string; readonly sent: string }
  readonly 'link-channel.other': { readonly made: Channel; readonly sent: Channel }
  /** A reason of follow/fetch-page.ts, or the code of a system error. */
  readonly 'link-answers.failed': { readonly host: string; readonly reason: string }
  readonly 'link-answers.status': { readonly host: string; readonly status: string }
  readonly 'link-answers.redirects': { readonly host: string }
  readonly 'link-answers.page': { readonly host: string }
  readonly 'link-answers.http': { readonly host: string }
  readonly 'link-answers.login': { readonly host: string }
  readonly 'list-unsubscribe.addresses': { readonly count: number }
  readonly 'list-id.form': { readonly example: string }
  readonly 'from-name.other': Named
  readonly 'sender-named.none': Named
  readonly 'dkim-covers.lacking': { readonly fields: string }
  readonly 'dkim-over-signs.open': { readonly fields: string }
  readonly 'sms-brand.none': { readonly brand: string }
  readonly 'sms-length.count': {
    readonly characters: number
    readonly alphabet: string
    readonly messages: number
  }
  readonly 'sms-too-long.messages': { readonly messages: number }
  readonly 'sms-alphabet.signs': { readonly signs: string; readonly count: number }
  readonly 'sms-link-length.long': Limit
  readonly 'phone-right.language': { readonly language: MailLanguage }
  readonly 'phone-identity.none': Named
  readonly 'print-link.none': { readonly host: string }
  readonly 'print-qr.other': { readonly count: number }
  readonly 'print-qr-size.small': { readonly mm: number; readonly least: number }
  readonly 'print-size.small': { readonly points: number; readonly least: number }
  readonly 'print-pages.some': { readonly looked: number; readonly pages: number }
}
