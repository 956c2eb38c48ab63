import {
  type Channel,
  type ContactPoint,
  type ContactPointType,
  chooseRulePack,
  contactPointKey,
  countryOfContactPoint,
  type Decision,
  decide,
  encodePosition,
  type HashSecrets,
  normaliseContactPoint,
  type Question,
  type Standing,
  sendsKeptMs,
} from '@verzet/core'
import type { Queryable } from '../storage/database.ts'
import { type CountedSend, listSends } from '../storage/sends.ts'
import { findStandingsWithPosition } from '../storage/standings.ts'
import { brandSettings } from './brand-settings.ts'
import { type CampaignIdentity, identifyCampaign, isHeld } from './campaigns/campaign-identity.ts'
import type { Catalog } from './catalog.ts'

/** A question as it is asked from outside. */
export type GateQuestion = {
  readonly contactPoint: { readonly type: ContactPointType; readonly value: string }
  readonly brand?: string
  readonly channel: Channel
  readonly topic: string
  readonly campaign?: string
}

/** The decision with the place in the feed it was made at: an opaque cursor. */
export type GateAnswer = Decision & { readonly position: string }

/** A question that could be judged, or the answer that no judging is needed for. */
export type PreparedQuestion =
  | {
      readonly kind: 'ready'
      readonly question: Question
      readonly contactPoint: ContactPoint
      readonly key: string
      readonly brandCountry: string
      /** Where it is kept whether the message's campaign is held. */
      readonly campaign?: CampaignIdentity
    }
  | { readonly kind: 'answered'; readonly decision: Decision }

/**
 * Answers questions in order, at most as many as the caller allows, from one read of the standings.
 * Throws when the database cannot be read: the caller must then not send (rule 6).
 */
export async function askGate(
  db: Queryable,
  catalog: Catalog,
  secrets: HashSecrets,
  questions: readonly GateQuestion[],
  now: number,
): Promise<GateAnswer[]> {
  const prepared = questions.map((question) => prepareQuestion(catalog, secrets, question))
  const keys = keysOf(prepared)
  const { last, rows } = await findStandingsWithPosition(db, keys)
  const standings = await withSends(db, new Map([...rows].map(([key, row]) => [key, row.record])), now)
  const position = encodePosition({ last })
  return prepared.map((one) => {
    const decision =
      one.kind === 'answered'
        ? one.decision
        : decidePrepared(one, standings.get(one.key), now, isHeld(standings.get(one.campaign?.key ?? '')))
    return { ...decision, position }
  })
}

/** Whose standings answer the questions: the contact points', and those of the campaigns they are asked for. */
export function keysOf(prepared: readonly PreparedQuestion[]): string[] {
  const keys = prepared.flatMap((one) => {
    if (one.kind === 'answered') return []
    return one.campaign === undefined ? [one.key] : [one.key, one.campaign.key]
  })
  return [...new Set(keys)]
}

/** Resolves names to what `decide` takes; what cannot be resolved is already the answer. */
export function prepareQuestion(catalog: Catalog, secrets: HashSecrets, question: GateQuestion): PreparedQuestion {
  const fallback = chooseRulePack(undefined).version
  const denied = (reason: Decision['reason']): PreparedQuestion => ({
    kind: 'answered',
    decision: { decision: 'deny', reason, rulePack: fallback },
  })
  const brand = findBrand(catalog, question)
  if (brand.kind !== 'found') return denied(brand.kind)
  const normalised = normaliseContactPoint(question.contactPoint, { country: brand.brand.country })
  if (normalised.kind !== 'ok') return denied('invalid_contact_point')
  const { contactPoint } = normalised
  const topic = catalog.topic(brand.brand.id, question.topic)
  let key: string | undefined
  return {
    kind: 'ready',
    contactPoint,
    // Two hashes, which an answer from memory may not need.
    get key() {
      key ??= contactPointKey(secrets, contactPoint)
      return key
    },
    brandCountry: brand.brand.country,
    ...(question.campaign !== undefined && {
      campaign: identifyCampaign(secrets, brand.brand.id, question.campaign),
    }),
    question: {
      contactPointType: question.contactPoint.type,
      brand: brand.brand.id,
      channel: question.channel,
      topic: question.topic,
      registers: catalog.registers(),
      pledgedRegisters: brandSettings(brand.brand).pledgedRegisters ?? [],
      ...(topic && { purpose: topic.purpose }),
    },
  }
}

export function decidePrepared(
  prepared: Extract<PreparedQuestion, { kind: 'ready' }>,
  standing: Standing | undefined,
  now: number,
  campaignHeld: boolean,
): Decision {
  const country = standing?.country ?? countryOfContactPoint(prepared.contactPoint) ?? prepared.brandCountry
  const question = campaignHeld ? { ...prepared.question, campaignHeld } : prepared.question
  return decide(question, standing, chooseRulePack(country), now)
}

/** Adds what cadences need to be judged, in one more read; standings without one are left as they are. */
export async function withSends(
  db: Queryable,
  standings: ReadonlyMap<string, Standing>,
  now: number,
): Promise<ReadonlyMap<string, Standing>> {
  const counting = [...standings].filter(([, standing]) => hasCadence(standing))
  if (counting.length === 0) return standings
  const subjects = new Set(counting.flatMap(([key, standing]) => sendSubjects(key, standing)))
  const sends = groupBySubject(await listSends(db, [...subjects], now - sendsKeptMs))
  const complete = new Map(standings)
  for (const [key, standing] of counting) {
    const counted = sendSubjects(key, standing).flatMap((subject) => sends.get(subject) ?? [])
    complete.set(key, { ...standing, sends: [...new Map(counted.map((send) => [send.id, send])).values()] })
  }
  return complete
}

function groupBySubject(sends: readonly CountedSend[]): ReadonlyMap<string, readonly CountedSend[]> {
  const groups = new Map<string, CountedSend[]>()
  for (const send of sends) groups.set(send.subjectKey, [...(groups.get(send.subjectKey) ?? []), send])
  return groups
}

export function hasCadence(standing: Standing): boolean {
  return standing.groups.some((group) => group.items.some((item) => item.kind === 'cadence'))
}

/** Messages are counted per person; without a relation, per contact point. */
export function sendSubjects(contactKey: string, standing: Standing): string[] {
  const relations = standing.groups.flatMap((group) => group.relation ?? [])
  return [...new Set([contactKey, ...relations])]
}

/** Without a brand the topic decides, when only one brand has it. */
function findBrand(catalog: Catalog, question: Pick<GateQuestion, 'brand' | 'topic'>) {
  if (question.brand !== undefined) {
    const brand = catalog.brand(question.brand)
    return brand ? { kind: 'found' as const, brand } : { kind: 'unknown_brand' as const }
  }
  const candidates = catalog.brands().filter((brand) => catalog.topic(brand.id, question.topic) !== undefined)
  const [only, another] = candidates
  if (only !== undefined && another === undefined) return { kind: 'found' as const, brand: only }
  return another === undefined ? { kind: 'unknown_topic' as const } : { kind: 'brand_required' as const }
}
