import { createHmac } from 'node:crypto'
import { uuidFromHex } from '@verzet/core'
import { transact } from '../../storage/database.ts'
import { findStaffByEmail, type StaffRow } from '../../storage/staff.ts'
import {
  countSignInFailure,
  findSignInFailures,
  forgetSignInFailures,
  type SignInFailures,
} from '../../storage/staff-sessions.ts'
import type { Hub } from '../hub.ts'
import { readAddress } from './accounts.ts'
import { mayUsePassword } from './password-policy.ts'
import { passwordMatches } from './passwords.ts'
import { openSession, renewSession, type StaffSession } from './sessions.ts'

/**
 * Failures make the next try wait, and never close an account: the waits end by themselves, the longest after
 * `waitMsMax`, and a link from an administrator opens the account at any time.
 *
 *   one account from one address    4 free, then 5 s, 10 s, 20 s … 15 min    somebody who guesses, or mistypes
 *   one address, any account        30 free, then the same                   somebody who tries many accounts
 *   one account, any address        100 free, then 30 s each                 somebody with many addresses
 */
type Limit = { readonly free: number; readonly firstWaitMs: number; readonly waitMsMax: number }
export const waitMsMax = 15 * 60_000
const limits = {
  pair: { free: 4, firstWaitMs: 5_000, waitMsMax },
  address: { free: 30, firstWaitMs: 5_000, waitMsMax },
  account: { free: 100, firstWaitMs: 30_000, waitMsMax: 30_000 },
} as const satisfies Record<string, Limit>
/** Longer than the longest wait, so that waiting does not make the count begin again. */
const failuresKeptMs = 60 * 60_000

export type SignInOutcome =
  | { readonly kind: 'signed_in'; readonly session: string; readonly roles: readonly string[] }
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait'; readonly ms: number }

type Parts = Pick<Hub, 'db' | 'clock' | 'random' | 'secrets' | 'staffPasswords'>
type Given = { readonly email: string; readonly password: string; readonly address: string }

/** Says the same, after the same time, of an account that is not there, of one that is closed and of a wrong password. */
export async function signIn(hub: Parts, given: Given): Promise<SignInOutcome> {
  const checked = await checkPassword(hub, given)
  if (checked.kind !== 'right') return checked
  const { staff, pair } = checked
  const session = await transact(hub.db, async (tx) => {
    // Not those of the address: who knows one account could otherwise go on guessing at the others.
    await forgetSignInFailures(tx, [pair])
    return openSession(tx, hub.random, { staffId: staff.id, method: 'password' }, hub.clock())
  })
  return { kind: 'signed_in', session, roles: staff.roles }
}

export type ConfirmOutcome =
  | { readonly kind: 'confirmed'; readonly session: string }
  | Exclude<SignInOutcome, { kind: 'signed_in' }>

/** Who is signed in shows that it is still them. Guesses count like those at the door. */
export async function confirmWithPassword(
  hub: Parts,
  { id, staffId, email }: StaffSession,
  given: Pick<Given, 'password' | 'address'>,
): Promise<ConfirmOutcome> {
  const checked = await checkPassword(hub, { ...given, email })
  if (checked.kind !== 'right') return checked
  const session = await transact(hub.db, async (tx) => {
    await forgetSignInFailures(tx, [checked.pair])
    return renewSession(tx, hub.random, { id, staffId, method: 'password' }, hub.clock())
  })
  return session === undefined ? { kind: 'refused' } : { kind: 'confirmed', session }
}

type Checked =
  | { readonly kind: 'right'; readonly staff: StaffRow; readonly pair: string }
  | Exclude<SignInOutcome, { kind: 'signed_in' }>

async function checkPassword(hub: Parts, given: Given): Promise<Checked> {
  const now = hub.clock()
  const email = readAddress(given.email) ?? given.email.slice(0, 320).toLowerCase()
  const counted = {
    pair: nameCount(hub, `pair ${given.address} ${email}`),
    address: nameCount(hub, `address ${given.address}`),
    account: nameCount(hub, `account ${email}`),
  }
  const known = await findSignInFailures(hub.db, Object.values(counted))
  const ms = Math.max(
    ...(['pair', 'address', 'account'] as const).map((kind) => waitAfter(known.get(counted[kind]), limits[kind], now)),
  )
  if (ms > 0) return { kind: 'wait', ms }
  const staff = await findStaffByEmail(hub.db, email)
  const isAllowed = staff !== undefined && (await mayUsePassword(hub, staff.id))
  const isRight = await passwordMatches(given.password, staff?.passwordHash)
  if (!isRight || !isAllowed || staff.disabledAt !== null) {
    await transact(hub.db, (tx) => countSignInFailure(tx, Object.values(counted), now, now - failuresKeptMs))
    return { kind: 'refused' }
  }
  return { kind: 'right', staff, pair: counted.pair }
}

function waitAfter(known: SignInFailures | undefined, limit: Limit, now: number): number {
  if (known === undefined || known.lastAt.getTime() < now - failuresKeptMs) return 0
  const over = known.failures - limit.free
  if (over <= 0) return 0
  const wait = Math.min(limit.waitMsMax, limit.firstWaitMs * 2 ** Math.min(over - 1, 20))
  return Math.max(0, known.lastAt.getTime() + wait - now)
}

/** Keyed, so that the table tells nobody who works here or from where. */
function nameCount({ secrets }: Pick<Hub, 'secrets'>, what: string): string {
  return uuidFromHex(createHmac('sha256', secrets.pepper).update(`sign-in ${what}`).digest('hex').slice(0, 32))
}
