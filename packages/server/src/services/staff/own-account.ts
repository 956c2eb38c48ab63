import { findStaff } from '../../storage/staff.ts'
import { listPasskeys, type PasskeyRow } from '../../storage/staff-passkeys.ts'
import { findSetsOf } from '../../storage/staff-sets.ts'
import type { Hub } from '../hub.ts'
import { mayUsePassword } from './password-policy.ts'

export type OwnAccount = {
  readonly passkeys: readonly PasskeyRow[]
  readonly sets: readonly string[]
  readonly mayUsePassword: boolean
  readonly hasPassword: boolean
}

/** What somebody sees of their own account. */
export async function readOwnAccount(hub: Pick<Hub, 'db' | 'staffPasswords'>, staffId: string): Promise<OwnAccount> {
  const [staff, passkeys, sets, isAllowed] = await Promise.all([
    findStaff(hub.db, staffId),
    listPasskeys(hub.db, staffId),
    findSetsOf(hub.db, staffId),
    mayUsePassword(hub, staffId),
  ])
  const hasPassword = isAllowed && typeof staff?.passwordHash === 'string'
  return { passkeys, sets: sets.map(({ name }) => name), mayUsePassword: isAllowed, hasPassword }
}
