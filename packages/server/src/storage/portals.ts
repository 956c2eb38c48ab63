import type { Queryable, Transaction } from './database.ts'

export const portalKeyKinds = ['jwks', 'public_key', 'shared_secret'] as const
export type PortalKeyKind = (typeof portalKeyKinds)[number]

/** A portal of the customer; which of the three keys is there follows from `keyKind`. */
export type PortalRow = {
  readonly name: string
  readonly brand: string
  readonly keyKind: PortalKeyKind
  readonly jwksUrl: string | null
  readonly publicKey: string | null
  readonly sealedSecret: Buffer | null
  readonly origins: readonly string[]
  readonly createdAt: Date
  readonly removedAt: Date | null
}

const columns = `name, brand, key_kind as "keyKind", jwks_url as "jwksUrl", public_key as "publicKey",
  sealed_secret as "sealedSecret", origins, created_at as "createdAt", removed_at as "removedAt"`

/** Removed ones too, by name. */
export async function listPortals(db: Queryable): Promise<PortalRow[]> {
  return db.query<PortalRow>({ name: 'portals-list', text: `select ${columns} from portals order by name` })
}

/** Takes the place of a removed portal of the name; false when one of that name holds. */
export async function insertPortal(tx: Transaction, row: Omit<PortalRow, 'removedAt'>): Promise<boolean> {
  const written = await tx.execute(
    `insert into portals (name, brand, key_kind, jwks_url, public_key, sealed_secret, origins, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (name) do update set brand = excluded.brand, key_kind = excluded.key_kind,
       jwks_url = excluded.jwks_url, public_key = excluded.public_key, sealed_secret = excluded.sealed_secret,
       origins = excluded.origins, created_at = excluded.created_at, removed_at = null
     where portals.removed_at is not null`,
    [row.name, row.brand, row.keyKind, row.jwksUrl, row.publicKey, row.sealedSecret, row.origins, row.createdAt],
  )
  return written === 1
}

/** False when no such portal holds. */
export async function markPortalRemoved(tx: Transaction, name: string, now: number): Promise<boolean> {
  const text = 'update portals set removed_at = $2 where name = $1 and removed_at is null'
  return (await tx.execute(text, [name, new Date(now)])) === 1
}
