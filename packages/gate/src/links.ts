import { type Channel, type ContactPoint, channelsServedBy, normaliseContactPoint, type Offer } from '@verzet/core'
import type { LinkBrand, LinkKey } from './links-key.ts'
import { LinkSealer, type SealedAbout, sealedAtOnceMax } from './links-sealer.ts'
import type { GivenContactPoint } from './questions.ts'

/** The message the links go into. Without `brand` the topic decides, when one brand alone has it. */
export type LinksAbout = {
  readonly brand?: string
  readonly channel: Channel
  readonly topic: string
  /** A name the hub knows; `Gate.nameCampaign` makes a new one known. */
  readonly campaign?: string
  /** What the message itself offers its reader besides the link; nothing, and then silence means everything (rule 3). */
  readonly offered?: readonly Offer[]
}

/**
 * What `POST /v1/links` answers, but for `shortUrl` and `code`: those are short because the hub keeps a row for each, so
 * only the hub makes them.
 */
export type OfflineLinks = {
  /** The person's own page; RFC 8058's one click is a POST to it. */
  readonly page: string
  readonly stopAll: string
  readonly preferences: string
  readonly mailto: string
  /** `List-Unsubscribe`, `List-Unsubscribe-Post` and `List-Id`, to put into the message as they are. */
  readonly headers: Readonly<Record<'List-Unsubscribe' | 'List-Unsubscribe-Post' | 'List-Id', string>>
}

export type LinkRefusal =
  | 'no_link_key'
  | 'unknown_brand'
  | 'brand_required'
  | 'unknown_topic'
  | 'unknown_campaign'
  | 'channel_mismatch'
  | 'invalid_contact_point'
  | 'too_many_unknown'

/** No link was made. `code` says why, and `message` what to do; neither repeats the contact point. */
export class LinkRefused extends Error {
  override readonly name = 'LinkRefused'
  readonly code: LinkRefusal

  constructor(code: LinkRefusal, message: string) {
    super(message)
    this.code = code
  }
}

type Prepared = {
  readonly about: LinksAbout
  readonly country: string
  readonly sealed: SealedAbout
  readonly listId: string
}

/** Kinds of message a minter has at hand; beyond it they are worked out anew. */
const preparedMax = 1_000

/**
 * Makes personal opt-out links as the hub does, from a link key and without asking anybody: the hub opens them, for ever.
 * The hub finds the person by key, and by address only when it knows the contact point: bring in whom it does not know.
 * Where a gate does the minting it sees to that itself.
 */
export class LinkMinter {
  readonly #key: LinkKey
  readonly #sealer: LinkSealer
  readonly #prepared = new Map<string, Prepared>()
  #last: Prepared | undefined

  constructor(key: LinkKey) {
    this.#key = key
    this.#sealer = new LinkSealer(key)
  }

  /** The number of the key that seals; it changes with `verzet keys rotate`. */
  get keyId(): number {
    return this.#key.keyId
  }

  /**
   * The links of one message to one contact point. `now` is ms since 1970; a link keeps the minute.
   * @param onMint Told of the contact point in its normal form, before the links are made.
   * @throws {LinkRefused}
   */
  links(
    given: GivenContactPoint,
    about: LinksAbout,
    now: number,
    onMint?: (contactPoint: ContactPoint) => void,
  ): OfflineLinks {
    const prepared = this.#prepare(about)
    this.#stage(0, given, prepared, now, onMint)
    this.#sealer.encipher(1)
    return this.#take(0, prepared)
  }

  /** The same for a list, somewhat faster; undefined where a value is no contact point. @throws {LinkRefused} for the rest. */
  linksMany(
    list: readonly GivenContactPoint[],
    about: LinksAbout,
    now: number,
    onMint?: (contactPoint: ContactPoint) => void,
  ): (OfflineLinks | undefined)[] {
    const prepared = this.#prepare(about)
    const made: (OfflineLinks | undefined)[] = []
    for (let from = 0; from < list.length; from += sealedAtOnceMax) {
      const some = list.slice(from, from + sealedAtOnceMax)
      const isRead = some.map((given, place) => this.#isStaged(place, given, prepared, now, onMint))
      this.#sealer.encipher(some.length)
      for (const [place, isHere] of isRead.entries()) made.push(isHere ? this.#take(place, prepared) : undefined)
    }
    return made
  }

  #isStaged(
    place: number,
    given: GivenContactPoint,
    prepared: Prepared,
    now: number,
    onMint: ((contactPoint: ContactPoint) => void) | undefined,
  ): boolean {
    try {
      this.#stage(place, given, prepared, now, onMint)
      return true
    } catch (error) {
      if (error instanceof LinkRefused && error.code === 'invalid_contact_point') return false
      throw error
    }
  }

  #stage(
    place: number,
    given: GivenContactPoint,
    prepared: Prepared,
    now: number,
    onMint: ((contactPoint: ContactPoint) => void) | undefined,
  ): void {
    if (!channelsServedBy(given.type).includes(prepared.about.channel)) {
      throw new LinkRefused('channel_mismatch', `a contact point of type ${given.type} is not reached on this channel`)
    }
    const read = normaliseContactPoint(given, { country: prepared.country })
    if (read.kind !== 'ok') throw new LinkRefused('invalid_contact_point', read.hint)
    onMint?.(read.contactPoint)
    this.#sealer.stage(place, given.type, read.contactPoint.normalised, now)
  }

  #take(place: number, prepared: Prepared): OfflineLinks {
    this.#sealer.take(place)
    const page = `${this.#key.url}/u/${this.#sealer.path()}`
    const mailto = `mailto:${this.#sealer.mail()}@${this.#key.mailDomain}`
    return {
      page,
      stopAll: `${page}#stop`,
      preferences: `${page}#preferences`,
      mailto,
      headers: {
        // RFC 8058 §3.1: one https address; the mailto beside it serves clients that only write mail (RFC 2369 §3.2).
        'List-Unsubscribe': `<${page}>, <${mailto}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        'List-Id': prepared.listId,
      },
    }
  }

  #prepare(about: LinksAbout): Prepared {
    const last = this.#last
    const isLast =
      last !== undefined &&
      last.about.topic === about.topic &&
      last.about.brand === about.brand &&
      last.about.channel === about.channel &&
      last.about.campaign === about.campaign &&
      hasSame(last.about.offered, about.offered)
    if (isLast) return last
    const name = JSON.stringify([about.brand, about.channel, about.topic, about.campaign, about.offered])
    let prepared = this.#prepared.get(name)
    if (prepared === undefined) {
      prepared = prepare(this.#key, about)
      if (this.#prepared.size >= preparedMax) this.#prepared.clear()
      this.#prepared.set(name, prepared)
    }
    this.#sealer.prepare(prepared.sealed)
    this.#last = prepared
    return prepared
  }
}

function hasSame(one: readonly Offer[] = [], other: readonly Offer[] = []): boolean {
  return one.length === other.length && one.every((offer, index) => offer === other[index])
}

function prepare(key: LinkKey, about: LinksAbout): Prepared {
  const brand = brandOf(key, about)
  const topic = brand.topics.find(({ id }) => id === about.topic)
  if (topic === undefined) throw new LinkRefused('unknown_topic', `the brand ${brand.id} has no topic ${about.topic}`)
  const campaign = about.campaign === undefined ? undefined : brand.campaigns.find(({ id }) => id === about.campaign)
  if (about.campaign !== undefined && campaign === undefined) {
    throw new LinkRefused(
      'unknown_campaign',
      `the hub has not told of a campaign ${about.campaign} of ${brand.id} yet: name it first (nameCampaign)`,
    )
  }
  return {
    // A copy: what the caller goes on to change is another message.
    about: { ...about, ...(about.offered && { offered: [...about.offered] }) },
    country: brand.country,
    sealed: {
      brandNumber: brand.number,
      topicNumber: topic.number,
      campaignNumber: campaign?.number ?? 0,
      channel: about.channel,
      offered: about.offered ?? [],
    },
    listId: `<${topic.listId}>`,
  }
}

function brandOf({ brands }: LinkKey, { brand: wanted, topic }: LinksAbout): LinkBrand {
  const candidates = brands.filter((brand) =>
    wanted === undefined ? brand.topics.some(({ id }) => id === topic) : brand.id === wanted,
  )
  const [brand, another] = candidates
  if (another !== undefined) throw new LinkRefused('brand_required', 'several brands have this topic: name the brand')
  if (brand !== undefined) return brand
  throw wanted === undefined
    ? new LinkRefused('unknown_topic', `no brand has a topic ${topic}`)
    : new LinkRefused('unknown_brand', `there is no brand ${wanted}`)
}
