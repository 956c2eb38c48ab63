import { findStaff } from '../../storage/staff.ts'
import { findSetsOf, listPermissionSets } from '../../storage/staff-sets.ts'
import type { Hub } from '../hub.ts'
import { type AccountOutcome, addStaff, changeStaff, renewLink } from './accounts.ts'
import { grantsOf, mayGive, type Role } from './permissions.ts'
import { endSessionsOf, type StaffSession } from './sessions.ts'
import { staffActor } from './staff-evidence.ts'

type Parts = Pick<Hub, 'db' | 'clock' | 'random'>

/** What an account is given: roles, sets of permissions, or both. */
export type Given = { readonly roles: readonly Role[]; readonly sets: readonly string[] }

export type ManagedOutcome =
  | AccountOutcome
  /** An account without any permission could not even sign out. */
  | { readonly kind: 'nothing_given' }
  /** It would give, or touch somebody who has, what whoever acts does not have themselves. */
  | { readonly kind: 'beyond_own' }

/** Adds somebody, by a member of staff. */
export async function addMember(hub: Parts, by: StaffSession, email: string, given: Given): Promise<ManagedOutcome> {
  if (given.roles.length + given.sets.length === 0) return { kind: 'nothing_given' }
  if (!mayGive(by.roles, await heldBy(hub, given))) return { kind: 'beyond_own' }
  return addStaff(hub, email, given.roles, staffActor(by.staffId), given.sets)
}

export type MemberChange = { readonly given: Given } | { readonly isDisabled: boolean } | { readonly link: true }

/** Changes what somebody may do, closes or opens their account, or makes a new link for them. */
export async function changeMember(
  hub: Parts,
  by: StaffSession,
  staffId: string,
  change: MemberChange,
): Promise<ManagedOutcome> {
  const member = await findWithin(hub, by, staffId)
  if (typeof member !== 'string') return member
  const actor = staffActor(by.staffId)
  if ('link' in change) return renewLink(hub, member, actor)
  if ('isDisabled' in change) return changeStaff(hub, member, change, actor)
  const { given } = change
  if (given.roles.length + given.sets.length === 0) return { kind: 'nothing_given' }
  if (!mayGive(by.roles, await heldBy(hub, given))) return { kind: 'beyond_own' }
  return changeStaff(hub, member, given, actor)
}

/** Signs a member out everywhere. */
export async function endMemberSessions(
  hub: Parts,
  by: StaffSession,
  staffId: string,
): Promise<ManagedOutcome | undefined> {
  const member = await findWithin(hub, by, staffId)
  if (typeof member !== 'string') return member
  await endSessionsOf(hub, { staffId, actor: staffActor(by.staffId) })
  return undefined
}

/** The address of a member who has nothing that whoever acts lacks: a new link opens the whole account. */
async function findWithin(hub: Parts, by: StaffSession, staffId: string): Promise<string | ManagedOutcome> {
  const member = await findStaff(hub.db, staffId)
  if (member === undefined) return { kind: 'unknown' }
  const sets = await findSetsOf(hub.db, staffId)
  const held = [...member.roles, ...grantsOf(sets.flatMap(({ permissions }) => permissions))]
  return mayGive(by.roles, held) ? member.email : { kind: 'beyond_own' }
}

async function heldBy(hub: Parts, { roles, sets }: Given): Promise<string[]> {
  const known = await listPermissionSets(hub.db)
  return [...roles, ...grantsOf(known.filter(({ id }) => sets.includes(id)).flatMap(({ permissions }) => permissions))]
}
