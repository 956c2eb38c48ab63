import type { Queryable, Transaction } from './database.ts'

/** How somebody proved who they are. */
export type SignInMethod = 'password' | 'passkey' | 'provider'

export type StaffSessionRow = {
  readonly id: string
  readonly staffId: string
  readonly email: string
  readonly roles: readonly string[]
  readonly createdAt: Date
  readonly seenAt: Date
  /** When who is at the keyboard was last proven. */
  readonly authenticatedAt: Date
  readonly method: SignInMethod
  /** What the account's own sets of permissions give, all of them together. */
  readonly granted: readonly string[]
}

type NewSession = {
  readonly id: string
  readonly staffId: string
  readonly tokenHash: Buffer
  readonly method: SignInMethod
}

export async function insertStaffSession(tx: Transaction, session: NewSession, now: number): Promise<void> {
  await tx.execute(
    `insert into staff_sessions (id, staff_id, token_hash, method, created_at, seen_at, authenticated_at)
     values ($1, $2, $3, $4, $5, $5, $5)`,
    [session.id, session.staffId, session.tokenHash, session.method, new Date(now)],
  )
}

const find = {
  name: 'staff-sessions-find',
  text: `select session.id, session.staff_id as "staffId", staff.email, staff.roles, session.created_at as "createdAt",
      session.seen_at as "seenAt", coalesce(session.authenticated_at, session.created_at) as "authenticatedAt",
      session.method, array(
        select unnest(own.permissions) from staff_account_sets held
        join staff_permission_sets own on own.id = held.set_id where held.staff_id = staff.id
      ) as granted
    from staff_sessions session join staff_accounts staff on staff.id = session.staff_id
    where session.token_hash = $1 and session.ended_at is null and staff.disabled_at is null`,
}

/** With the account as it is now: roles that were taken away are gone at the next request. */
export async function findStaffSession(db: Queryable, tokenHash: Buffer): Promise<StaffSessionRow | undefined> {
  const [row] = await db.query<StaffSessionRow>(find, [tokenHash])
  return row
}

export async function touchStaffSession(tx: Transaction, id: string, now: number): Promise<void> {
  await tx.execute('update staff_sessions set seen_at = $2 where id = $1', [id, new Date(now)])
}

export async function endStaffSession(tx: Transaction, id: string, now: number): Promise<void> {
  await tx.execute('update staff_sessions set ended_at = $2 where id = $1 and ended_at is null', [id, new Date(now)])
}

/** The same session under a new secret, after its holder proved again who they are (OWASP ASVS 5, 7.2.4). False when it ended. */
export async function renewStaffSession(
  tx: Transaction,
  session: { readonly id: string; readonly tokenHash: Buffer; readonly method: SignInMethod },
  now: number,
): Promise<boolean> {
  const text = `update staff_sessions set token_hash = $2, method = $3, authenticated_at = $4, seen_at = $4
    where id = $1 and ended_at is null`
  return (await tx.execute(text, [session.id, session.tokenHash, session.method, new Date(now)])) === 1
}

/** After a new password or the end of an account. Returns how many were open. */
export async function endStaffSessions(tx: Transaction, staffId: string, now: number): Promise<number> {
  const text = 'update staff_sessions set ended_at = $2 where staff_id = $1 and ended_at is null'
  return tx.execute(text, [staffId, new Date(now)])
}

/** Those that began before `beganBefore`. */
export async function deleteOldStaffSessions(tx: Transaction, beganBefore: number): Promise<number> {
  return tx.execute('delete from staff_sessions where created_at < $1', [new Date(beganBefore)])
}

export type SignInFailures = { readonly id: string; readonly failures: number; readonly lastAt: Date }

export async function findSignInFailures(db: Queryable, ids: readonly string[]): Promise<Map<string, SignInFailures>> {
  const text = 'select id, failures, last_at as "lastAt" from sign_in_failures where id = any($1::uuid[])'
  const rows = await db.query<SignInFailures>(text, [ids])
  return new Map(rows.map((row) => [row.id, row]))
}

/** Counts on; what lies before `forgottenBefore` counts no longer. */
export async function countSignInFailure(
  tx: Transaction,
  ids: readonly string[],
  now: number,
  forgottenBefore: number,
): Promise<void> {
  await tx.execute(
    `insert into sign_in_failures (id, failures, last_at) select id, 1, $2 from unnest($1::uuid[]) as failed (id)
     on conflict (id) do update set last_at = excluded.last_at,
       failures = case when sign_in_failures.last_at < $3 then 1 else sign_in_failures.failures + 1 end`,
    [[...ids].sort(), new Date(now), new Date(forgottenBefore)],
  )
  await tx.execute('delete from sign_in_failures where last_at < $1', [new Date(forgottenBefore)])
}

export async function forgetSignInFailures(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.execute('delete from sign_in_failures where id = any($1::uuid[])', [ids])
}
