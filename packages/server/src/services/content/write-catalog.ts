import { randomBytes } from 'node:crypto'
import { canonicalJson, type JsonValue } from '@verzet/core'
import {
  type BrandRow,
  findBrand,
  findTopic,
  type TopicToWrite,
  upsertBrand,
  upsertTopic,
} from '../../storage/catalog.ts'
import { type CatalogChange, insertCatalogChange } from '../../storage/catalog-changes.ts'
import type { Transaction } from '../../storage/database.ts'
import { appendStaffAct, staffOf } from '../staff/staff-evidence.ts'

export type BrandToWrite = Omit<BrandRow, 'number' | 'wording'>

/** Creates or changes a brand and notes by whom; true when it was not there before. */
export async function writeBrand(tx: Transaction, brand: BrandToWrite, now: number, actor: string): Promise<boolean> {
  const { id, name, controller, country, settings } = brand
  const before = (await findBrand(tx, id)) ?? null
  const isNew = await upsertBrand(tx, brand, now)
  const after = { name, controller, country, settings }
  await noteChange(tx, { brand: id, what: 'brand', topic: null, before, after, actor }, now)
  return isNew
}

/** Creates or changes a topic and notes by whom; true when it was not there before. */
export async function writeTopic(tx: Transaction, topic: TopicToWrite, now: number, actor: string): Promise<boolean> {
  const { brand, id, purpose, names, settings = {} } = topic
  const before = (await findTopic(tx, brand, id)) ?? null
  const isNew = await upsertTopic(tx, topic, now)
  await noteChange(tx, { brand, what: 'topic', topic: id, before, after: { purpose, names, settings }, actor }, now)
  return isNew
}

/** What was stored as it was already is no change. One by a member of staff is evidence besides. */
export async function noteChange(tx: Transaction, change: CatalogChange, now: number): Promise<void> {
  if (asText(change.before) === asText(change.after)) return
  await insertCatalogChange(tx, change, now)
  const { actor, brand, what, topic } = change
  const staffId = staffOf(actor)
  if (staffId === undefined) return
  const object = [brand, what, ...(topic === null ? [] : [topic])].join(' ')
  await appendStaffAct(tx, randomBytes, { staffId, act: 'content_changed', actor, object }, now)
}

/** Whatever order its members came in. */
function asText(value: unknown): string {
  const plain: JsonValue = JSON.parse(JSON.stringify(value))
  return canonicalJson(plain)
}
