import { emptyStanding, readPrintedCode, type Standing } from '@verzet/core'
import { findContactPoints } from '../../storage/contact-points.ts'
import { findPrintedCode } from '../../storage/printed-codes.ts'
import { findRelations, type RelationRow } from '../../storage/relations.ts'
import { findStandings } from '../../storage/standings.ts'
import { askGate } from '../ask-gate.ts'
import { countryFor } from '../country-for.ts'
import type { Hub } from '../hub.ts'
import { keyContactPoint, nameContactPoint } from '../key-contact-point.ts'
import { openSealedLink } from '../open-link.ts'
import type { KeyedContactPoint } from '../ports.ts'
import { readPerson } from '../read-person.ts'

/** Longer than any address, number or code that is typed while somebody waits. */
export const typedCharactersMax = 320

/** Somebody on the phone or at the counter, by what they gave: nothing more is asked to say no (GDPR art. 12(2)). */
export type Caller = {
  readonly keyed: KeyedContactPoint
  readonly standing: Standing
  /** Whom it belongs to, as far as the hub knows. */
  readonly relations: readonly RelationRow[]
  /** Whether they may be called now, for each brand that calls; only of a phone number. */
  readonly calls: readonly { readonly brand: string; readonly isAllowed: boolean; readonly reason: string }[]
}

export type FoundCaller =
  | { readonly kind: 'found'; readonly caller: Caller }
  | { readonly kind: 'unreadable' | 'country_unclear' | 'unknown_code' }

type Parts = Pick<Hub, 'db' | 'catalog' | 'secrets' | 'linkRing' | 'clock'>

/** Reads what was typed as an e-mail address, a phone number, a customer number that is known, or a printed code. */
export async function findCaller(hub: Parts, typed: string): Promise<FoundCaller> {
  const text = typed.trim().slice(0, typedCharactersMax)
  const named = await nameCaller(hub, text)
  return named.kind === 'named' ? { kind: 'found', caller: await describeCaller(hub, named.keyed) } : named
}

export type NamedCaller =
  | { readonly kind: 'named'; readonly keyed: KeyedContactPoint }
  | { readonly kind: 'unreadable' | 'country_unclear' | 'unknown_code' }

/** Which contact point somebody means by what they typed. */
export async function nameCaller(hub: Parts, text: string): Promise<NamedCaller> {
  const { secrets } = hub
  if (text.includes('@')) {
    const email = keyContactPoint(secrets, { type: 'email', value: text })
    return email.kind === 'ok' ? { kind: 'named', keyed: email.keyed } : { kind: 'unreadable' }
  }
  const country = countryFor(hub.catalog)
  const phone = keyContactPoint(secrets, { type: 'phone', value: text }, country)
  // A customer number rarely begins so, and a number that was dialled always does.
  if (phone.kind === 'ok' && /^[+0]/.test(text)) return { kind: 'named', keyed: phone.keyed }
  const customer = keyContactPoint(secrets, { type: 'customer', value: text })
  if (customer.kind === 'ok' && (await isKnownRelation(hub, customer.keyed.key))) {
    return { kind: 'named', keyed: customer.keyed }
  }
  const code = readPrintedCode(text)
  const byCode = code === undefined ? undefined : await nameByCode(hub, code)
  if (byCode !== undefined) return { kind: 'named', keyed: byCode }
  const shown = await nameShownNumber(hub, text, phone.kind === 'ok' ? phone.keyed : undefined)
  if (shown !== undefined) return { kind: 'named', keyed: shown }
  if (phone.kind === 'ok') return { kind: 'named', keyed: phone.keyed }
  if (code !== undefined) return { kind: 'unknown_code' }
  // Written without its country, and the brands lie in several: a wrong guess would give the no to a stranger.
  return /^0\d/.test(text.replace(/[\s./()-]/g, '')) && country === undefined
    ? { kind: 'country_unclear' }
    : { kind: 'unreadable' }
}

/**
 * `32470660009`, as a telephone exchange shows who calls: with the calling code and without its `+`. Read so where the hub
 * knows that number and not the one of the own country, or where no country decides and a brand lies in that one.
 */
async function nameShownNumber(
  { db, secrets, catalog }: Parts,
  text: string,
  asOwn: KeyedContactPoint | undefined,
): Promise<KeyedContactPoint | undefined> {
  const digits = text.replace(/[\s./()-]/g, '')
  if (!/^[1-9]\d+$/.test(digits)) return undefined
  const read = (value: string, country?: string) => keyContactPoint(secrets, { type: 'phone', value }, country)
  const shown = read(`+${digits}`)
  if (shown.kind !== 'ok') return undefined
  const known = await findContactPoints(db, [shown.keyed.key, ...(asOwn === undefined ? [] : [asOwn.key])])
  if (asOwn !== undefined && known.has(asOwn.key)) return asOwn
  const isOfBrand = ({ country }: { readonly country: string }) => {
    const home = read(digits, country)
    return home.kind === 'ok' && home.keyed.key === shown.keyed.key
  }
  const isMeant = known.has(shown.keyed.key) || (asOwn === undefined && catalog.brands().some(isOfBrand))
  return isMeant ? shown.keyed : undefined
}

async function isKnownRelation({ db }: Parts, key: string): Promise<boolean> {
  const relation = (await findRelations(db, [key])).get(key)
  return relation !== undefined && relation.erasedAt === null
}

async function nameByCode(hub: Parts, code: string): Promise<KeyedContactPoint | undefined> {
  const sealed = await findPrintedCode(hub.db, code)
  const key = sealed && openSealedLink(hub.linkRing, hub.catalog, sealed)?.claims.contactPointKey
  if (key === undefined) return undefined
  const point = (await findContactPoints(hub.db, [key])).get(key)
  if (point === undefined || point.value === null) return undefined
  const named = keyContactPoint(hub.secrets, { type: point.type, value: point.value })
  return named.kind === 'ok' ? nameContactPoint(hub.secrets, named.keyed.contactPoint) : undefined
}

/** What stands for a contact point now, in the hub's own words. */
export async function describeCaller(hub: Parts, keyed: KeyedContactPoint): Promise<Caller> {
  const now = hub.clock()
  const standing = (await findStandings(hub.db, [keyed.key])).get(keyed.key)?.record ?? emptyStanding
  const isRelation = keyed.contactPoint.type === 'customer'
  const relations = isRelation
    ? [...(await findRelations(hub.db, [keyed.key])).values()]
    : (await readPerson(hub.db, keyed.key, now)).relations
  return { keyed, standing, relations, calls: isRelation ? [] : await mayBeCalled(hub, keyed, now) }
}

/** Open for a brand when one of its advertising topics is. */
async function mayBeCalled(hub: Parts, { contactPoint }: KeyedContactPoint, now: number): Promise<Caller['calls']> {
  if (contactPoint.type !== 'phone') return []
  const point = { type: contactPoint.type, value: contactPoint.normalised }
  const asked = hub.catalog.brands().flatMap((brand) =>
    hub.catalog
      .topics(brand.id)
      .filter(({ purpose }) => purpose === 'marketing')
      .map((topic) => ({ contactPoint: point, brand: brand.id, channel: 'phone' as const, topic: topic.id })),
  )
  const answers = await askGate(hub.db, hub.catalog, hub.secrets, asked, now)
  return hub.catalog.brands().flatMap(({ id, name }) => {
    const own = answers.filter((_, index) => asked[index]?.brand === id)
    const best = own.find(({ decision }) => decision === 'allow') ?? own[0]
    return best === undefined ? [] : [{ brand: name, isAllowed: best.decision === 'allow', reason: best.reason }]
  })
}
