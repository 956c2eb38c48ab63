import type { Hub } from '../services/hub.ts'
import { keyContactPoint } from '../services/key-contact-point.ts'
import type { KeyedContactPoint } from '../services/ports.ts'
import { saveRelation } from '../services/save-relation.ts'
import { transact } from '../storage/database.ts'
import { type DemoLanguage, familyNames, firstNames } from './demo-year-words.ts'

/** Enough for a year to show something, few enough to be there within half a minute. */
const peopleCount = 700
/** Many small transactions wait for the disk more often than they have to. */
const peopleAtOnce = 50
const dayMs = 86_400_000

export type DemoPerson = {
  readonly language: DemoLanguage
  readonly email: KeyedContactPoint
  readonly phone: KeyedContactPoint | undefined
  readonly externalId: string
  /** How much of what is sent this person is sent at all: 0.3 to 1. */
  readonly share: number
}

/** A number from 0 to 1, the same row of them in every run (mulberry32). */
export type Chance = () => number

export function chanceFrom(seed: number): Chance {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function pick<T>(chance: Chance, from: readonly [T, ...T[]] | readonly T[]): T {
  const one = from[Math.floor(chance() * from.length)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}

export async function addDemoPeople(hub: Hub, chance: Chance, from: number): Promise<DemoPerson[]> {
  const people: DemoPerson[] = []
  for (let first = 0; first < peopleCount; first += peopleAtOnce) {
    const some = Array.from({ length: peopleAtOnce }, (_, index) => makePerson(hub, chance, first + index, from))
    await transact(hub.db, async (tx) => {
      for (const { relation } of some) await saveRelation(tx, hub.random, relation, from, 'demo')
    })
    people.push(...some.map(({ person }) => person))
  }
  return people
}

function makePerson(hub: Hub, chance: Chance, index: number, from: number) {
  const language: DemoLanguage = chance() < 0.62 ? 'nl' : 'fr'
  const [first, family] = [pick<string>(chance, firstNames[language]), pick<string>(chance, familyNames[language])]
  const local = `${first}.${family}${index}`
    .normalize('NFD')
    .replace(/[^a-z0-9.]/gi, '')
    .toLowerCase()
  const email = keyed(hub, 'email', `${local}@${language === 'nl' ? 'voorbeeld.be' : 'exemple.be'}`)
  const phone = chance() < 0.55 ? keyed(hub, 'phone', `+3246800${String(index).padStart(4, '0')}`) : undefined
  const externalId = `D-${String(index).padStart(4, '0')}`
  const customer = keyed(hub, 'customer', externalId)
  const since = new Date(from - Math.floor(chance() ** 2 * 6 * 365) * dayMs).toISOString().slice(0, 10)
  const relation = {
    key: customer.key,
    fingerprint: customer.fingerprint,
    externalId,
    name: `${first} ${family}`,
    language,
    country: 'BE',
    customerSince: since,
    contactPoints: phone === undefined ? [email] : [email, phone],
  }
  return { relation, person: { language, email, phone, externalId, share: 0.3 + chance() * 0.7 } }
}

function keyed(hub: Hub, type: 'email' | 'phone' | 'customer', value: string): KeyedContactPoint {
  const named = keyContactPoint(hub.secrets, { type, value }, 'BE')
  if (named.kind !== 'ok') throw new Error(`demo data: ${named.hint}`)
  return named.keyed
}
