import { evidenceEntry, normaliseContactPoint, uuidV7 } from '@verzet/core'
import { type Transaction, transact } from '../storage/database.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import { updateRelationWords } from '../storage/relations.ts'
import { lockStandings } from '../storage/standings.ts'
import { tiesOfContactPoints } from '../storage/ties.ts'
import type { Hub } from './hub.ts'
import { keyContactPoint, nameContactPoint } from './key-contact-point.ts'
import type { Person } from './read-person.ts'
import { saveRelation } from './save-relation.ts'

/** What a person corrected about themselves. */
export type Details = { readonly name?: string; readonly language?: string }

/**
 * Writes the correction; who was only an address until now becomes a relation, so that it has a place to be kept.
 * False for who was erased: what they say about themselves is not kept again by a page that only shows dots.
 */
export async function saveDetails(hub: Hub, person: Person, details: Details): Promise<boolean> {
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    // Held so that of two first corrections, a double press for instance, the second finds the relation of the first.
    await lockStandings(tx, [person.key])
    const key =
      (await firstRelation(tx, person.key)) ?? ownRelation(person) ?? (await introduceRelation(hub, tx, person, now))
    if (key === undefined) return false
    await updateRelationWords(tx, key, details, now)
    const entry = evidenceEntry({
      id: uuidV7(now, hub.random(10)),
      subjectKey: key,
      kind: 'relation_saved',
      recordedAt: now,
      details: { fields: Object.keys(details).toSorted(), actor: 'person' },
    })
    await appendEvidence(tx, [entry])
    return true
  })
}

async function firstRelation(tx: Transaction, contactKey: string): Promise<string | undefined> {
  const ties = (await tiesOfContactPoints(tx, [contactKey])).filter((tie) => tie.endedAt === null)
  return ties.map((tie) => tie.relationKey).toSorted()[0]
}

/** Who is spoken of as a person, and not through one of their addresses. */
function ownRelation({ key, relations }: Person): string | undefined {
  return relations.some((one) => one.key === key && one.erasedAt === null) ? key : undefined
}

async function introduceRelation(
  hub: Hub,
  tx: Transaction,
  { contactPoint }: Person,
  now: number,
): Promise<string | undefined> {
  const normalised = normaliseContactPoint({ type: contactPoint?.type ?? 'email', value: contactPoint?.value ?? '' })
  if (normalised.kind !== 'ok') return undefined
  const externalId = `self-${uuidV7(now, hub.random(10))}`
  const named = keyContactPoint(hub.secrets, { type: 'customer', value: externalId })
  if (named.kind !== 'ok') throw new Error('a generated external id is always valid')
  const { key, fingerprint } = named.keyed
  const contactPoints = [nameContactPoint(hub.secrets, normalised.contactPoint)]
  await saveRelation(tx, hub.random, { key, externalId, fingerprint, contactPoints }, now, 'person')
  return key
}
