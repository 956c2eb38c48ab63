import { randomBytes } from 'node:crypto'
import { type Channel, type ContactPointType, type Decision, everything, type Scope, uuidV7 } from '@verzet/core'
import { askGate } from '../src/services/ask-gate.ts'
import type { Hub } from '../src/services/hub.ts'
import { keyContactPoint } from '../src/services/key-contact-point.ts'
import type { KeyedContactPoint } from '../src/services/ports.ts'
import type { ChoiceToRecord, ChoiceWords } from '../src/services/record-choices.ts'
import { type SavedRelation, saveRelation } from '../src/services/save-relation.ts'
import { transact } from '../src/storage/database.ts'

/** What tests about people have in common: naming them, making them speak, and asking about them. */
export type Point = { readonly type: ContactPointType; readonly value: string }

export const email = (value: string): Point => ({ type: 'email', value })
export const phone = (value: string): Point => ({ type: 'phone', value })
export const customer = (value: string): Point => ({ type: 'customer', value })

export function keyed(hub: Hub, point: Point): KeyedContactPoint {
  const named = keyContactPoint(hub.secrets, point, 'BE')
  if (named.kind !== 'ok') throw new Error(named.hint)
  return named.keyed
}

export function saveTestRelation(
  hub: Hub,
  externalId: string,
  contactPoints: readonly Point[],
  details: { country?: string; language?: string; name?: string; customerSince?: string; keepOthers?: boolean } = {},
): Promise<SavedRelation> {
  const { key, fingerprint } = keyed(hub, customer(externalId))
  const points = contactPoints.map((point) => keyed(hub, point))
  const input = { key, fingerprint, externalId, contactPoints: points, ...details }
  return transact(hub.db, (tx) => saveRelation(tx, hub.random, input, hub.clock(), 'test'))
}

type SpokenWords = { scope?: Scope; author?: ChoiceWords['author']; saidAt?: number | null } & (
  | { kind: 'objection' }
  | { kind: 'consent' }
  | { kind: 'pause'; until: number }
  | { kind: 'cadence'; cadence: { max: number; per: 'week' | 'month' } }
)

/** A choice as an API call records it; said now by the person unless the words say otherwise. */
export function spoken(hub: Hub, point: Point, words: SpokenWords): ChoiceToRecord {
  const now = hub.clock()
  const { key, fingerprint, contactPoint } = keyed(hub, point)
  return {
    id: uuidV7(now, randomBytes(10)),
    evidenceId: uuidV7(now, randomBytes(10)),
    subjectKey: key,
    subject: { type: contactPoint.type, value: contactPoint.normalised, fingerprint },
    words: { scope: everything, author: 'person', saidAt: now, ...words },
    context: { signal: 'test' },
    recordedAt: now,
    actor: 'test',
  }
}

export async function say(hub: Hub, point: Point, words: SpokenWords) {
  const [outcome] = await hub.committer.record([spoken(hub, point, words)])
  if (outcome === undefined) throw new Error('nothing was recorded')
  return outcome
}

export async function ask(
  hub: Hub,
  contactPoint: Point,
  channel: Channel,
  topic = 'news',
  brand = 'acme',
): Promise<Decision> {
  const [answer] = await askGate(
    hub.db,
    hub.catalog,
    hub.secrets,
    [{ contactPoint, channel, topic, brand }],
    hub.clock(),
  )
  if (answer === undefined) throw new Error('no answer')
  return answer
}
