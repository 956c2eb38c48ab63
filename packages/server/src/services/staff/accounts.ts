import { normaliseContactPoint, uuidV7 } from '@verzet/core'
import { type Transaction, transact } from '../../storage/database.ts'
import {
  findStaffByEmail,
  insertStaff,
  insertStaffLink,
  listStaff,
  type StaffRow,
  updateStaff,
} from '../../storage/staff.ts'
import { endStaffSessions } from '../../storage/staff-sessions.ts'
import { writeSetsOf } from '../../storage/staff-sets.ts'
import type { Hub } from '../hub.ts'
import type { Role } from './permissions.ts'
import { makeToken } from './secret-token.ts'
import { appendStaffAct } from './staff-evidence.ts'

/** Long enough for somebody who reads their mail the next morning. */
export const linkValidityMs = 24 * 3_600_000

type Parts = Pick<Hub, 'db' | 'clock' | 'random'>

export type AccountOutcome =
  | { readonly kind: 'done'; readonly staff: StaffRow; readonly link?: { token: string; expiresAt: number } }
  | { readonly kind: 'unreadable_address' | 'exists' | 'unknown' | 'disabled' | 'last_administrator' }

/** Adds somebody who works with the hub; the link lets them add a passkey, or choose a password where they may have one. */
export async function addStaff(
  hub: Parts,
  email: string,
  roles: readonly Role[],
  actor: string,
  sets: readonly string[] = [],
): Promise<AccountOutcome> {
  const address = readAddress(email)
  if (address === undefined) return { kind: 'unreadable_address' }
  const now = hub.clock()
  const id = uuidV7(now, hub.random(10))
  return transact(hub.db, async (tx) => {
    if (!(await insertStaff(tx, { id, email: address, roles }, now))) return { kind: 'exists' }
    await writeSetsOf(tx, id, sets)
    await appendStaffAct(tx, hub.random, { staffId: id, act: 'account_added', actor, roles }, now)
    const staff = await findStaffByEmail(tx, address)
    if (staff === undefined) throw new Error('an account was not kept')
    return { kind: 'done', staff, link: await giveLink(tx, hub, id, actor, now) }
  })
}

/** A new link: for who lost their passkey or password, or is made to wait by somebody else's guessing. */
export function renewLink(hub: Parts, email: string, actor: string): Promise<AccountOutcome> {
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    const staff = await findStaffByEmail(tx, readAddress(email) ?? '')
    if (staff === undefined) return { kind: 'unknown' }
    if (staff.disabledAt !== null) return { kind: 'disabled' }
    return { kind: 'done', staff, link: await giveLink(tx, hub, staff.id, actor, now) }
  })
}

/**
 * Changes roles and sets of permissions, or closes an account and opens it again. The last administrator stays one: nobody
 * could undo it.
 */
export function changeStaff(
  hub: Parts,
  email: string,
  change: { readonly roles?: readonly Role[]; readonly sets?: readonly string[]; readonly isDisabled?: boolean },
  actor: string,
): Promise<AccountOutcome> {
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    const staff = await findStaffByEmail(tx, readAddress(email) ?? '')
    if (staff === undefined) return { kind: 'unknown' }
    const { roles = staff.roles, isDisabled = staff.disabledAt !== null } = change
    const stays = roles.includes('administrator') && !isDisabled
    const isAdministrator = (one: StaffRow) => one.roles.includes('administrator') && one.disabledAt === null
    const others = (await listStaff(tx)).filter((one) => one.id !== staff.id && isAdministrator(one))
    if (isAdministrator(staff) && !stays && others.length === 0) return { kind: 'last_administrator' }
    const disabledAt = isDisabled ? (staff.disabledAt ?? new Date(now)) : null
    await updateStaff(tx, staff.id, { roles, disabledAt })
    if (change.sets !== undefined) await writeSetsOf(tx, staff.id, change.sets)
    if (isDisabled) await endStaffSessions(tx, staff.id, now)
    const wasDisabled = staff.disabledAt !== null
    const act = isDisabled === wasDisabled ? 'roles_changed' : isDisabled ? 'account_disabled' : 'account_enabled'
    await appendStaffAct(tx, hub.random, { staffId: staff.id, act, actor, roles }, now)
    return { kind: 'done', staff: { ...staff, roles, disabledAt } }
  })
}

async function giveLink(tx: Transaction, hub: Parts, staffId: string, actor: string, now: number) {
  const { token, tokenHash } = makeToken(hub.random)
  const expiresAt = now + linkValidityMs
  const link = { id: uuidV7(now, hub.random(10)), staffId, tokenHash, expiresAt: new Date(expiresAt) }
  await insertStaffLink(tx, link, now)
  await appendStaffAct(tx, hub.random, { staffId, act: 'link_made', actor }, now)
  return { token, expiresAt }
}

/** The address as it is compared: what somebody types with a capital is the same account. */
export function readAddress(email: string): string | undefined {
  const read = normaliseContactPoint({ type: 'email', value: email })
  return read.kind === 'ok' ? read.contactPoint.normalised.toLowerCase() : undefined
}
