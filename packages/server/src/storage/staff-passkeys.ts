import type { Queryable, Transaction } from './database.ts'

export type PasskeyRow = {
  readonly id: string
  readonly staffId: string
  /** Base64url, as the browser names it. */
  readonly credentialId: string
  readonly publicKey: Buffer
  readonly signCount: bigint
  readonly transports: readonly string[]
  readonly name: string
  readonly createdAt: Date
  readonly usedAt: Date | null
}

const columns = `key.id, key.staff_id as "staffId", key.credential_id as "credentialId", key.public_key as "publicKey",
  key.sign_count as "signCount", key.transports, key.name, key.created_at as "createdAt", key.used_at as "usedAt"`

/** False when somebody has this passkey already. */
export async function insertPasskey(
  tx: Transaction,
  key: Omit<PasskeyRow, 'createdAt' | 'usedAt'>,
  now: number,
): Promise<boolean> {
  const text = `insert into staff_passkeys
      (id, staff_id, credential_id, public_key, sign_count, transports, name, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (credential_id) do nothing`
  const { id, staffId, credentialId, publicKey, signCount, transports, name } = key
  const values = [id, staffId, credentialId, publicKey, signCount, transports, name, new Date(now)]
  return (await tx.execute(text, values)) === 1
}

/** Oldest first. */
export async function listPasskeys(db: Queryable, staffId: string): Promise<PasskeyRow[]> {
  return db.query<PasskeyRow>(`select ${columns} from staff_passkeys key where key.staff_id = $1 order by key.id`, [
    staffId,
  ])
}

export type PasskeyHolder = PasskeyRow & { readonly roles: readonly string[] }

/** Of an account that is open. */
export async function findPasskey(db: Queryable, credentialId: string): Promise<PasskeyHolder | undefined> {
  const text = `select ${columns}, staff.roles from staff_passkeys key
    join staff_accounts staff on staff.id = key.staff_id
    where key.credential_id = $1 and staff.disabled_at is null`
  const [row] = await db.query<PasskeyHolder>(text, [credentialId])
  return row
}

/** False when the count moved on meanwhile: two who use one key at once are not both its holder. */
export async function notePasskeyUse(
  tx: Transaction,
  use: { readonly id: string; readonly from: bigint; readonly to: number },
  now: number,
): Promise<boolean> {
  const text = 'update staff_passkeys set sign_count = $3, used_at = $4 where id = $1 and sign_count = $2'
  return (await tx.execute(text, [use.id, use.from, use.to, new Date(now)])) === 1
}

export async function renamePasskey(
  tx: Transaction,
  key: { readonly id: string; readonly staffId: string; readonly name: string },
): Promise<boolean> {
  const text = 'update staff_passkeys set name = $3 where id = $1 and staff_id = $2'
  return (await tx.execute(text, [key.id, key.staffId, key.name])) === 1
}

export async function deletePasskey(
  tx: Transaction,
  key: { readonly id: string; readonly staffId: string },
): Promise<boolean> {
  return (await tx.execute('delete from staff_passkeys where id = $1 and staff_id = $2', [key.id, key.staffId])) === 1
}

/** False when this challenge was answered before. Those that are too old to be answered are forgotten on the way. */
export async function insertAnsweredChallenge(
  tx: Transaction,
  challenge: { readonly id: string; readonly expiresAt: number },
  now: number,
): Promise<boolean> {
  await tx.execute('delete from staff_answered_challenges where expires_at < $1', [new Date(now)])
  const text = `insert into staff_answered_challenges (id, expires_at) values ($1, $2) on conflict (id) do nothing`
  return (await tx.execute(text, [challenge.id, new Date(challenge.expiresAt)])) === 1
}
