import { transact } from '../../storage/database.ts'
import { findStaffLink, setPasswordHash, useStaffLink } from '../../storage/staff.ts'
import { endStaffSessions } from '../../storage/staff-sessions.ts'
import type { Hub } from '../hub.ts'
import { type Answer, keepPasskey, type PasskeyAdded, readMade } from './passkeys.ts'
import { mayUsePassword } from './password-policy.ts'
import { hashPassword, type PasswordFault, passwordFault } from './passwords.ts'
import type { RelyingParty } from './relying-party.ts'
import { hashToken } from './secret-token.ts'
import { openSession } from './sessions.ts'
import { appendStaffAct, staffActor } from './staff-evidence.ts'

type Parts = Pick<Hub, 'db' | 'clock' | 'random' | 'secrets' | 'staffPasswords'>

export type LinkState =
  | { readonly kind: 'open'; readonly staffId: string; readonly email: string; readonly mayUsePassword: boolean }
  | { readonly kind: 'unknown' | 'expired' | 'used' }

/** What a link into an account is worth now. Looking changes nothing. */
export async function readStaffLink(
  hub: Pick<Hub, 'db' | 'clock' | 'staffPasswords'>,
  token: string,
): Promise<LinkState> {
  const row = await findStaffLink(hub.db, hashToken(token))
  if (row === undefined || row.disabledAt !== null) return { kind: 'unknown' }
  if (row.usedAt !== null) return { kind: 'used' }
  if (row.expiresAt.getTime() <= hub.clock()) return { kind: 'expired' }
  const { staffId, email } = row
  return { kind: 'open', staffId, email, mayUsePassword: await mayUsePassword(hub, staffId) }
}

export type ChosenPassword =
  | { readonly kind: 'chosen'; readonly session: string }
  | { readonly kind: 'refused'; readonly fault: PasswordFault }
  | { readonly kind: 'passkey_only' }
  | Exclude<LinkState, { kind: 'open' }>

/** Whoever holds the link chooses the password and is signed in; every other session of the account ends. */
export async function choosePassword(hub: Parts, token: string, password: string): Promise<ChosenPassword> {
  const state = await readStaffLink(hub, token)
  if (state.kind !== 'open') return state
  if (!state.mayUsePassword) return { kind: 'passkey_only' }
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
    return { kind: 'chosen', session: await openSession(tx, hub.random, { staffId, method: 'password' }, now) }
  })
}

export type AddedByLink =
  | { readonly kind: 'opened'; readonly session: string }
  | Exclude<PasskeyAdded, { kind: 'added' }>
  | Exclude<LinkState, { kind: 'open' }>

/** Whoever holds the link adds a passkey and is signed in; every other session of the account ends. */
export async function addPasskeyByLink(
  hub: Parts,
  party: RelyingParty,
  { token, name }: { readonly token: string; readonly name: string },
  answer: Answer,
): Promise<AddedByLink> {
  const state = await readStaffLink(hub, token)
  if (state.kind !== 'open') return state
  const { staffId } = state
  const read = await readMade(hub, party, linkBinding(token), answer)
  if (read === undefined) return { kind: 'refused' }
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    const row = await findStaffLink(tx, hashToken(token))
    if (row === undefined || row.usedAt !== null) return { kind: 'used' }
    const added = await keepPasskey(tx, hub, { staffId, name, ...read })
    if (added.kind !== 'added') return { kind: added.kind }
    if (!(await useStaffLink(tx, row.id, now))) throw new Error('a link was used twice at once')
    await endStaffSessions(tx, staffId, now)
    return { kind: 'opened', session: await openSession(tx, hub.random, { staffId, method: 'passkey' }, now) }
  })
}

/** What the answer to a passkey that is made by a link must come with: it names the link and does not give it away. */
export function linkBinding(token: string): string {
  return `link ${hashToken(token).toString('base64url')}`
}
