import type { Queryable } from '../../storage/database.ts'
import { findFirstAdministrator } from '../../storage/staff.ts'

export const passwordPolicies = ['first-administrator', 'everyone'] as const
/**
 * Who may sign in with a password. The first administrator needs one to begin with, and to get in when passkeys and the
 * provider fail; everybody else has something that cannot be guessed, reused or typed into the wrong page.
 */
export type PasswordPolicy = (typeof passwordPolicies)[number]

type Parts = { readonly db: Queryable; readonly staffPasswords?: PasswordPolicy }

/** Whether this account may choose a password and sign in with it. */
export async function mayUsePassword(hub: Parts, staffId: string): Promise<boolean> {
  return hub.staffPasswords === 'everyone' || (await findFirstAdministrator(hub.db)) === staffId
}
