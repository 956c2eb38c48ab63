import { uuidV7 } from '@verzet/core'
import { type Transaction, transact } from '../../storage/database.ts'
import {
  endStaffSession,
  endStaffSessions,
  findStaffSession,
  insertStaffSession,
  renewStaffSession,
  type SignInMethod,
  touchStaffSession,
} from '../../storage/staff-sessions.ts'
import type { Hub } from '../hub.ts'
import type { RandomBytes } from '../ports.ts'
import { grantsOf } from './permissions.ts'
import { hashToken, makeToken } from './secret-token.ts'
import { appendStaffAct, staffActor } from './staff-evidence.ts'

/** A desk that was left alone for a coffee stays open, one that was left for lunch does not (OWASP ASVS 5, 7.3.1). */
export const sessionIdleMs = 30 * 60_000
/** The longest working day: after it everybody signs in again (OWASP ASVS 5, 7.3.2). */
export const sessionLongestMs = 12 * 3_600_000
/** How long a proof of who is at the keyboard is good for acts that harm when somebody else does them. */
export const freshForMs = 10 * 60_000
/** Noting every request would be a write for each; a minute is near enough to half an hour. */
const touchEveryMs = 60_000

export type StaffSession = {
  readonly id: string
  readonly staffId: string
  readonly email: string
  /** Names of roles, and the grants of sets of permissions: what `may` is asked with. */
  readonly roles: readonly string[]
  readonly authenticatedAt: number
  readonly method: SignInMethod
}

/** Begins a session; what is returned is the only copy of its secret. */
export async function openSession(
  tx: Transaction,
  random: RandomBytes,
  { staffId, method }: { readonly staffId: string; readonly method: SignInMethod },
  now: number,
): Promise<string> {
  const { token, tokenHash } = makeToken(random)
  await insertStaffSession(tx, { id: uuidV7(now, random(10)), staffId, tokenHash, method }, now)
  await appendStaffAct(tx, random, { staffId, act: 'signed_in', actor: staffActor(staffId), method }, now)
  return token
}

/** Goes on under a new secret after its holder proved again who they are; undefined when it ended meanwhile. */
export async function renewSession(
  tx: Transaction,
  random: RandomBytes,
  { id, staffId, method }: { readonly id: string; readonly staffId: string; readonly method: SignInMethod },
  now: number,
): Promise<string | undefined> {
  const { token, tokenHash } = makeToken(random)
  if (!(await renewStaffSession(tx, { id, tokenHash, method }, now))) return undefined
  await appendStaffAct(tx, random, { staffId, act: 'confirmed', actor: staffActor(staffId), method }, now)
  return token
}

/** Whether who is at the keyboard was proven a moment ago. */
export function isFresh({ authenticatedAt }: Pick<StaffSession, 'authenticatedAt'>, now: number): boolean {
  return now - authenticatedAt < freshForMs
}

/** Whose session it is; undefined when it ended, was idle for too long, or never was one. */
export async function readSession(hub: Pick<Hub, 'db' | 'clock'>, token: string): Promise<StaffSession | undefined> {
  const row = await findStaffSession(hub.db, hashToken(token))
  if (row === undefined) return undefined
  const now = hub.clock()
  const idleMs = now - row.seenAt.getTime()
  if (idleMs >= sessionIdleMs || now - row.createdAt.getTime() >= sessionLongestMs) return undefined
  if (idleMs >= touchEveryMs) await transact(hub.db, (tx) => touchStaffSession(tx, row.id, now))
  const { id, staffId, email, method } = row
  const held = [...row.roles, ...grantsOf(row.granted)]
  return { id, staffId, email, roles: held, authenticatedAt: row.authenticatedAt.getTime(), method }
}

export async function closeSession(hub: Pick<Hub, 'db' | 'clock' | 'random'>, session: StaffSession): Promise<void> {
  const now = hub.clock()
  const { id, staffId } = session
  await transact(hub.db, async (tx) => {
    await endStaffSession(tx, id, now)
    await appendStaffAct(tx, hub.random, { staffId, act: 'signed_out', actor: staffActor(staffId) }, now)
  })
}

/** Signs somebody out everywhere; how many sessions that ended. */
export function endSessionsOf(
  hub: Pick<Hub, 'db' | 'clock' | 'random'>,
  { staffId, actor }: { readonly staffId: string; readonly actor: string },
): Promise<number> {
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    const ended = await endStaffSessions(tx, staffId, now)
    await appendStaffAct(tx, hub.random, { staffId, act: 'sessions_ended', actor }, now)
    return ended
  })
}
