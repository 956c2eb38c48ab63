import { brandSettings } from '../../../services/brand-settings.ts'
import { chooseMailLanguage } from '../../../services/mail-language.ts'
import { sealMailLinks } from '../../../services/mint-links.ts'
import type { BrandRow, TopicRow } from '../../../storage/catalog.ts'
import { signMessage } from '../message/dkim-sign.ts'
import type { HeaderBlock } from '../message/header-block.ts'
import { removeControlFields } from '../message/header-fields.ts'
import { readMessage } from '../message/message-parts.ts'
import { type RewriteWay, type RewrittenMessage, rewriteMessage } from '../message/rewrite-message.ts'
import { applySplices } from '../message/splices.ts'
import { type ChosenKeys, chooseDkimKeys, fromDomainOf } from './choose-dkim-keys.ts'
import { isClosedByNature } from './refusals.ts'
import type { ClientMail } from './relay-mail.ts'
import type { RelayParts } from './relay-parts.ts'
import { addMissingFields } from './submission-fields.ts'

export type DressedMail =
  | {
      readonly kind: 'dressed'
      readonly message: Buffer
      readonly hasLinks: boolean
      readonly headersOnly: boolean
    }
  | { readonly kind: 'refused'; readonly reason: Refused['reason'] | 'unreadable_header' }

type Refused = Extract<RewrittenMessage, { kind: 'refused' }>

export type Dress = {
  readonly topic: TopicRow
  readonly campaign: string | undefined
  readonly campaignNumber: number
  /** Of the recipient, as far as it is known. */
  readonly language: string | undefined
  /** Names the mail where its sender did not. */
  readonly mailId: string
}

/** Makes the copy of a mail that its recipient gets: with the ways out where they belong, signed, and with its trace. */
export function dressMail(parts: RelayParts, mail: ClientMail, header: HeaderBlock, dress: Dress): DressedMail {
  const { hub, dkimKeys } = parts
  const brand = hub.catalog.brand(dress.topic.brand)
  if (brand === undefined) return { kind: 'refused', reason: 'unsafe_field' }
  const isMarketing = dress.topic.purpose === 'marketing'
  const chosen = chooseDkimKeys(dkimKeys, brand.id, fromDomainOf(mail.raw, header), hub.place.mailDomain)
  const hasLinks = isMarketing || mail.credential.linksInService
  const changed = hasLinks ? rewrite(mail, wayOf(parts, mail, brand, dress, chosen)) : withoutControlFields(mail.raw)
  if (changed.kind === 'refused') return changed
  const now = hub.clock()
  const whole = addMissingFields(changed.message, { id: dress.mailId, domain: hub.place.mailDomain, now })
  const signed = signMessage(whole, chosen.keys, now)
  if (signed.kind === 'refused') return signed
  const message = Buffer.concat([Buffer.from(mail.received, 'latin1'), signed.message])
  return { kind: 'dressed', message, hasLinks, headersOnly: changed.kind === 'headers_only' }
}

/** What cannot be changed by its nature leaves with the header fields; what is merely broken, only where that is allowed. */
function rewrite(mail: ClientMail, way: RewriteWay): RewrittenMessage {
  const strict = rewriteMessage(mail.raw, way)
  const isOnlyClosed = strict.kind === 'refused' && isClosedByNature(strict.reason)
  return isOnlyClosed ? rewriteMessage(mail.raw, { ...way, headersOnlyAllowed: true }) : strict
}

/** Service mail carries no way out, and still nobody behind the relay sees its orders. */
function withoutControlFields(raw: Buffer): Refused | { readonly kind: 'rewritten'; readonly message: Buffer } {
  const read = readMessage(raw)
  if (read.kind === 'unreadable') return { kind: 'refused', reason: read.reason }
  return { kind: 'rewritten', message: applySplices(raw, removeControlFields(read.root.header)) }
}

function wayOf(parts: RelayParts, mail: ClientMail, brand: BrandRow, dress: Dress, chosen: ChosenKeys): RewriteWay {
  const { hub, labels } = parts
  const { topic, campaign, campaignNumber } = dress
  // The body offers the wide no and a page, which is not the narrow no itself: silence keeps its full meaning (rule 3).
  const link = { keyed: mail.recipient, brand, topic, campaignNumber, channel: 'email' as const, offered: [] }
  const links = sealMailLinks(hub.linkRing, hub.place, link, hub.clock())
  const language = chooseMailLanguage([dress.language], brand.country)
  const { accent } = brandSettings(brand)
  return {
    links,
    labels: labels[language],
    language,
    ...(accent !== undefined && { accent }),
    feedbackId: feedbackId(campaign, topic.id, brand.id),
    ...(chosen.vouchesForComplaints && {
      complaintAddress: `complaints@${hub.place.mailDomain}; report=arf`,
      complaintFeedbackId: complaintToken(links.mailto),
    }),
    mustCarry: topic.purpose === 'marketing',
    headersOnlyAllowed: mail.credential.headersOnly,
  }
}

/** Google's four parts, the sender last; a colon in one would begin the next. */
function feedbackId(campaign: string | undefined, topic: string, brand: string): string {
  const plain = (text: string) => text.replace(/[^a-z0-9._-]+/gi, '-').slice(0, 60)
  return [campaign ?? topic, topic, 'email', brand].map(plain).join(':')
}

/** The token of the mailto address: it names reader and mail to us, and nothing to others. */
function complaintToken(mailto: string): string {
  return mailto.replace(/^mailto:/, '').replace(/@.*$/, '')
}
