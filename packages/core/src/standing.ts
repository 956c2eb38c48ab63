import type { Send } from './cadence.ts'
import type { Channel } from './channel.ts'
import { type Cadence, type Choice, canLift, countsFrom } from './choice.ts'
import { covers, type Scope, sameScope } from './scope.ts'

/**
 * One choice as the gate needs it: what it is about, from when it counts, and what can undo it.
 * Personal words (reason, comment, proof) never travel in a standing.
 */
export type StandingItem = {
  readonly id: string
  readonly scope: Scope
  /** The moment it counts from, ms since 1970; 0 for a consent of unknown date. */
  readonly at: number
  /** Reached this contact point through its relation rather than being said through it. */
  readonly inherited?: true
  /**
   * Said through this contact point before it was tied to the relation, at this moment.
   * What the relation had consented to before the tie does not undo it: linking never lifts a no (rule 2).
   */
  readonly tiedAt?: number
} & (
  | { readonly kind: 'objection' }
  | { readonly kind: 'consent'; readonly lifts: boolean }
  | { readonly kind: 'pause'; readonly until: number; readonly imported?: true }
  | { readonly kind: 'cadence'; readonly cadence: Cadence; readonly imported?: true }
)
// `imported`: said by the organisation or a vendor. It restricts like any other, but never replaces what the person
// asked for, or a vendor's pause of a day would end the person's pause of a month (rule 2).

/**
 * The items that hold through one relation (its key), or without any (null).
 * `linkedAt` is when the contact point was tied to the relation.
 */
export type StandingGroup = {
  readonly relation: string | null
  readonly linkedAt?: number
  readonly items: readonly StandingItem[]
}

/**
 * Messages do not arrive here: a bounce or a dead number, as somebody reported it. It is no word of the person, and it
 * is never inherited: another address of the same person may well work.
 */
export type DeliveryBlock = {
  /** Absent: on every channel of the contact point, as with a number nobody has. */
  readonly channel?: Channel
  /** When it was last reported, ms since 1970. */
  readonly at: number
  /** It ends by itself then; absent: it stands until the address proves alive. */
  readonly until?: number
}

/**
 * Something was said that may be a no and that a human has yet to read. What it would refuse waits until then (rule 6);
 * it is ended by a decision and never by time, so that a human who is late never opens anything.
 */
export type ReviewHold = {
  /** The id of the review item. */
  readonly item: string
  readonly scope: Scope
  /** When it has to be decided by, ms since 1970. */
  readonly until: number
}

/**
 * Everything that now holds for one contact point, own and inherited, folded small.
 * Groups are judged apart and the strictest wins, so that one person's consent never undoes another's no
 * on an address or a number they share.
 */
export type Standing = {
  readonly groups: readonly StandingGroup[]
  readonly country?: string
  readonly customer?: true
  readonly impersonal?: true
  /** Registers that list this contact point. */
  readonly listedIn?: readonly string[]
  readonly undeliverable?: readonly DeliveryBlock[]
  readonly held?: readonly ReviewHold[]
  /** Recent counted sends; present whenever a cadence holds, absent means unknown. */
  readonly sends?: readonly Send[]
}

export type StandingFacts = Omit<Standing, 'groups' | 'sends'>

/** One relation as it bears on a contact point: its own choices, and those said through its other contact points. */
export type RelationLineage = {
  readonly key: string
  readonly linkedAt: number
  /** Set when the contact point was taken off the relation: what was refused until then still holds. */
  readonly endedAt?: number
  readonly choices: readonly Choice[]
  readonly siblingChoices: readonly Choice[]
}

export type Lineage = { readonly own: readonly Choice[]; readonly relations: readonly RelationLineage[] }

export const emptyStanding: Standing = { groups: [] }

/** Folds every choice that bears on a contact point; the order in which they are given does not matter. */
export function foldStanding(lineage: Lineage, facts: StandingFacts = {}): Standing {
  if (lineage.relations.length === 0) return { ...facts, groups: groupWithoutRelation(lineage.own.map(ownItem())) }
  const inKeyOrder = [...lineage.relations].sort((one, other) => (one.key < other.key ? -1 : 1))
  const groups = inKeyOrder.map((relation) => {
    const inherited = [...relation.choices, ...relation.siblingChoices.filter((choice) => choice.kind !== 'consent')]
      .filter((choice) => relation.endedAt === undefined || reachesAfterEnd(choice, relation.endedAt))
      .map(inheritedItem)
    const items = prune([...lineage.own.map(ownItem(relation.linkedAt)), ...inherited])
    return { relation: relation.key, linkedAt: relation.linkedAt, items }
  })
  return { ...facts, groups }
}

/**
 * Adds one choice to one contact point's standing without reading the others again.
 * `relation` is the relation it reaches the contact point through, or null when it was said through the contact point
 * itself: such a choice joins every group. A consent said through a sibling joins none.
 */
export function addToStanding(standing: Standing, choice: Choice, through: { relation: string | null }): Standing {
  if (through.relation === null) {
    if (standing.groups.length === 0) return { ...standing, groups: groupWithoutRelation([ownItem()(choice)]) }
    return { ...standing, groups: standing.groups.map((group) => withItem(group, ownItem(group.linkedAt)(choice))) }
  }
  const relation = through.relation
  const known = standing.groups.some((group) => group.relation === relation)
  const groups = known ? standing.groups : [...standing.groups, { relation, items: [] }]
  return {
    ...standing,
    groups: groups.map((group) => (group.relation === relation ? withItem(group, inheritedItem(choice)) : group)),
  }
}

/** True when `consent` undoes `item` wherever both cover the message. */
export function undoes(consent: StandingItem, item: StandingItem): boolean {
  return consent.kind === 'consent' && consent.lifts && consent.at > threshold(item, consent.inherited === true)
}

/**
 * Drops the items that no question can ever depend on again, whatever is added later.
 * Only an item that another one outranks for every question goes, so folding in any order ends in the same set.
 */
export function prune(items: readonly StandingItem[]): StandingItem[] {
  const unique = [...new Map(items.map((item) => [item.id, item])).values()]
  return unique.filter((item) => !unique.some((other) => other !== item && settles(other, item))).sort(latestFirst)
}

/** The order in which items answer for a decision: the later, the harder to undo, the wider; the id settles the rest. */
export function latestFirst(one: StandingItem, other: StandingItem): number {
  return (
    other.at - one.at ||
    (other.tiedAt ?? 0) - (one.tiedAt ?? 0) ||
    partsOf(one.scope) - partsOf(other.scope) ||
    (one.id < other.id ? -1 : 1)
  )
}

function partsOf(scope: Scope): number {
  return [scope.brand, scope.channel, scope.topic].filter((part) => part !== undefined).length
}

function groupWithoutRelation(items: StandingItem[]): StandingGroup[] {
  return items.length === 0 ? [] : [{ relation: null, items: prune(items) }]
}

function withItem(group: StandingGroup, item: StandingItem): StandingGroup {
  return { ...group, items: prune([...group.items, item]) }
}

/** After a contact point left a relation only the refusals said before that still reach it. */
function reachesAfterEnd(choice: Choice, endedAt: number): boolean {
  return choice.kind !== 'consent' && choice.recordedAt <= endedAt
}

/** What counts is when it was said: a card from before the tie that is recorded after it is guarded all the same. */
function ownItem(linkedAt?: number): (choice: Choice) => StandingItem {
  return (choice) => {
    const item = itemOf(choice)
    const guarded = linkedAt !== undefined && item.kind !== 'consent' && item.at < linkedAt
    return guarded ? { ...item, tiedAt: linkedAt } : item
  }
}

function inheritedItem(choice: Choice): StandingItem {
  return { ...itemOf(choice), inherited: true }
}

function itemOf(choice: Choice): StandingItem {
  const base = { id: choice.id, scope: choice.scope, at: Math.max(0, countsFrom(choice)) }
  switch (choice.kind) {
    case 'objection':
      return { ...base, kind: 'objection' }
    case 'consent':
      return { ...base, kind: 'consent', lifts: canLift(choice) }
    case 'pause':
      return { ...base, kind: 'pause', until: choice.until, ...importedBy(choice) }
    case 'cadence':
      return { ...base, kind: 'cadence', cadence: choice.cadence, ...importedBy(choice) }
  }
}

function importedBy({ author }: Choice): { imported?: true } {
  return author === 'person' || author === 'agent' ? {} : { imported: true }
}

/** The moment a consent has to be later than. */
function threshold(item: StandingItem, consentIsInherited: boolean): number {
  return consentIsInherited && item.tiedAt !== undefined ? Math.max(item.at, item.tiedAt) : item.at
}

function settles(other: StandingItem, item: StandingItem): boolean {
  if (item.kind === 'consent') return replacesConsent(other, item)
  if (undoes(other, item) && covers(other.scope, item.scope)) return true
  if (other.kind !== item.kind) return false
  if (item.kind === 'objection') return covers(other.scope, item.scope) && outranks(other, item)
  return sameScope(other.scope, item.scope) && (!isImported(other) || isImported(item)) && outranks(other, item)
}

function isImported(item: StandingItem): boolean {
  return (item.kind === 'pause' || item.kind === 'cadence') && item.imported === true
}

/** A consent gives way to a wider one that lifts at least as much; to one that only opens when it only opens itself. */
function replacesConsent(other: StandingItem, item: StandingItem): boolean {
  if (other.kind !== 'consent' || item.kind !== 'consent' || !covers(other.scope, item.scope)) return false
  if (item.lifts && (!other.lifts || (other.inherited === true && item.inherited !== true))) return false
  if (!item.lifts && other.lifts) return true
  return item.lifts && item.inherited === true && other.inherited !== true ? other.at >= item.at : later(other, item)
}

/** At least as hard to undo in every way, with a fixed winner between equals. */
function outranks(other: StandingItem, item: StandingItem): boolean {
  const own = threshold(other, false) - threshold(item, false)
  const inherited = threshold(other, true) - threshold(item, true)
  if (own < 0 || inherited < 0) return false
  if (own > 0) return true
  return inherited > 0 ? strictness(other) >= strictness(item) : tieBreak(other, item)
}

function later(other: StandingItem, item: StandingItem): boolean {
  return other.at > item.at || (other.at === item.at && tieBreak(other, item))
}

/** Between items of the same moment: the wider, then the stricter, then the smaller id. */
function tieBreak(other: StandingItem, item: StandingItem): boolean {
  if (!sameScope(other.scope, item.scope)) return true
  const difference = strictness(other) - strictness(item)
  return difference === 0 ? other.id < item.id : difference > 0
}

/** Compares only items of one kind. */
function strictness(item: StandingItem): number {
  if (item.kind === 'pause') return item.until
  return item.kind === 'cadence' ? -yearlyMax(item.cadence) : 0
}

function yearlyMax(cadence: Cadence): number {
  return cadence.max * (cadence.per === 'week' ? 52 : 12)
}

/**
 * The objection that already refuses everything this scope covers, in every group; undefined when some of it is open.
 * Only what was said through this contact point itself counts: an inherited one can be taken back by whoever said it.
 */
export function refusalThatStands(standing: Standing, scope: Scope): StandingItem | undefined {
  let found: StandingItem | undefined
  for (const group of standing.groups) {
    const refusal = group.items.find(
      (item) =>
        item.kind === 'objection' &&
        item.inherited !== true &&
        covers(item.scope, scope) &&
        !group.items.some((other) => undoes(other, item) && overlap(other.scope, scope)),
    )
    if (refusal === undefined) return undefined
    found ??= refusal
  }
  return found
}

/** True when some message falls under both. */
function overlap(one: Scope, other: Scope): boolean {
  const agrees = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b
  return agrees(one.brand, other.brand) && agrees(one.channel, other.channel) && agrees(one.topic, other.topic)
}
