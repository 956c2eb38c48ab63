import { insertApiKey, markRevoked } from '../../storage/api-keys.ts'
import { transact } from '../../storage/database.ts'
import { type ApiScope, newApiKey } from '../api-keys.ts'
import type { Hub } from '../hub.ts'
import type { StaffSession } from './sessions.ts'
import { appendStaffAct, staffActor } from './staff-evidence.ts'

type Parts = Pick<Hub, 'db' | 'clock' | 'random'>

/** Makes a key for the API, by a member of staff; `key` is shown once and kept nowhere. */
export function makeKeyAsStaff(
  hub: Parts,
  { staffId }: StaffSession,
  wanted: { readonly name: string; readonly scopes: readonly ApiScope[] },
): Promise<{ id: string; key: string }> {
  const now = hub.clock()
  const { row, key } = newApiKey(wanted, now, hub.random)
  return transact(hub.db, async (tx) => {
    await insertApiKey(tx, row)
    const act = { staffId: row.id, act: 'api_key_made', actor: staffActor(staffId), roles: row.scopes } as const
    await appendStaffAct(tx, hub.random, act, now)
    return { id: row.id, key }
  })
}

/** False when there was nothing to revoke. No process takes it any more within two seconds. */
export function revokeKeyAsStaff(hub: Parts, { staffId }: StaffSession, id: string): Promise<boolean> {
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    if (!(await markRevoked(tx, id, now))) return false
    const act = { staffId: id, act: 'api_key_revoked', actor: staffActor(staffId) } as const
    await appendStaffAct(tx, hub.random, act, now)
    return true
  })
}
