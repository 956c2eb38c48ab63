import type { Queryable } from '../../storage/database.ts'
import { listStaff, type StaffRow } from '../../storage/staff.ts'
import { findSetsOf } from '../../storage/staff-sets.ts'
import { grantsOf, may, type Permission } from './permissions.ts'

/** Everybody with an open account who has a permission, by a role or by a set of the deployment's own. */
export async function staffWhoMay(db: Queryable, permission: Permission): Promise<StaffRow[]> {
  const found: StaffRow[] = []
  for (const member of await listStaff(db)) {
    if (member.disabledAt !== null) continue
    const sets = await findSetsOf(db, member.id)
    const held = [...member.roles, ...grantsOf(sets.flatMap(({ permissions }) => permissions))]
    if (may(held, permission)) found.push(member)
  }
  return found
}
