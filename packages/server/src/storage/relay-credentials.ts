import type { Queryable, Transaction } from './database.ts'

/** What is answered for a recipient who may not be written to. */
export type WhenRefused = 'refuse' | 'accept'

export type RelayCredentialRow = {
  readonly name: string
  readonly brand: string
  readonly topic: string | null
  readonly campaign: string | null
  readonly salt: Buffer
  /** scrypt of the password; the password itself is stored nowhere. */
  readonly passwordHash: Buffer
  readonly whenRefused: WhenRefused
  readonly headersOnly: boolean
  readonly linksInService: boolean
  readonly createdAt: Date
  readonly removedAt: Date | null
}

const columns = `name, brand, topic, campaign, salt, password_hash as "passwordHash", when_refused as "whenRefused",
  headers_only as "headersOnly", links_in_service as "linksInService", created_at as "createdAt",
  removed_at as "removedAt"`

/** False when the name is taken, by a removed one too: what it sent stays told apart. */
export async function insertRelayCredential(
  tx: Transaction,
  row: Omit<RelayCredentialRow, 'removedAt'>,
): Promise<boolean> {
  const inserted = await tx.execute(
    `insert into relay_credentials
       (name, brand, topic, campaign, salt, password_hash, when_refused, headers_only, links_in_service, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (name) do nothing`,
    [
      row.name,
      row.brand,
      row.topic,
      row.campaign,
      row.salt,
      row.passwordHash,
      row.whenRefused,
      row.headersOnly,
      row.linksInService,
      row.createdAt,
    ],
  )
  return inserted === 1
}

const findOne = {
  name: 'relay-credentials-find',
  text: `select ${columns} from relay_credentials where name = $1 and removed_at is null`,
}

/** Undefined for one that was removed. */
export async function findRelayCredential(db: Queryable, name: string): Promise<RelayCredentialRow | undefined> {
  const [row] = await db.query<RelayCredentialRow>(findOne, [name])
  return row
}

/** Removed ones too, by name. */
export async function listRelayCredentials(db: Queryable): Promise<RelayCredentialRow[]> {
  return db.query<RelayCredentialRow>(`select ${columns} from relay_credentials order by name`)
}

/** False when no such credential holds. */
export async function markRelayCredentialRemoved(tx: Transaction, name: string, now: number): Promise<boolean> {
  const text = 'update relay_credentials set removed_at = $2 where name = $1 and removed_at is null'
  return (await tx.execute(text, [name, new Date(now)])) === 1
}

/** Which topic the mails of a list are about, by the identifier in their List-Id. */
export type RelayListRow = { readonly brand: string; readonly listId: string; readonly topic: string }

const listColumns = 'brand, list_id as "listId", topic'
const findList = {
  name: 'relay-lists-find',
  text: `select ${listColumns} from relay_lists where brand = $1 and list_id = $2`,
}

export async function findRelayList(db: Queryable, brand: string, listId: string): Promise<RelayListRow | undefined> {
  const [row] = await db.query<RelayListRow>(findList, [brand, listId])
  return row
}

export async function listRelayLists(db: Queryable): Promise<RelayListRow[]> {
  return db.query<RelayListRow>(`select ${listColumns} from relay_lists order by brand, list_id`)
}

export async function upsertRelayList(tx: Transaction, row: RelayListRow, now: number): Promise<void> {
  await tx.execute(
    `insert into relay_lists (brand, list_id, topic, created_at) values ($1, $2, $3, $4)
     on conflict (brand, list_id) do update set topic = excluded.topic`,
    [row.brand, row.listId, row.topic, new Date(now)],
  )
}

/** False when there was no such list. */
export async function deleteRelayList(tx: Transaction, brand: string, listId: string): Promise<boolean> {
  return (await tx.execute('delete from relay_lists where brand = $1 and list_id = $2', [brand, listId])) === 1
}
