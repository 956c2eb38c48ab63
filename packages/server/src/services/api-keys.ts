import { createHash, timingSafeEqual } from 'node:crypto'
import { uuidFromHex, uuidV7 } from '@verzet/core'
import {
  type ApiKeyRow,
  findApiKey,
  insertApiKey,
  listApiKeys,
  markRevoked,
  markUsed,
  type NewApiKeyRow,
} from '../storage/api-keys.ts'
import { type Database, transact } from '../storage/database.ts'
import type { Clock, RandomBytes } from './ports.ts'

/** What a key allows; `*` allows everything. */
export const apiScopes = [
  'choices:write',
  'gate:read',
  'gate:claim',
  'links:write',
  'links:mint',
  'relations:read',
  'relations:write',
  'changes:read',
  'review:read',
  'review:write',
  'delivery:write',
  'catalog:read',
  'catalog:write',
  'campaigns:read',
  'campaigns:write',
  'answers:read',
  'alerts:read',
  'alerts:write',
  'keys:write',
  '*',
] as const
export type ApiScope = (typeof apiScopes)[number]

export type ApiKey = {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly createdAt: number
  readonly revokedAt?: number
  /** A day in UTC, as YYYY-MM-DD. */
  readonly lastUsedOn?: string
}

const secretBytes = 32
/** Longer than this no process goes on taking a key that was revoked at another: the promise to operators is two seconds. */
const cachedForMs = 1_000
/** More keys than a deployment has; beyond it the oldest copy goes. */
const cachedKeysMax = 10_000

/** Makes a key. `key` is the only copy of its secret: 256 random bits, so that a plain hash of it is enough to store. */
export async function createApiKey(
  db: Database,
  wanted: { name: string; scopes: readonly ApiScope[] },
  now: number,
  random: RandomBytes,
): Promise<{ id: string; key: string }> {
  const { row, key } = newApiKey(wanted, now, random)
  await transact(db, (tx) => insertApiKey(tx, row))
  return { id: row.id, key }
}

/** A key with the row to keep of it, for who keeps it together with something else. */
export function newApiKey(
  wanted: { readonly name: string; readonly scopes: readonly ApiScope[] },
  now: number,
  random: RandomBytes,
): { row: NewApiKeyRow; key: string } {
  const id = uuidV7(now, random(10))
  const secret = Buffer.from(random(secretBytes)).toString('base64url')
  const scopes = [...new Set(wanted.scopes)]
  const row = { id, name: wanted.name, secretHash: hashOf(secret), scopes, createdAt: new Date(now) }
  return { row, key: `vz_${id.replaceAll('-', '')}_${secret}` }
}

/** False when there was nothing to revoke. */
export function revokeApiKey(db: Database, id: string, now: number): Promise<boolean> {
  return transact(db, (tx) => markRevoked(tx, id, now))
}

export async function readApiKeys(db: Database): Promise<ApiKey[]> {
  return (await listApiKeys(db)).map(describe)
}

export function hasScope(key: ApiKey, scope: ApiScope): boolean {
  return key.scopes.includes('*') || key.scopes.includes(scope)
}

/** The same from the database alone, for a single question. */
export function verifyApiKey(db: Database, presented: string): Promise<ApiKey | undefined> {
  return check(presented, (id) => findApiKey(db, id))
}

/** Says which key a caller holds. Keeps a copy of the keys in use for a second, so that a request costs no query. */
export class ApiKeyVerifier {
  readonly #db: Database
  readonly #clock: Clock
  readonly #cache = new Map<string, { row: ApiKeyRow | undefined; readAt: number; isNoted?: boolean }>()

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  /** Undefined for anything but a key that holds. Throws when the database cannot be asked. */
  async verify(presented: string): Promise<ApiKey | undefined> {
    const key = await check(presented, (id) => this.#find(id))
    if (key !== undefined) this.#noteUse(key.id)
    return key
  }

  /**
   * Writes the day beside the key at its first use of the day, and no request waits for it. One attempt for each copy of
   * the key: where it fails, the next copy tries again a second later, as long as the key is used.
   */
  #noteUse(id: string): void {
    const copy = this.#cache.get(id)
    const today = new Date(this.#clock()).toISOString().slice(0, 10)
    if (copy?.row === undefined || copy.isNoted || (copy.row.lastUsedOn ?? '') >= today) return
    copy.isNoted = true
    void transact(this.#db, (tx) => markUsed(tx, id, today)).catch(() => {})
  }

  async #find(id: string): Promise<ApiKeyRow | undefined> {
    const now = this.#clock()
    const known = this.#cache.get(id)
    if (known !== undefined && Math.abs(now - known.readAt) < cachedForMs) return known.row
    const row = await findApiKey(this.#db, id)
    this.#cache.delete(id)
    this.#cache.set(id, { row, readAt: now })
    const oldest = this.#cache.keys().next().value
    if (this.#cache.size > cachedKeysMax && oldest !== undefined) this.#cache.delete(oldest)
    return row
  }
}

async function check(
  presented: string,
  find: (id: string) => Promise<ApiKeyRow | undefined>,
): Promise<ApiKey | undefined> {
  const [, hex, secret] = /^vz_([0-9a-f]{32})_([\w-]{43})$/.exec(presented) ?? []
  if (hex === undefined || secret === undefined) return undefined
  const row = await find(uuidFromHex(hex))
  const matches = timingSafeEqual(hashOf(secret), row?.secretHash ?? hashOf(''))
  return matches && row !== undefined && row.revokedAt === null ? describe(row) : undefined
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function describe(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.createdAt.getTime(),
    ...(row.revokedAt !== null && { revokedAt: row.revokedAt.getTime() }),
    ...(row.lastUsedOn !== null && { lastUsedOn: row.lastUsedOn }),
  }
}
