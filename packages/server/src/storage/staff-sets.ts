import type { Queryable, Transaction } from './database.ts'

/** Permissions that an administrator put together and named. */
export type PermissionSetRow = { readonly id: string; readonly name: string; readonly permissions: readonly string[] }

export async function listPermissionSets(db: Queryable): Promise<PermissionSetRow[]> {
  return db.query<PermissionSetRow>('select id, name, permissions from staff_permission_sets order by name')
}

/** False when another set has this name. */
export async function writePermissionSet(tx: Transaction, set: PermissionSetRow, now: number): Promise<boolean> {
  const taken = await tx.query('select 1 from staff_permission_sets where name = $1 and id <> $2', [set.name, set.id])
  if (taken.length > 0) return false
  const text = `insert into staff_permission_sets (id, name, permissions, created_at) values ($1, $2, $3, $4)
    on conflict (id) do update set name = excluded.name, permissions = excluded.permissions`
  await tx.execute(text, [set.id, set.name, set.permissions, new Date(now)])
  return true
}

/** Takes it from everybody who has it. False when there is no such set. */
export async function deletePermissionSet(tx: Transaction, id: string): Promise<boolean> {
  await tx.execute('delete from staff_account_sets where set_id = $1', [id])
  return (await tx.execute('delete from staff_permission_sets where id = $1', [id])) === 1
}

/** These sets and no others; ids that are none of a set are left out. */
export async function writeSetsOf(tx: Transaction, staffId: string, setIds: readonly string[]): Promise<void> {
  await tx.execute('delete from staff_account_sets where staff_id = $1', [staffId])
  await tx.execute(
    `insert into staff_account_sets (staff_id, set_id)
     select $1, id from staff_permission_sets where id = any($2::uuid[])`,
    [staffId, setIds],
  )
}

export async function findSetsOf(db: Queryable, staffId: string): Promise<PermissionSetRow[]> {
  const text = `select own.id, own.name, own.permissions from staff_account_sets held
    join staff_permission_sets own on own.id = held.set_id where held.staff_id = $1 order by own.name`
  return db.query<PermissionSetRow>(text, [staffId])
}
