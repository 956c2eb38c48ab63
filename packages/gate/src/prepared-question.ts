import {
  type Channel,
  type ContactPointType,
  campaignFingerprint,
  chooseRulePack,
  type Decision,
  type Purpose,
  type Question,
} from '@verzet/core'

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
export const silenceKeptMs = 1_000

export type Kept = { readonly decision: Decision; readonly until: number }

/** A kind of message with all that does not depend on the person. */
export type Prepared =
  | { readonly kind: 'answered'; readonly decision: Decision }
  | {
      readonly kind: 'ready'
      readonly about: Omit<Question, 'contactPointType'>
      readonly brandCountry: string
      readonly silences: Map<string, Kept>
      readonly refusals: Map<string, Decision>
      /** The same for e-mail addresses, which name no country: by nothing at all, and by the code of the refusal. */
      emailSilence?: Kept
      readonly emailRefusals: (Decision | undefined)[]
      /** By what the index located, for contact points that name no country by themselves. */
      readonly located: Map<number, Kept>
      locatedFor: string
      /** Where the campaign is found in the index while it is held, and what is answered then. */
      readonly campaign?: { readonly low: number; readonly high: number; readonly whenHeld: Ready }
    }
export type Ready = Extract<Prepared, { kind: 'ready' }>

/** Where nobody's rules apply yet the strictest pack is named, as the hub does. */
export function denied(reason: Decision['reason']): Decision {
  return { decision: 'deny', reason, rulePack: chooseRulePack(undefined).version }
}

/** Also a clock that was set back ends it. */
export function isStillValid({ until }: Kept, now: number): boolean {
  return now < until && now >= until - silenceKeptMs
}

/** @param fingerprintKey what campaigns are looked up with */
export function prepare(
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
  return { kind: 'ready', about, brandCountry, silences, refusals, emailRefusals: [], located, locatedFor: '' }
}
