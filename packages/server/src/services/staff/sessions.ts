import { uuidV7 } from '@verzet/core'
import { type Transaction, transact } from '../../storage/database.ts'
import {
  endStaffSession,
  findStaffSession,
  insertStaffSession,
  touchStaffSession,
} from '../../storage/staff-sessions.ts'
import type { Hub } from '../hub.ts'
import type { RandomBytes } from '../ports.ts'
import { hashToken, makeToken } from './secret-token.ts'
import { appendStaffAct, staffActor } from './staff-evidence.ts'

/** A desk that was left alone for a coffee stays open, one that was left for lunch does not (OWASP ASVS 5, 7.3.1). */
export const sessionIdleMs = 30 * 60_000
/** The longest working day: after it everybody signs in again (OWASP ASVS 5, 7.3.2). */
export const sessionLongestMs = 12 * 3_600_000
/** Noting every request would be a write for each; a minute is near enough to half an hour. */
const touchEveryMs = 60_000

export type StaffSession = {
  readonly id: string
  readonly staffId: string
  readonly email: string
  readonly roles: readonly string[]
}

/** Begins a session; what is returned is the only copy of its secret. */
export async function openSession(tx: Transaction, random: RandomBytes, staffId: string, now: number): Promise<string> {
  const { token, tokenHash } = makeToken(random)
  await insertStaffSession(tx, { id: uuidV7(now, random(10)), staffId, tokenHash }, now)
  await appendStaffAct(tx, random, { staffId, act: 'signed_in', actor: staffActor(staffId) }, now)
  return token
}

/** Whose session it is; undefined when it ended, was idle for too long, or never was one. */
export async function readSession(hub: Pick<Hub, 'db' | 'clock'>, token: string): Promise<StaffSession | undefined> {
  const row = await findStaffSession(hub.db, hashToken(token))
  if (row === undefined) return undefined
  const now = hub.clock()
  const idleMs = now - row.seenAt.getTime()
  if (idleMs >= sessionIdleMs || now - row.createdAt.getTime() >= sessionLongestMs) return undefined
  if (idleMs >= touchEveryMs) await transact(hub.db, (tx) => touchStaffSession(tx, row.id, now))
  const { id, staffId, email, roles } = row
  return { id, staffId, email, roles }
}

export async function closeSession(hub: Pick<Hub, 'db' | 'clock' | 'random'>, session: StaffSession): Promise<void> {
  const now = hub.clock()
  const { id, staffId } = session
  await transact(hub.db, async (tx) => {
    await endStaffSession(tx, id, now)
    await appendStaffAct(tx, hub.random, { staffId, act: 'signed_out', actor: staffActor(staffId) }, now)
  })
}
