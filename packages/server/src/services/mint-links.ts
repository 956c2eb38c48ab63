import {
  type Channel,
  linkMailToken,
  linkPathToken,
  makePrintedCode,
  type Offer,
  printedCodeRandomBytes,
  type SealRing,
  sealLink,
  showPrintedCode,
} from '@verzet/core'
import type { BrandRow, TopicRow } from '../storage/catalog.ts'
import { insertContactPoints } from '../storage/contact-points.ts'
import { type Database, transact } from '../storage/database.ts'
import { insertPrintedCodes } from '../storage/printed-codes.ts'
import { insertStandings, writeStandings } from '../storage/standings.ts'
import type { KeyedContactPoint, RandomBytes } from './ports.ts'

/** Where the hub is reached from outside. */
export type PublicPlace = {
  /** Origin with scheme, without a trailing slash. */
  readonly url: string
  /** A shorter origin that leads to the same hub, for links in text messages. */
  readonly shortUrl?: string
  /** Domain that takes opt-out mail. */
  readonly mailDomain: string
}

export type LinkToMint = {
  readonly keyed: KeyedContactPoint
  readonly brand: BrandRow
  readonly topic: TopicRow
  readonly campaignNumber: number
  readonly channel: Channel
  readonly offered: readonly Offer[]
}

/** Everything a message needs to carry its way out. */
export type MintedLinks = {
  readonly page: string
  readonly stopAll: string
  readonly preferences: string
  readonly mailto: string
  readonly headers: Readonly<Record<string, string>>
  readonly shortUrl: string
  readonly code: string
}

export type MailLinks = Omit<MintedLinks, 'shortUrl' | 'code'>

/**
 * Makes personal links. The contact points and codes are stored first, so that every link works the moment it is returned.
 */
export async function mintLinks(
  db: Database,
  ring: SealRing,
  random: RandomBytes,
  place: PublicPlace,
  links: readonly LinkToMint[],
  now: number,
): Promise<MintedLinks[]> {
  const sealed = links.map((link) => sealLink(ring, claimsOf(link, now)))
  const codes = await transact(db, async (tx) => {
    const points = links.map(({ keyed }) => ({
      key: keyed.key,
      contactKey: keyed.key,
      type: keyed.contactPoint.type,
      value: keyed.contactPoint.normalised,
      fingerprint: keyed.fingerprint,
    }))
    const inOrder = [...new Map(points.map((row) => [row.key, row])).values()].sort((a, b) => (a.key < b.key ? -1 : 1))
    await insertContactPoints(tx, inOrder, now)
    const unheard = await insertStandings(tx, inOrder)
    const taken = await takeCodes(sealed, random, (wanted) => insertPrintedCodes(tx, wanted, now))
    if (unheard.length > 0) await writeStandings(tx, unheard, now)
    return taken
  })
  return links.map((link, index) => describe(place, link, sealed[index] ?? Buffer.alloc(0), codes[index] ?? ''))
}

/** Draws codes until each link has one nobody else has; a collision is a one in a million event at ten million codes. */
async function takeCodes(
  sealed: readonly Buffer[],
  random: RandomBytes,
  store: (wanted: { code: string; link: Buffer }[]) => Promise<Set<string>>,
): Promise<string[]> {
  const codes = new Map<number, string>()
  let open = sealed.map((link, index) => ({ link, index, code: '' }))
  while (open.length > 0) {
    const drawn = new Map(
      open.map((entry) => {
        const code = makePrintedCode(random(printedCodeRandomBytes))
        return [code, { ...entry, code }]
      }),
    )
    const stored = await store([...drawn.values()])
    for (const code of stored) {
      const entry = drawn.get(code)
      if (entry !== undefined) codes.set(entry.index, code)
    }
    open = open.filter((entry) => !codes.has(entry.index))
  }
  return sealed.map((_, index) => codes.get(index) ?? '')
}

function claimsOf(link: LinkToMint, now: number) {
  return {
    contactPointKey: link.keyed.key,
    brandNumber: link.brand.number,
    topicNumber: link.topic.number,
    campaignNumber: link.campaignNumber,
    channel: link.channel,
    offered: link.offered,
    mintedAt: now,
  }
}

/**
 * The links of a mail, without a code to print and so without a row of their own. Whoever puts them into a mail sees to
 * it that the contact point is stored before it leaves.
 */
export function sealMailLinks(ring: SealRing, place: PublicPlace, link: LinkToMint, now: number): MailLinks {
  return describeMailLinks(place, link, sealLink(ring, claimsOf(link, now)))
}

function describe(place: PublicPlace, link: LinkToMint, sealed: Buffer, code: string): MintedLinks {
  return {
    ...describeMailLinks(place, link, sealed),
    shortUrl: `${shortOriginOf(place)}/c/${code}`,
    code: showPrintedCode(code),
  }
}

function describeMailLinks(place: PublicPlace, link: LinkToMint, sealed: Buffer): MailLinks {
  const page = `${place.url}/u/${linkPathToken(sealed)}`
  const mailAddress = `${linkMailToken(sealed)}@${place.mailDomain}`
  return {
    page,
    stopAll: `${page}#stop`,
    preferences: `${page}#preferences`,
    mailto: `mailto:${mailAddress}`,
    headers: {
      // RFC 8058 §3.1: one https address; the mailto beside it serves clients that only write mail (RFC 2369 §3.2).
      'List-Unsubscribe': `<${page}>, <mailto:${mailAddress}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'List-Id': `<${listIdOf(place, link.brand.id, link.topic.id)}>`,
    },
  }
}

/** Where short links begin. */
export function shortOriginOf(place: Pick<PublicPlace, 'url' | 'shortUrl'>): string {
  return place.shortUrl ?? place.url
}

/** The identifier of a topic's mails in List-Id. */
export function listIdOf(place: PublicPlace, brandId: string, topicId: string): string {
  return `${listLabel(topicId)}.${listLabel(brandId)}.${place.mailDomain}`
}

/** A List-Id label (RFC 2919 §2): letters, digits and inner hyphens. */
function listLabel(id: string): string {
  return (
    id
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'list'
  )
}
