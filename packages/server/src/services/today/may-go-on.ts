import { findStaffSession } from '../../storage/staff-sessions.ts'
import type { Hub } from '../hub.ts'
import { grantsOf, may, type Permission } from '../staff/permissions.ts'
import { hashToken } from '../staff/secret-token.ts'

/**
 * Whether a session still may, asked while a page of it stays open: it was not ended, and nothing was taken from its
 * holder. A page that is only left open is no use of the session, so nothing is written.
 */
export async function mayGoOn(hub: Pick<Hub, 'db'>, token: string, permission: Permission): Promise<boolean> {
  const row = await findStaffSession(hub.db, hashToken(token))
  return row !== undefined && may([...row.roles, ...grantsOf(row.granted)], permission)
}
