import type { Queryable, Transaction } from './database.ts'

export type StaffRow = {
  readonly id: string
  readonly email: string
  readonly roles: readonly string[]
  /** Argon2id; null until a password was chosen. */
  readonly passwordHash: string | null
  readonly createdAt: Date
  readonly disabledAt: Date | null
}

const columns =
  'id, email, roles, password_hash as "passwordHash", created_at as "createdAt", disabled_at as "disabledAt"'

/** An account with what its list shows: the names of its own sets, its passkeys, its open sessions. */
export type StaffOverview = StaffRow & {
  readonly sets: readonly { readonly id: string; readonly name: string; readonly permissions: readonly string[] }[]
  readonly passkeys: number
  readonly lastSeenAt: Date | null
}

/** False when there is an account of that address already. */
export async function insertStaff(
  tx: Transaction,
  staff: { readonly id: string; readonly email: string; readonly roles: readonly string[] },
  now: number,
): Promise<boolean> {
  const text = `insert into staff_accounts (id, email, roles, created_at) values ($1, $2, $3, $4)
    on conflict (email) do nothing`
  return (await tx.execute(text, [staff.id, staff.email, staff.roles, new Date(now)])) === 1
}

export async function findStaffByEmail(db: Queryable, email: string): Promise<StaffRow | undefined> {
  const [row] = await db.query<StaffRow>(`select ${columns} from staff_accounts where email = $1`, [email])
  return row
}

export async function findStaff(db: Queryable, id: string): Promise<StaffRow | undefined> {
  const [row] = await db.query<StaffRow>(`select ${columns} from staff_accounts where id = $1`, [id])
  return row
}

/** Who was made first of the administrators there are. */
export async function findFirstAdministrator(db: Queryable): Promise<string | undefined> {
  const text = `select id from staff_accounts where 'administrator' = any(roles) and disabled_at is null
    order by created_at, id limit 1`
  const [row] = await db.query<{ id: string }>(text)
  return row?.id
}

/** By address; of one account where `id` says so. */
export async function listStaffOverview(db: Queryable, id?: string): Promise<StaffOverview[]> {
  const text = `select ${columns},
      (select count(*)::int from staff_passkeys key where key.staff_id = staff.id) as passkeys,
      (select max(session.seen_at) from staff_sessions session where session.staff_id = staff.id) as "lastSeenAt",
      (select coalesce(
          jsonb_agg(jsonb_build_object('id', own.id, 'name', own.name, 'permissions', own.permissions) order by own.name),
          '[]')
        from staff_account_sets held join staff_permission_sets own on own.id = held.set_id
        where held.staff_id = staff.id) as sets
    from staff_accounts staff where $1::uuid is null or staff.id = $1 order by staff.email`
  return db.query<StaffOverview>(text, [id ?? null])
}

export async function listStaff(db: Queryable): Promise<StaffRow[]> {
  return db.query<StaffRow>(`select ${columns} from staff_accounts order by email`)
}

export async function updateStaff(
  tx: Transaction,
  id: string,
  change: { readonly roles: readonly string[]; readonly disabledAt: Date | null },
): Promise<void> {
  await tx.execute('update staff_accounts set roles = $2, disabled_at = $3 where id = $1', [
    id,
    change.roles,
    change.disabledAt,
  ])
}

export async function setPasswordHash(tx: Transaction, id: string, hash: string): Promise<void> {
  await tx.execute('update staff_accounts set password_hash = $2 where id = $1', [id, hash])
}

export type StaffLinkRow = {
  readonly id: string
  readonly staffId: string
  readonly email: string
  readonly expiresAt: Date
  readonly usedAt: Date | null
  readonly disabledAt: Date | null
}

/** Earlier links of the same account end with it. */
export async function insertStaffLink(
  tx: Transaction,
  link: { readonly id: string; readonly staffId: string; readonly tokenHash: Buffer; readonly expiresAt: Date },
  now: number,
): Promise<void> {
  await tx.execute('update staff_links set used_at = $2 where staff_id = $1 and used_at is null', [
    link.staffId,
    new Date(now),
  ])
  await tx.execute(
    'insert into staff_links (id, staff_id, token_hash, created_at, expires_at) values ($1, $2, $3, $4, $5)',
    [link.id, link.staffId, link.tokenHash, new Date(now), link.expiresAt],
  )
}

export async function findStaffLink(db: Queryable, tokenHash: Buffer): Promise<StaffLinkRow | undefined> {
  const text = `select link.id, link.staff_id as "staffId", staff.email, link.expires_at as "expiresAt",
      link.used_at as "usedAt", staff.disabled_at as "disabledAt"
    from staff_links link join staff_accounts staff on staff.id = link.staff_id where link.token_hash = $1`
  const [row] = await db.query<StaffLinkRow>(text, [tokenHash])
  return row
}

/** False when somebody used it a moment before. */
export async function useStaffLink(tx: Transaction, id: string, now: number): Promise<boolean> {
  const text = 'update staff_links set used_at = $2 where id = $1 and used_at is null'
  return (await tx.execute(text, [id, new Date(now)])) === 1
}
