import { type Database, transact } from '../storage/database.ts'
import {
  deleteRelayList,
  findRelayList,
  listRelayLists,
  type RelayListRow,
  upsertRelayList,
} from '../storage/relay-credentials.ts'
import type { Hub } from './hub.ts'
import { listIdOf } from './mint-links.ts'

/** Says that the mails of a list are about a topic; said again it says the new one. */
export function saveRelayList(db: Database, list: RelayListRow, now: number): Promise<void> {
  return transact(db, (tx) => upsertRelayList(tx, { ...list, listId: list.listId.toLowerCase() }, now))
}

/** False when there was no such list. */
export function removeRelayList(db: Database, brand: string, listId: string): Promise<boolean> {
  return transact(db, (tx) => deleteRelayList(tx, brand, listId.toLowerCase()))
}

export function readRelayLists(db: Database): Promise<RelayListRow[]> {
  return listRelayLists(db)
}

/** The topic of a list's mails: by the List-Id the hub itself gives them, or the one it was told of; else undefined. */
export async function topicOfList(
  { db, catalog, place }: Pick<Hub, 'db' | 'catalog' | 'place'>,
  brand: string,
  listId: string,
): Promise<string | undefined> {
  const own = catalog.topics(brand).find((topic) => listIdOf(place, brand, topic.id).toLowerCase() === listId)
  return own?.id ?? (await findRelayList(db, brand, listId))?.topic
}
