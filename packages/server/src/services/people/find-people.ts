import { findContactPoints } from '../../storage/contact-points.ts'
import type { Queryable } from '../../storage/database.ts'
import { findRelationKeysByName } from '../../storage/people-search.ts'
import { findRelations, type RelationRow } from '../../storage/relations.ts'
import { findStandings } from '../../storage/standings.ts'
import { tiesOfContactPoints } from '../../storage/ties.ts'
import { countryFor } from '../country-for.ts'
import { nameCaller, typedCharactersMax } from '../desk/find-caller.ts'
import type { Hub } from '../hub.ts'
import { keyContactPoint } from '../key-contact-point.ts'
import { readOnePerson } from './one-person.ts'

/** As many as anybody reads to find one; who has more writes more of the name. */
export const peopleShownMax = 20
/** One letter begins a tenth of all names, and nobody looks for one of those. */
const nameCharactersMin = 2

/** One person in a list, with what tells two of the same name apart. */
export type ListedPerson = Pick<RelationRow, 'key' | 'name' | 'externalId'>

export type FoundPeople =
  /** The key of a relation, or of a contact point that belongs to none. */
  | { readonly kind: 'person'; readonly key: string }
  | { readonly kind: 'people'; readonly people: readonly ListedPerson[]; readonly hasMore: boolean }
  | { readonly kind: 'nobody' | 'unreadable' | 'country_unclear' | 'unknown_code' }

type Parts = Pick<Hub, 'db' | 'catalog' | 'secrets' | 'linkRing' | 'clock'>

/**
 * Reads what was typed as an e-mail address, a number, a customer number or a printed code, else as a postal address or
 * the beginning of a name.
 */
export async function findPeople(hub: Parts, typed: string): Promise<FoundPeople> {
  // What is pasted from a table or a letter has more spaces, and others, than a name.
  const beginning = typed.trim().replace(/\s+/g, ' ').slice(0, typedCharactersMax)
  const found = await nameCaller(hub, beginning)
  if (found.kind === 'named') return resolvePerson(hub.db, found.keyed.key)
  const post = keyContactPoint(hub.secrets, { type: 'post', value: beginning }, countryFor(hub.catalog))
  if (found.kind === 'unreadable' && post.kind === 'ok') return resolvePerson(hub.db, post.keyed.key)
  const isName = /\p{L}/u.test(beginning) && !beginning.includes('@') && beginning.length >= nameCharactersMin
  if (!isName || found.kind === 'country_unclear') return { kind: found.kind }
  const keys = await findRelationKeysByName(hub.db, beginning, peopleShownMax + 1)
  if (keys.length === 0) return { kind: found.kind === 'unknown_code' ? found.kind : 'nobody' }
  return {
    kind: 'people',
    people: await list(hub.db, keys.slice(0, peopleShownMax)),
    hasMore: keys.length > peopleShownMax,
  }
}

/**
 * Whom a key is of. A number that several people share leads to each of them by name: the page of one of them must not
 * show what the others have.
 */
export async function resolvePerson(db: Queryable, key: string): Promise<FoundPeople> {
  const ties = (await tiesOfContactPoints(db, [key])).filter((tie) => tie.endedAt === null)
  const relationKeys = ties.map((tie) => tie.relationKey).toSorted()
  const first = relationKeys[0]
  if (first === undefined) return (await isKnown(db, key)) ? { kind: 'person', key } : { kind: 'nobody' }
  const samePerson = (await readOnePerson(db, [first])).relationKeys
  if (relationKeys.every((one) => one === first || samePerson.includes(one))) return { kind: 'person', key: first }
  return { kind: 'people', people: await list(db, relationKeys), hasMore: false }
}

async function list(db: Queryable, keys: readonly string[]): Promise<ListedPerson[]> {
  const relations = await findRelations(db, keys)
  return keys.flatMap((key) => {
    const relation = relations.get(key)
    return relation === undefined ? [] : [{ key, name: relation.name, externalId: relation.externalId }]
  })
}

/** An erased person is known by the key that keeps their no. */
async function isKnown(db: Queryable, key: string): Promise<boolean> {
  const [points, relations, standings] = await Promise.all([
    findContactPoints(db, [key]),
    findRelations(db, [key]),
    findStandings(db, [key]),
  ])
  return points.has(key) || relations.has(key) || standings.has(key)
}
