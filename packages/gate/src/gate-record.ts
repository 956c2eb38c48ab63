import { chooseRulePack, rulePacks, type Standing, type StandingGroup, type StandingItem } from '@verzet/core'

/** What the index holds of a standing: one of the common cases in a code, the rest as a record. */
export type GateRecord =
  | { readonly kind: 'nothing' }
  /** An objection to everything, and nothing that bears on service messages. */
  | { readonly kind: 'refusal'; readonly code: number; readonly choiceId: string }
  | { readonly kind: 'record'; readonly standing: Standing; readonly text?: Uint8Array }

/** The code of a refusal says whose rules judge it: those of a country, of no country in particular, or unknown. */
const countryUnknown = 1
const countryOther = 2
const firstPack = 3
const anyId = '00000000-0000-0000-0000-000000000000'

/** Every code there is, in order. */
export const countryCodes: readonly number[] = [
  countryUnknown,
  countryOther,
  ...rulePacks.map((_, pack) => firstPack + pack),
]

/** The country a code stands for; undefined: the standing names none, and the contact point or the brand decides. */
export function countryOfCode(code: number): string | undefined {
  if (code === countryUnknown) return undefined
  return code === countryOther ? '' : rulePacks[code - firstPack]?.country
}

export function codeOfCountry(country: string | undefined): number {
  if (country === undefined) return countryUnknown
  const pack = rulePacks.indexOf(chooseRulePack(country))
  return pack < 0 ? countryOther : firstPack + pack
}

/**
 * The code of a refusal of everything beside which a record says this: the rest of its JSON behind the groups, as in
 * `, "country": "BE"}`. 0 when something makes it more than a refusal, or it cannot be read.
 */
export function codeOfFacts(rest: string): number {
  const refusal = [{ relation: null, items: [{ id: anyId, kind: 'objection', scope: {}, at: 0 }] }]
  let standing: Standing
  try {
    standing = JSON.parse(`{"groups": ${JSON.stringify(refusal)}${rest}`) as Standing
  } catch {
    return 0
  }
  const record = toGateRecord(standing)
  return record.kind === 'refusal' ? record.code : 0
}

/**
 * A standing as a gate needs it: without the keys of relations and the dates of ties, which only matter when a choice is
 * added, so that the standings of the many about whom the same is known are one text.
 */
export function toGateRecord(standing: Standing | null): GateRecord {
  if (standing === null) return { kind: 'nothing' }
  const refusal = standing.undeliverable === undefined ? latestOfRefusals(standing.groups) : undefined
  if (refusal !== undefined && isUuid(refusal.id)) {
    return { kind: 'refusal', code: codeOfCountry(standing.country), choiceId: refusal.id }
  }
  const { groups, sends: _sends, ...facts } = standing
  const record = { ...facts, groups: distinct(groups.filter((group) => group.items.length > 0).map(withoutTies)) }
  const isNothing = record.groups.length === 0 && Object.keys(facts).length === 0
  return isNothing ? { kind: 'nothing' } : { kind: 'record', standing: record }
}

/** Ids of the hub are UUIDs; another one does not fit beside a refusal. */
function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}

/** The latest where each refuses everything; undefined where one does not, or there is none. */
function latestOfRefusals(groups: readonly StandingGroup[]): StandingItem | undefined {
  let latest: StandingItem | undefined
  for (const { items } of groups) {
    for (const item of items) {
      if (!isRefusalOfEverything(item)) return undefined
      latest = latest === undefined ? item : laterOne(latest, item)
    }
  }
  return latest
}

function isRefusalOfEverything({ kind, scope }: StandingItem): boolean {
  if (kind !== 'objection') return false
  for (const part of Object.values(scope)) if (part !== undefined) return false
  return true
}

/** As `latestFirst` of core orders refusals of one scope. */
function laterOne(one: StandingItem, other: StandingItem): StandingItem {
  const order = one.at - other.at || (one.tiedAt ?? 0) - (other.tiedAt ?? 0)
  return order > 0 || (order === 0 && one.id < other.id) ? one : other
}

function withoutTies({ items }: StandingGroup): StandingGroup {
  return { relation: null, items }
}

function distinct(groups: StandingGroup[]): StandingGroup[] {
  if (groups.length < 2) return groups
  return [...new Map(groups.map((group) => [JSON.stringify(group), group])).values()]
}

/** Ids of the hub are UUIDs: none begins like this. */
export const namelessMark = '~'

/**
 * The same standing for who asks what is allowed and not by which choice: ids and moments only as places in their order,
 * which is all that is compared. Those of the many who said the same on different days are then one text.
 */
export function withoutIdentity(standing: Standing): Standing {
  const items = standing.groups.flatMap((group) => group.items)
  const placeOf = placesOf(items.flatMap(({ at, tiedAt }) => (tiedAt === undefined ? [at] : [at, tiedAt])))
  const placeOfId = placesOf(items.map(({ id }) => id))
  const groups = standing.groups.map(({ items: own, ...group }) => ({
    ...group,
    items: own.map((item) => ({
      ...item,
      id: `${namelessMark}${String(placeOfId(item.id)).padStart(4, '0')}`,
      at: placeOf(item.at),
      ...(item.tiedAt !== undefined && { tiedAt: placeOf(item.tiedAt) }),
    })),
  }))
  return { ...standing, groups: distinct(groups) }
}

function placesOf<Value extends string | number>(values: readonly Value[]): (value: Value) => number {
  const inOrder = [...new Set(values)].sort((one, other) => (one < other ? -1 : 1))
  const places = new Map(inOrder.map((value, index) => [value, index]))
  return (value) => places.get(value) ?? 0
}
