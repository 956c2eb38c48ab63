import { normaliseContactPoint, uuidV7 } from '@verzet/core'
import { type Transaction, transact } from '../../storage/database.ts'
import {
  findStaffByEmail,
  findStaffLink,
  insertStaff,
  insertStaffLink,
  listStaff,
  type StaffRow,
  setPasswordHash,
  updateStaff,
  useStaffLink,
} from '../../storage/staff.ts'
import { endStaffSessions } from '../../storage/staff-sessions.ts'
import type { Hub } from '../hub.ts'
import { hashPassword, type PasswordFault, passwordFault } from './passwords.ts'
import type { Role } from './permissions.ts'
import { hashToken, makeToken } from './secret-token.ts'
import { openSession } from './sessions.ts'
import { appendStaffAct, staffActor } from './staff-evidence.ts'

/** Long enough for somebody who reads their mail the next morning. */
export const linkValidityMs = 24 * 3_600_000

type Parts = Pick<Hub, 'db' | 'clock' | 'random'>

export type AccountOutcome =
  | { readonly kind: 'done'; readonly staff: StaffRow; readonly link?: { token: string; expiresAt: number } }
  | { readonly kind: 'unreadable_address' | 'exists' | 'unknown' | 'disabled' | 'last_administrator' }

/** Adds somebody who works with the hub; the link lets them choose a password. */
export async function addStaff(
  hub: Parts,
  email: string,
  roles: readonly Role[],
  actor: string,
): Promise<AccountOutcome> {
  const address = readAddress(email)
  if (address === undefined) return { kind: 'unreadable_address' }
  const now = hub.clock()
  const id = uuidV7(now, hub.random(10))
  return transact(hub.db, async (tx) => {
    if (!(await insertStaff(tx, { id, email: address, roles }, now))) return { kind: 'exists' }
    await appendStaffAct(tx, hub.random, { staffId: id, act: 'account_added', actor, roles }, now)
    const staff = await findStaffByEmail(tx, address)
    if (staff === undefined) throw new Error('an account was not kept')
    return { kind: 'done', staff, link: await giveLink(tx, hub, id, actor, now) }
  })
}

/** A new link to choose a password: for who forgot it, or is made to wait by somebody else's guessing. */
export function renewLink(hub: Parts, email: string, actor: string): Promise<AccountOutcome> {
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    const staff = await findStaffByEmail(tx, readAddress(email) ?? '')
    if (staff === undefined) return { kind: 'unknown' }
    if (staff.disabledAt !== null) return { kind: 'disabled' }
    return { kind: 'done', staff, link: await giveLink(tx, hub, staff.id, actor, now) }
  })
}

/** Changes roles, or closes an account and opens it again. The last administrator stays one: nobody could undo it. */
export function changeStaff(
  hub: Parts,
  email: string,
  change: { readonly roles?: readonly Role[]; readonly isDisabled?: boolean },
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
    if (isDisabled) await endStaffSessions(tx, staff.id, now)
    const wasDisabled = staff.disabledAt !== null
    const act = isDisabled === wasDisabled ? 'roles_changed' : isDisabled ? 'account_disabled' : 'account_enabled'
    await appendStaffAct(tx, hub.random, { staffId: staff.id, act, actor, roles }, now)
    return { kind: 'done', staff: { ...staff, roles, disabledAt } }
  })
}

export type LinkState =
  | { readonly kind: 'open'; readonly email: string }
  | { readonly kind: 'unknown' | 'expired' | 'used' }

/** What a link to choose a password is worth now. Looking changes nothing. */
export async function readStaffLink(hub: Pick<Hub, 'db' | 'clock'>, token: string): Promise<LinkState> {
  const row = await findStaffLink(hub.db, hashToken(token))
  if (row === undefined || row.disabledAt !== null) return { kind: 'unknown' }
  if (row.usedAt !== null) return { kind: 'used' }
  return row.expiresAt.getTime() <= hub.clock() ? { kind: 'expired' } : { kind: 'open', email: row.email }
}

export type ChosenPassword =
  | { readonly kind: 'chosen'; readonly session: string }
  | { readonly kind: 'refused'; readonly fault: PasswordFault }
  | Exclude<LinkState, { kind: 'open' }>

/** Whoever holds the link chooses the password and is signed in; every other session of the account ends. */
export async function choosePassword(hub: Parts, token: string, password: string): Promise<ChosenPassword> {
  const state = await readStaffLink(hub, token)
  if (state.kind !== 'open') return state
  const fault = passwordFault(password, state.email)
  if (fault !== undefined) return { kind: 'refused', fault }
  const hash = await hashPassword(password)
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    const row = await findStaffLink(tx, hashToken(token))
    if (row === undefined || !(await useStaffLink(tx, row.id, now))) return { kind: 'used' }
    const { staffId } = row
    await setPasswordHash(tx, staffId, hash)
    await endStaffSessions(tx, staffId, now)
    await appendStaffAct(tx, hub.random, { staffId, act: 'password_chosen', actor: staffActor(staffId) }, now)
    return { kind: 'chosen', session: await openSession(tx, hub.random, staffId, now) }
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
