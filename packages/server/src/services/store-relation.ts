import type { ContactPointType } from '@verzet/core'
import { type Database, transact } from '../storage/database.ts'
import { findRelations, type RelationDetails } from '../storage/relations.ts'
import type { Catalog } from './catalog.ts'
import { countryFor } from './country-for.ts'
import type { EraseOutcome } from './erase-relation.ts'
import type { Hub } from './hub.ts'
import { keyContactPoint } from './key-contact-point.ts'
import { erasePerson } from './people/erase-person.ts'
import type { HashSecrets, KeyedContactPoint, RandomBytes } from './ports.ts'
import { type RelationView, readRelation } from './read-relation.ts'
import { saveRelation } from './save-relation.ts'
import type { SubmissionFault } from './submit-choice.ts'

/** A relation as another system knows it. */
export type RelationToStore = Omit<RelationDetails, 'key' | 'externalId'> & {
  readonly named: KeyedContactPoint
  readonly contactPoints: readonly { readonly type: ContactPointType; readonly value: string }[]
}

export type StoreOutcome =
  | { readonly kind: 'stored'; readonly created: boolean; readonly relation: RelationView }
  | { readonly kind: 'refused'; readonly faults: readonly SubmissionFault[] }

/** Creates or changes a relation with all its contact points, or none of it when one of them cannot be read. */
export async function storeRelation(
  hub: Pick<Hub, 'db' | 'catalog' | 'secrets' | 'random'>,
  input: RelationToStore,
  now: number,
  actor: string,
): Promise<StoreOutcome> {
  const keyed = nameContactPoints(hub.secrets, hub.catalog, input)
  if (keyed.kind === 'refused') return keyed
  const { named, contactPoints: _contactPoints, ...details } = input
  const relation = {
    ...details,
    key: named.key,
    externalId: named.contactPoint.normalised,
    fingerprint: named.fingerprint,
    contactPoints: keyed.contactPoints,
  }
  const created = await transact(hub.db, async (tx) => {
    const before = (await findRelations(tx, [named.key])).get(named.key)
    await saveRelation(tx, hub.random, relation, now, actor)
    return before === undefined || before.erasedAt !== null
  })
  const view = await readRelation(hub.db, named.key)
  if (view === undefined) throw new Error('a stored relation was not found again')
  return { kind: 'stored', created, relation: view }
}

export type ForgetOutcome = EraseOutcome | { readonly kind: 'already_erased' }

/** Erases a relation, with those it is one person with, and keeps the noes; doing it again changes nothing. */
export async function forgetRelation(
  db: Database,
  random: RandomBytes,
  relationKey: string,
  now: number,
  actor: string,
): Promise<ForgetOutcome> {
  return transact(db, async (tx) => {
    const known = (await findRelations(tx, [relationKey])).get(relationKey)
    if (known !== undefined && known.erasedAt !== null) return { kind: 'already_erased' }
    return erasePerson(tx, random, relationKey, now, actor)
  })
}

function nameContactPoints(secrets: HashSecrets, catalog: Catalog, { contactPoints, country }: RelationToStore) {
  const home = country ?? countryFor(catalog)
  const faults: SubmissionFault[] = []
  const keyed = new Map<string, KeyedContactPoint>()
  for (const [index, point] of contactPoints.entries()) {
    const result = keyContactPoint(secrets, point, home)
    if (result.kind === 'ok') keyed.set(result.keyed.key, result.keyed)
    else
      faults.push({ path: ['contactPoints', String(index), 'value'], code: 'invalid_contact_point', hint: result.hint })
  }
  if (faults.length > 0) return { kind: 'refused' as const, faults }
  return { kind: 'ok' as const, contactPoints: [...keyed.values()] }
}
