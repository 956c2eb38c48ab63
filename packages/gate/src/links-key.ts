import type { SealerKeys } from './links-sealer.ts'

/** What making links takes: keys, where the hub is reached, and the numbers brands, topics and campaigns travel by. */
export type LinkKey = SealerKeys & {
  /** Origin of the hub's pages, without a trailing slash. */
  readonly url: string
  /** Domain that takes opt-out mail. */
  readonly mailDomain: string
  readonly brands: readonly LinkBrand[]
}

export type LinkBrand = {
  readonly id: string
  readonly number: number
  /** Where a phone number or postal address that names no country lies. */
  readonly country: string
  readonly topics: readonly { readonly id: string; readonly number: number; readonly listId: string }[]
  readonly campaigns: readonly { readonly id: string; readonly number: number }[]
}

/** What was given as a link key is none of this version. */
export class LinkKeyUnreadable extends Error {
  override readonly name = 'LinkKeyUnreadable'
  readonly code = 'link_key_unreadable'
}

const secretBytes = 32
/** One byte names the key; two a brand or a topic; three a campaign. */
const keyIdMax = 0xff
const shortNumberMax = 0xffff
const campaignNumberMax = 0xffffff

/** Reads what `GET /v1/links/key` answers and `verzet keys link-key` writes. @throws {LinkKeyUnreadable} */
export function parseLinkKey(value: unknown): LinkKey {
  const { keyId, macKey, cipherKey, contactPointInner, contactPointOuter, url, mailDomain, brands } = objectOf(value)
  return {
    keyId: numberOf(keyId, keyIdMax),
    macKey: secretOf(macKey),
    cipherKey: secretOf(cipherKey),
    contactPointInner: secretOf(contactPointInner),
    contactPointOuter: secretOf(contactPointOuter),
    url: textOf(url),
    mailDomain: textOf(mailDomain),
    brands: listOf(brands).map(brandOf),
  }
}

function brandOf({ id, number, country, topics, campaigns }: Record<string, unknown>): LinkBrand {
  return {
    id: textOf(id),
    number: numberOf(number, shortNumberMax),
    country: textOf(country),
    topics: listOf(topics).map((topic) => ({
      id: textOf(topic.id),
      number: numberOf(topic.number, shortNumberMax),
      listId: textOf(topic.listId),
    })),
    campaigns: listOf(campaigns).map((campaign) => ({
      id: textOf(campaign.id),
      number: numberOf(campaign.number, campaignNumberMax),
    })),
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable()
  return Object.fromEntries(Object.entries(value))
}

function listOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw unreadable()
  return value.map(objectOf)
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw unreadable()
  return value
}

function numberOf(value: unknown, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max) throw unreadable()
  return value
}

function secretOf(value: unknown): Uint8Array {
  const bytes = Buffer.from(textOf(value), 'base64')
  if (bytes.length !== secretBytes) throw unreadable()
  return bytes
}

/** Says nothing of what was read: it holds secrets. */
function unreadable(): LinkKeyUnreadable {
  return new LinkKeyUnreadable('this is no link key of this version: make it anew with "verzet keys link-key"')
}
