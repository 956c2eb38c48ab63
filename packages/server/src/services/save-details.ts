import { evidenceEntry, normaliseContactPoint, uuidV7 } from '@verzet/core'
import { transact } from '../storage/database.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import { updateRelationWords } from '../storage/relations.ts'
import type { Hub } from './hub.ts'
import { keyContactPoint, nameContactPoint } from './key-contact-point.ts'
import type { Person } from './read-person.ts'
import { saveRelation } from './save-relation.ts'

/** What a person corrected about themselves. */
export type Details = { readonly name?: string; readonly language?: string }

/** Writes the correction; who was only an address until now becomes a relation, so that it has a place to be kept. */
export async function saveDetails(hub: Hub, person: Person, details: Details): Promise<void> {
  const now = hub.clock()
  const known = person.relations[0]
  await transact(hub.db, async (tx) => {
    const key = known?.key ?? (await introduceRelation())
    await updateRelationWords(tx, key, details, now)
    const entry = evidenceEntry({
      id: uuidV7(now, hub.random(10)),
      subjectKey: key,
      kind: 'relation_saved',
      recordedAt: now,
      details: { fields: Object.keys(details).toSorted(), actor: 'person' },
    })
    await appendEvidence(tx, [entry])

    async function introduceRelation(): Promise<string> {
      const externalId = `self-${uuidV7(now, hub.random(10))}`
      const named = keyContactPoint(hub.secrets, { type: 'customer', value: externalId })
      if (named.kind !== 'ok') throw new Error('a generated external id is always valid')
      const { key: relationKey, fingerprint } = named.keyed
      await saveRelation(tx, hub.random, { key: relationKey, externalId, fingerprint, contactPoints: own(hub, person) }, now, 'person')
      return relationKey
    }
  })
}

function own(hub: Hub, { contactPoint }: Person) {
  const normalised = normaliseContactPoint({ type: contactPoint?.type ?? 'email', value: contactPoint?.value ?? '' })
  return normalised.kind === 'ok' ? [nameContactPoint(hub.secrets, normalised.contactPoint)] : []
}
