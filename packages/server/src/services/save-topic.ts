import type { Purpose } from '@verzet/core'
import type { TopicRow } from '../storage/catalog.ts'
import type { Database } from '../storage/database.ts'
import type { Catalog } from './catalog.ts'
import { writeTopic } from './content/write-catalog.ts'
import { giveNumber } from './give-number.ts'

export type TopicToSave = {
  readonly brand: string
  readonly id: string
  readonly purpose: Purpose
  readonly names: Readonly<Record<string, string>>
  readonly settings?: Readonly<Record<string, unknown>>
}

export type SavedTopic =
  | { readonly kind: 'saved'; readonly created: boolean; readonly topic: TopicRow }
  | { readonly kind: 'unknown_brand' }

/** Creates or changes a topic of a brand, and notes by whom. Other processes see it within a second. */
export async function saveTopic(
  db: Database,
  catalog: Catalog,
  topic: TopicToSave,
  now: number,
  actor: string,
): Promise<SavedTopic> {
  if (catalog.brand(topic.brand) === undefined) return { kind: 'unknown_brand' }
  const created = await giveNumber(db, (tx) => writeTopic(tx, topic, now, actor))
  await catalog.reload()
  const saved = catalog.topic(topic.brand, topic.id)
  if (saved === undefined) throw new Error('a saved topic was not found again')
  return { kind: 'saved', created, topic: saved }
}
