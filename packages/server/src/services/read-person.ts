import {
  type Channel,
  channels,
  channelsServedBy,
  chooseRulePack,
  countryOfContactPoint,
  covers,
  type Decision,
  decide,
  normaliseContactPoint,
  type Scope,
  type Standing,
  type StandingItem,
  undoes,
} from '@verzet/core'
import type { BrandRow, TopicRow } from '../storage/catalog.ts'
import { type ContactPointRow, findContactPoints } from '../storage/contact-points.ts'
import type { Queryable } from '../storage/database.ts'
import { findRelations, type RelationRow } from '../storage/relations.ts'
import { findStandings } from '../storage/standings.ts'
import { tiesOfContactPoints, tiesOfRelations } from '../storage/ties.ts'
import { withSends } from './ask-gate.ts'
import { brandSettings } from './brand-settings.ts'

/** A contact point and the person behind it, as far as the hub knows them. */
export type Person = {
  readonly key: string
  readonly contactPoint: ContactPointRow | undefined
  /** The relations it belongs to now; the first one is the one its page speaks of. */
  readonly relations: readonly RelationRow[]
  /** Everything the person can be reached at, the contact point itself first; a customer number reaches nobody. */
  readonly contactPoints: readonly ContactPointRow[]
  readonly standings: ReadonlyMap<string, Standing>
}

export async function readPerson(db: Queryable, key: string, now: number): Promise<Person> {
  const ties = (await tiesOfContactPoints(db, [key])).filter((tie) => tie.endedAt === null)
  // A key that nothing ties to a relation may be the key of one: the person as a whole.
  const relationKeys = ties.length === 0 ? [key] : ties.map((tie) => tie.relationKey).toSorted()
  const members = (await tiesOfRelations(db, relationKeys)).filter((tie) => tie.endedAt === null)
  const keys = [...new Set([key, ...members.map((tie) => tie.contactKey)])]
  const [points, relations, rows] = await Promise.all([
    findContactPoints(db, keys),
    findRelations(db, relationKeys),
    findStandings(db, keys),
  ])
  const standings = await withSends(db, new Map([...rows].map(([contactKey, row]) => [contactKey, row.record])), now)
  return {
    key,
    contactPoint: points.get(key),
    relations: relationKeys.flatMap((relationKey) => relations.get(relationKey) ?? []),
    contactPoints: keys.flatMap((contactKey) => (relations.has(contactKey) ? [] : (points.get(contactKey) ?? []))),
    standings,
  }
}

/** Whether messages of a topic arrive on a channel; `unavailable` when there is nowhere to send them. */
export type CellDecision = Decision | 'unavailable'

/** What the gate says now for each channel of one topic: open when any of the person's contact points is. */
export function decideForPerson(
  person: Person,
  brand: BrandRow,
  topic: TopicRow,
  registers: Registers,
  now: number,
): ReadonlyMap<Channel, CellDecision> {
  return new Map(
    channels.map((channel) => [channel, decideOnChannel(person, { brand, topic, channel, registers }, now)]),
  )
}

function decideOnChannel(person: Person, box: Box, now: number): CellDecision {
  const decisions = person.contactPoints
    .filter((point) => channelsServedBy(point.type).includes(box.channel))
    .map((point) => decideForPoint(point, person.standings.get(point.key), box, now))
  const order = ['allow', 'defer', 'deny']
  return decisions.toSorted((a, b) => order.indexOf(a.decision) - order.indexOf(b.decision))[0] ?? 'unavailable'
}

/** When the newest snapshot of each register was taken, as `Catalog.registers` has it. */
type Registers = Readonly<Record<string, number>>

export type Box = {
  readonly brand: BrandRow
  readonly channel: Channel
  readonly topic: TopicRow
  readonly registers: Registers
}

/** What the gate would answer for one contact point, were this its standing. */
export function decideForPoint(point: PointInSight, standing: Standing | undefined, box: Box, now: number): Decision {
  const { brand, topic, channel, registers } = box
  const { pledgedRegisters = [] } = brandSettings(brand)
  const about = { brand: brand.id, channel, topic: topic.id, purpose: topic.purpose, registers, pledgedRegisters }
  const question = { contactPointType: point.type, ...about }
  const country = standing?.country ?? countryOf(point) ?? brand.country
  return decide(question, standing, chooseRulePack(country), now)
}

export type PointInSight = Pick<ContactPointRow, 'type' | 'value'>

/** Undefined once the value was erased. */
function countryOf({ type, value }: PointInSight): string | undefined {
  if (value === null) return undefined
  const normalised = normaliseContactPoint({ type, value })
  return normalised.kind === 'ok' ? countryOfContactPoint(normalised.contactPoint) : undefined
}

/** The objections in force for a contact point that touch a scope, each once. */
export function refusalsTouching(standing: Standing, scope: { brand?: string; channel?: Channel }): StandingItem[] {
  const found = standing.groups.flatMap((group) =>
    group.items.filter(
      (item) =>
        item.kind === 'objection' &&
        touches(item.scope, scope) &&
        !group.items.some((other) => undoes(other, item) && covers(other.scope, item.scope)),
    ),
  )
  return [...new Map(found.map((item) => [item.id, item])).values()]
}

function touches(one: { brand?: string; channel?: Channel }, other: { brand?: string; channel?: Channel }): boolean {
  const agree = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b
  return agree(one.brand, other.brand) && agree(one.channel, other.channel)
}

/** Pauses that still run and cadences, each once, for showing and for ending them. */
export function restrictionsInForce(standing: Standing, now: number): StandingItem[] {
  const found = standing.groups.flatMap((group) =>
    group.items.filter((item) => item.kind === 'cadence' || (item.kind === 'pause' && item.until > now)),
  )
  return [...new Map(found.map((item) => [item.id, item])).values()]
}

/** True when a scope leaves nothing of this brand out: such a no, pause or cadence is about all of its advertising. */
export function reachesAllOf(scope: Scope, brandId: string): boolean {
  return (
    scope.channel === undefined && scope.topic === undefined && (scope.brand === undefined || scope.brand === brandId)
  )
}
