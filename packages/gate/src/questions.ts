import {
  type ContactPoint,
  type ContactPointType,
  channelsServedBy,
  chooseRulePack,
  contactPointTypes,
  countryOfContactPoint,
  type Decision,
  decide,
  normaliseContactPoint,
  type Standing,
} from '@verzet/core'
import { type Fingerprinter, plainAddresses } from './fingerprinter.ts'
import { namelessMark } from './gate-record.ts'
import { addressesAtOnce } from './plain-addresses.ts'
import {
  type About,
  denied,
  type GateCatalog,
  type GivenContactPoint,
  isStillValid,
  type Prepared,
  prepare,
  type Ready,
  silenceKeptMs,
} from './prepared-question.ts'
import type { Found, StandingIndex } from './standing-index.ts'

export type { About, GateCatalog, GivenContactPoint } from './prepared-question.ts'
export { denied } from './prepared-question.ts'

const preparedMax = 10_000
/** Answers of records that many share; beyond this many they are worked out anew. */
const keptMax = 20_000

/** Answers from an index as the hub answers from its database: the same normalising, the same `decide`. */
export class Questions {
  readonly #index: StandingIndex
  readonly #fingerprinter: Fingerprinter
  readonly #catalog: GateCatalog
  readonly #prepared = new Map<string, Prepared>()
  readonly #located = new Float64Array(addressesAtOnce)
  #last: { readonly about: About; readonly prepared: Prepared } | undefined

  constructor(index: StandingIndex, fingerprinter: Fingerprinter, catalog: GateCatalog) {
    this.#index = index
    this.#fingerprinter = fingerprinter
    this.#catalog = catalog
  }

  answer(given: GivenContactPoint, about: About, now: number): Decision {
    const prepared = this.#prepare(about)
    if (prepared.kind === 'answered') return prepared.decision
    if (given.type === 'email' && this.#fingerprinter.takeEmail(given.value)) {
      const { low, high } = this.#fingerprinter
      return this.#answerEmail(prepared, this.#index.locate(low, high), low, high, now)
    }
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

  /** What `answer` says about each of a list, several times as fast for e-mail addresses. */
  answerMany(given: readonly GivenContactPoint[], about: About, now: number): Decision[] {
    const prepared = this.#prepare(about)
    const addresses = plainAddresses()
    if (prepared.kind === 'answered') return given.map(() => prepared.decision)
    if (addresses === undefined) return given.map((point) => this.answer(point, about, now))
    const decisions: Decision[] = []
    const ofRecords = new Map<number, Decision>()
    const { pairs } = addresses
    const located = this.#located
    const ofCodes = this.#index.hasChoiceIds ? [] : prepared.emailRefusals
    const ofNobody = this.#answerEmail(prepared, 0, 0, 0, now)
    for (let from = 0; from < given.length; from += addressesAtOnce) {
      const count = addresses.takeMany(this.#fingerprinter.key, given, from)
      this.#index.locateMany(pairs, count, located)
      for (let index = 0; index < count; index += 1) {
        const place = located[index] ?? 0
        const point = given[from + index]
        let decision: Decision | undefined = place === 0 ? ofNobody : undefined
        if (point === undefined) continue
        if (!addresses.isPlain(index)) decision = this.answer(point, about, now)
        else if (place < 0) decision = ofCodes[-place]
        else if (place > 0) decision = ofRecords.get(place)
        if (decision === undefined) {
          decision = this.#answerEmail(prepared, place, pairs[2 * index] ?? 0, pairs[2 * index + 1] ?? 0, now)
          if (place > 0) ofRecords.set(place, decision)
        }
        decisions.push(decision)
      }
    }
    return decisions
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

  /** Makes ready for `locateMany` of lists in which most people are strangers. */
  sift(): void {
    this.#index.sift()
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

  /** As `answer`, of a plain address with this fingerprint. */
  #answerEmail(prepared: Ready, located: number, low: number, high: number, now: number): Decision {
    if (located > 0) return this.#answerFound(prepared, 'email', this.#index.foundAt(located), now)
    if (located === 0) {
      const known = prepared.emailSilence
      if (known !== undefined && isStillValid(known, now)) return known.decision
      const decision = this.#judge(prepared, 'email', undefined, prepared.brandCountry, now)
      prepared.emailSilence = { decision, until: now + silenceKeptMs }
      return decision
    }
    let refusal = prepared.emailRefusals[-located]
    if (refusal === undefined) {
      refusal = this.#answerFound(prepared, 'email', this.#index.foundAt(located), now)
      prepared.emailRefusals[-located] = refusal
    }
    if (!this.#index.hasChoiceIds || refusal.reason !== 'objection') return refusal
    // Written out: spreading an object takes ten times as long.
    const { decision, reason, rulePack } = refusal
    return { decision, reason, choiceId: this.#index.choiceIdOf(low, high), rulePack }
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

function isNameless(choiceId: string): boolean {
  return choiceId === '' || choiceId.startsWith(namelessMark)
}

function readContactPoint(given: GivenContactPoint, country: string): ContactPoint | undefined {
  const read = normaliseContactPoint(given, { country })
  return read.kind === 'ok' ? read.contactPoint : undefined
}
