import {
  type Channel,
  type ContactPoint,
  type ContactPointType,
  campaignFingerprint,
  channelsServedBy,
  chooseRulePack,
  contactPointTypes,
  countryOfContactPoint,
  type Decision,
  decide,
  normaliseContactPoint,
  type Purpose,
  type Question,
  type Standing,
} from '@verzet/core'
import type { Fingerprinter } from './fingerprinter.ts'
import { namelessMark } from './gate-record.ts'
import type { Found, StandingIndex } from './standing-index.ts'

/** Brands with their topics, and how old each register's snapshot is: what a question is judged with beside a standing. */
export type GateCatalog = {
  readonly brands: readonly {
    readonly id: string
    readonly country: string
    /** The registers no law asks for that the brand holds itself to. */
    readonly pledgedRegisters?: readonly string[]
    readonly topics: readonly { readonly id: string; readonly purpose: Purpose }[]
  }[]
  /** Ms since 1970 of the newest snapshot, by register id. */
  readonly registers: Readonly<Record<string, number>>
}

export type GivenContactPoint = { readonly type: ContactPointType; readonly value: string }
/**
 * What is to be sent. Without `brand` the topic decides, when one brand alone has it. With `campaign` it is refused while
 * staff hold that campaign back; a name nobody ever used is no mistake.
 */
export type About = {
  readonly brand?: string
  readonly channel: Channel
  readonly topic: string
  readonly campaign?: string
}

/** An answer about somebody nobody said anything about changes with the day's rules; this long it is kept. */
const silenceKeptMs = 1_000
const preparedMax = 10_000

type Kept = { readonly decision: Decision; readonly until: number }
/** Answers of records that many share; beyond this many they are worked out anew. */
const keptMax = 20_000

/** A kind of message with all that does not depend on the person. */
type Prepared =
  | { readonly kind: 'answered'; readonly decision: Decision }
  | {
      readonly kind: 'ready'
      readonly about: Omit<Question, 'contactPointType'>
      readonly brandCountry: string
      readonly silences: Map<string, Kept>
      readonly refusals: Map<string, Decision>
      /** By what the index located, for contact points that name no country by themselves. */
      readonly located: Map<number, Kept>
      locatedFor: string
      /** Where the campaign is found in the index while it is held, and what is answered then. */
      readonly campaign?: { readonly low: number; readonly high: number; readonly whenHeld: Ready }
    }
type Ready = Extract<Prepared, { kind: 'ready' }>

/** Answers from an index as the hub answers from its database: the same normalising, the same `decide`. */
export class Questions {
  readonly #index: StandingIndex
  readonly #fingerprinter: Fingerprinter
  readonly #catalog: GateCatalog
  readonly #prepared = new Map<string, Prepared>()
  #last: { readonly about: About; readonly prepared: Prepared } | undefined

  constructor(index: StandingIndex, fingerprinter: Fingerprinter, catalog: GateCatalog) {
    this.#index = index
    this.#fingerprinter = fingerprinter
    this.#catalog = catalog
  }

  answer(given: GivenContactPoint, about: About, now: number): Decision {
    const prepared = this.#prepare(about)
    if (prepared.kind === 'answered') return prepared.decision
    const contactPoint = readContactPoint(given, prepared.brandCountry)
    if (contactPoint === undefined) return denied('invalid_contact_point')
    const { type, normalised } = contactPoint
    this.#fingerprinter.take(type, normalised)
    const found = this.#index.find(this.#fingerprinter.low, this.#fingerprinter.high)
    if (found.kind === 'nothing') return this.#ofSilence(prepared, contactPoint, now)
    const country = found.kind === 'record' ? found.standing.country : found.country
    const pack = country ?? countryOfContactPoint(contactPoint) ?? prepared.brandCountry
    if (found.kind === 'record') return this.#judge(prepared, type, found.standing, pack, now)
    return this.#refused(prepared, type, pack, found.choiceId)
  }

  get fingerprintKey(): Uint8Array {
    return this.#fingerprinter.key
  }

  locate(low: number, high: number): number {
    return this.#index.locate(low, high)
  }

  /** The fingerprint a contact point is known by; undefined when it is none. */
  fingerprintOf(given: GivenContactPoint, about: About): { low: number; high: number } | undefined {
    const prepared = this.#prepare(about)
    const country = prepared.kind === 'ready' ? prepared.brandCountry : ''
    const contactPoint = readContactPoint(given, country)
    if (contactPoint === undefined) return undefined
    this.#fingerprinter.take(contactPoint.type, contactPoint.normalised)
    return { low: this.#fingerprinter.low, high: this.#fingerprinter.high }
  }

  /** What is known of many whose fingerprints were taken elsewhere, for `answerLocated`. */
  locateMany(pairs: Uint32Array, count: number, located: Float64Array): void {
    this.#index.locateMany(pairs, count, located)
  }

  /**
   * The answer from what was located a moment ago, without the choice that decided, for a contact point that names no
   * country by itself. What is the same for many is kept for a second.
   */
  answerLocated(located: number, type: ContactPointType, about: About, now: number): Decision {
    const prepared = this.#prepare(about)
    if (prepared.kind === 'answered') return prepared.decision
    const locatedFor = `${type} ${this.#index.generation}`
    if (prepared.locatedFor !== locatedFor || prepared.located.size > keptMax) {
      prepared.located.clear()
      prepared.locatedFor = locatedFor
    }
    const known = prepared.located.get(located)
    if (known !== undefined && isStillValid(known, now)) return known.decision
    const decision = this.#answerFound(prepared, type, this.#index.foundAt(located), now)
    prepared.located.set(located, { decision, until: now + silenceKeptMs })
    return decision
  }

  /**
   * What was said through this contact point about messages it does not carry itself: undefined unless it was a no that
   * covers them, as a stop to everything said by phone covers mail.
   */
  refusalThrough(given: GivenContactPoint, about: About, now: number): Decision | undefined {
    const prepared = this.#prepare(about)
    if (prepared.kind === 'answered') return prepared.decision
    const contactPoint = readContactPoint(given, prepared.brandCountry)
    if (contactPoint === undefined) return denied('invalid_contact_point')
    this.#fingerprinter.take(contactPoint.type, contactPoint.normalised)
    const found = this.#index.find(this.#fingerprinter.low, this.#fingerprinter.high)
    if (found.kind === 'nothing') return undefined
    const type = contactPointTypes.find((one) => channelsServedBy(one).includes(about.channel))
    const country = prepared.brandCountry
    if (type === undefined) return denied('channel_mismatch')
    const decision =
      found.kind === 'record'
        ? this.#judge(prepared, type, found.standing, country, now)
        : this.#refused(prepared, type, country, found.choiceId)
    return decision.reason === 'objection' || decision.reason === 'under_review' ? decision : undefined
  }

  /** True when the person asked for at most so many: then only the hub knows whether this one is within. */
  hasCadence(given: GivenContactPoint, about: About): boolean {
    const prepared = this.#prepare(about)
    if (prepared.kind === 'answered') return false
    const contactPoint = readContactPoint(given, prepared.brandCountry)
    if (contactPoint === undefined) return false
    this.#fingerprinter.take(contactPoint.type, contactPoint.normalised)
    const found = this.#index.find(this.#fingerprinter.low, this.#fingerprinter.high)
    if (found.kind !== 'record') return false
    return found.standing.groups.some((group) => group.items.some((item) => item.kind === 'cadence'))
  }

  /** In the country of the standing or else the brand's. */
  #answerFound(prepared: Ready, type: ContactPointType, found: Found, now: number): Decision {
    const known =
      found.kind === 'record' ? found.standing.country : found.kind === 'refusal' ? found.country : undefined
    const country = known ?? prepared.brandCountry
    if (found.kind === 'refusal') return this.#refused(prepared, type, country, undefined)
    return this.#judge(prepared, type, found.kind === 'record' ? found.standing : undefined, country, now)
  }

  #judge(
    prepared: Ready,
    contactPointType: ContactPointType,
    standing: Standing | undefined,
    country: string,
    now: number,
  ): Decision {
    const decision = decide({ ...prepared.about, contactPointType }, standing, chooseRulePack(country), now)
    if (decision.choiceId === undefined || !isNameless(decision.choiceId)) return decision
    // An index without choices has no ids.
    const { choiceId: _none, ...rest } = decision
    return rest
  }

  /** Nothing was said: the answer is that of everybody in the same country. */
  #ofSilence(prepared: Ready, contactPoint: ContactPoint, now: number): Decision {
    const country = countryOfContactPoint(contactPoint) ?? prepared.brandCountry
    const name = `${contactPoint.type} ${country}`
    const known = prepared.silences.get(name)
    if (known !== undefined && isStillValid(known, now)) return known.decision
    const decision = this.#judge(prepared, contactPoint.type, undefined, country, now)
    prepared.silences.set(name, { decision, until: now + silenceKeptMs })
    return decision
  }

  /** A refusal of everything, by `decide` itself once for each kind of message and country. */
  #refused(prepared: Ready, type: ContactPointType, country: string, choiceId: string | undefined): Decision {
    const name = `${type} ${country}`
    let decision = prepared.refusals.get(name)
    if (decision === undefined) {
      const no = { kind: 'objection' as const, id: '', scope: {}, at: 0 }
      const standing = { groups: [{ relation: null, items: [no] }] }
      decision = this.#judge(prepared, type, standing, country, 0)
      prepared.refusals.set(name, decision)
    }
    return choiceId === undefined || decision.reason !== 'objection' ? decision : { ...decision, choiceId }
  }

  #prepare(about: About): Prepared {
    const last = this.#last
    if (
      last !== undefined &&
      last.about.topic === about.topic &&
      last.about.brand === about.brand &&
      last.about.channel === about.channel &&
      last.about.campaign === about.campaign
    ) {
      return this.#asHeld(last.prepared)
    }
    const name = JSON.stringify([about.brand, about.channel, about.topic, about.campaign])
    let prepared = this.#prepared.get(name)
    if (prepared === undefined) {
      prepared = prepare(this.#catalog, this.#fingerprinter.key, about)
      if (this.#prepared.size >= preparedMax) this.#prepared.clear()
      this.#prepared.set(name, prepared)
    }
    this.#last = { about: { ...about }, prepared }
    return this.#asHeld(prepared)
  }

  /** Looked up for every question: a hold counts from the moment it is in the index. */
  #asHeld(prepared: Prepared): Prepared {
    if (prepared.kind === 'answered' || prepared.campaign === undefined) return prepared
    const { low, high, whenHeld } = prepared.campaign
    return this.#index.locate(low, high) === 0 ? prepared : whenHeld
  }
}

/** Where nobody's rules apply yet the strictest pack is named, as the hub does. */
export function denied(reason: Decision['reason']): Decision {
  return { decision: 'deny', reason, rulePack: chooseRulePack(undefined).version }
}

function isNameless(choiceId: string): boolean {
  return choiceId === '' || choiceId.startsWith(namelessMark)
}

/** Also a clock that was set back ends it. */
function isStillValid({ until }: Kept, now: number): boolean {
  return now < until && now >= until - silenceKeptMs
}

function prepare(
  catalog: GateCatalog,
  fingerprintKey: Uint8Array,
  { brand: brandId, channel, topic: topicId, campaign }: About,
): Prepared {
  const candidates = catalog.brands.filter((brand) =>
    brandId === undefined ? brand.topics.some((topic) => topic.id === topicId) : brand.id === brandId,
  )
  const [brand, another] = candidates
  if (brand === undefined) {
    return { kind: 'answered', decision: denied(brandId === undefined ? 'unknown_topic' : 'unknown_brand') }
  }
  if (another !== undefined) return { kind: 'answered', decision: denied('brand_required') }
  const purpose = brand.topics.find((topic) => topic.id === topicId)?.purpose
  const { registers } = catalog
  const { id, pledgedRegisters = [] } = brand
  const about = { brand: id, channel, topic: topicId, registers, pledgedRegisters, ...(purpose && { purpose }) }
  const ready = readyFor(about, brand.country)
  if (campaign === undefined) return ready
  const fingerprint = campaignFingerprint(fingerprintKey, brand.id, campaign)
  const words = { low: Number(fingerprint & 0xffffffffn), high: Number(fingerprint >> 32n) }
  return { ...ready, campaign: { ...words, whenHeld: readyFor({ ...about, campaignHeld: true }, brand.country) } }
}

function readyFor(about: Ready['about'], brandCountry: string): Ready {
  const [silences, refusals, located] = [new Map(), new Map(), new Map()]
  return { kind: 'ready', about, brandCountry, silences, refusals, located, locatedFor: '' }
}

function readContactPoint(given: GivenContactPoint, country: string): ContactPoint | undefined {
  const read = normaliseContactPoint(given, { country })
  return read.kind === 'ok' ? read.contactPoint : undefined
}
