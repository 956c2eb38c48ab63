import type { Queryable, Transaction } from './database.ts'

export type ApiKeyRow = {
  readonly id: string
  readonly name: string
  /** SHA-256 of the secret part; the secret itself is stored nowhere. */
  readonly secretHash: Buffer
  readonly scopes: readonly string[]
  readonly createdAt: Date
  readonly revokedAt: Date | null
  /** YYYY-MM-DD, in UTC; null where nobody has used it yet. */
  readonly lastUsedOn: string | null
}

/** A key as it is made: in force, and not used yet. */
export type NewApiKeyRow = Omit<ApiKeyRow, 'revokedAt' | 'lastUsedOn'>

const columns = `id, name, secret_hash as "secretHash", scopes, created_at as "createdAt", revoked_at as "revokedAt",
  last_used_on::text as "lastUsedOn"`

export async function insertApiKey(tx: Transaction, key: NewApiKeyRow): Promise<void> {
  await tx.execute('insert into api_keys (id, name, secret_hash, scopes, created_at) values ($1, $2, $3, $4, $5)', [
    key.id,
    key.name,
    key.secretHash,
    key.scopes,
    key.createdAt,
  ])
}

const findOne = { name: 'api-keys-find', text: `select ${columns} from api_keys where id = $1` }

export async function findApiKey(db: Queryable, id: string): Promise<ApiKeyRow | undefined> {
  const [row] = await db.query<ApiKeyRow>(findOne, [id])
  return row
}

/** Revoked ones too, oldest first. */
export async function listApiKeys(db: Queryable): Promise<ApiKeyRow[]> {
  return db.query<ApiKeyRow>(`select ${columns} from api_keys order by id`)
}

/** False when no such key holds. */
export async function markRevoked(tx: Transaction, id: string, now: number): Promise<boolean> {
  const text = 'update api_keys set revoked_at = $2 where id = $1 and revoked_at is null'
  return (await tx.execute(text, [id, new Date(now)])) === 1
}

/** Writes the day and never an earlier one; a key that is in use all day is written to once. */
export async function markUsed(tx: Transaction, id: string, day: string): Promise<void> {
  const text = 'update api_keys set last_used_on = $2::date where id = $1 and coalesce(last_used_on < $2::date, true)'
  await tx.execute(text, [id, day])
}
