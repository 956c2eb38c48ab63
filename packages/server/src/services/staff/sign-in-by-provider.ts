import { createHash } from 'node:crypto'
import { uuidV7 } from '@verzet/core'
import { type Transaction, transact } from '../../storage/database.ts'
import { findStaffByEmail, insertStaff, listStaff, type StaffRow, updateStaff } from '../../storage/staff.ts'
import { findStaffByIdentity, insertIdentity } from '../../storage/staff-provider-identities.ts'
import type { Hub } from '../hub.ts'
import { readAddress } from './accounts.ts'
import { type BrowserNote, openNote, sealNote } from './browser-note.ts'
import { type Role, roles } from './permissions.ts'
import { openSession, renewSession, type StaffSession } from './sessions.ts'
import { appendStaffAct } from './staff-evidence.ts'

/** Time to type a password and to find a telephone at the provider. */
const awayMsMax = 10 * 60_000

/** Who somebody is, as an ID token says it whose signature, issuer, audience, nonce and dates hold. */
export type ProvidedIdentity = {
  readonly issuer: string
  readonly subject: string
  readonly email?: string
  /** OpenID Connect Core §5.1: only then did the provider check that the address is theirs. */
  readonly isEmailVerified: boolean
  /** What the claim for roles says; empty where none is read. */
  readonly groups: readonly string[]
}

export type ProviderAsk = { readonly state: string; readonly nonce: string; readonly codeVerifier: string }

/** An OpenID provider; adapters/oidc/openid-provider.ts is one. */
export type SignInProvider = {
  /** As its button calls it. */
  readonly name: string
  /** Which group gives which role; absent where roles are given here. */
  readonly rolesOf?: ReadonlyMap<string, Role>
  /** Where to send the browser. Rejects when the provider cannot be reached. */
  begin(ask: ProviderAsk & { readonly isConfirmation: boolean }): Promise<string>
  /** Undefined for an answer that does not hold; rejects when the provider cannot be reached. */
  finish(
    callback: { readonly search: string },
    ask: ProviderAsk & { readonly isConfirmation: boolean },
  ): Promise<ProvidedIdentity | undefined>
  /** Where somebody signs out there; undefined where that is not possible. */
  signOutUrl(backTo: string): Promise<string | undefined>
}

type Parts = Pick<Hub, 'db' | 'clock' | 'random' | 'secrets'>

/** Sends somebody to the provider; what the answer is held against stays in their browser. Writes nothing. */
export async function beginAtProvider(
  hub: Parts,
  provider: SignInProvider,
  { next, confirming }: { readonly next: string; readonly confirming?: StaffSession },
): Promise<{ readonly url: string; readonly note: string }> {
  const fresh = () => Buffer.from(hub.random(32)).toString('base64url')
  const ask = { state: fresh(), nonce: fresh(), codeVerifier: fresh() }
  const { state, nonce, codeVerifier } = ask
  const expiresAt = hub.clock() + awayMsMax
  const bound = confirming?.id ?? ''
  const note = sealNote(hub, { purpose: 'provider', challenge: state, bound, expiresAt, nonce, codeVerifier, next })
  return { url: await provider.begin({ ...ask, isConfirmation: confirming !== undefined }), note }
}

export type ProviderOutcome =
  | { readonly kind: 'signed_in' | 'confirmed'; readonly session: string; readonly next: string }
  /** The answer does not hold, or nobody began it in this browser. */
  | { readonly kind: 'refused'; readonly isConfirmation: boolean; readonly next: string }
  /** The provider knows them and this hub does not. */
  | { readonly kind: 'unknown_account' }

/** Somebody is back from the provider. */
export async function finishAtProvider(
  hub: Parts,
  provider: SignInProvider,
  given: { readonly search: string; readonly note: string | undefined; readonly session: StaffSession | undefined },
): Promise<ProviderOutcome> {
  const note = openNote(hub, given.note, 'provider')
  if (note?.nonce === undefined || note.codeVerifier === undefined) {
    return { kind: 'refused', isConfirmation: false, next: '' }
  }
  const { next = '', nonce, codeVerifier, challenge: state } = note
  const isConfirmation = note.bound !== ''
  const ask = { state, nonce, codeVerifier, isConfirmation }
  const identity = await provider.finish({ search: given.search }, ask)
  if (identity === undefined) return { kind: 'refused', isConfirmation, next }
  return isConfirmation ? confirm(hub, note, identity, given.session) : enter(hub, provider, identity, next)
}

async function confirm(
  hub: Parts,
  { bound, next = '' }: BrowserNote,
  identity: ProvidedIdentity,
  session: StaffSession | undefined,
): Promise<ProviderOutcome> {
  const refused = { kind: 'refused', isConfirmation: true, next } as const
  const staff = await findStaffByIdentity(hub.db, identity)
  if (session === undefined || session.id !== bound || staff?.id !== session.staffId) return refused
  const { id, staffId } = session
  const renewed = await transact(hub.db, (tx) =>
    renewSession(tx, hub.random, { id, staffId, method: 'provider' }, hub.clock()),
  )
  return renewed === undefined ? refused : { kind: 'confirmed', session: renewed, next }
}

function enter(
  hub: Parts,
  provider: SignInProvider,
  identity: ProvidedIdentity,
  next: string,
): Promise<ProviderOutcome> {
  return transact(hub.db, async (tx) => {
    const now = hub.clock()
    const given = provider.rolesOf && rolesGiven(provider.rolesOf, identity.groups)
    const staff = await findOrAdd(tx, hub, identity, given, now)
    if (staff === undefined || staff.disabledAt !== null) return { kind: 'unknown_account' }
    if (given !== undefined && !(await giveRoles(tx, hub, staff, given, now))) return { kind: 'unknown_account' }
    const session = await openSession(tx, hub.random, { staffId: staff.id, method: 'provider' }, now)
    return { kind: 'signed_in', session, next }
  })
}

function rolesGiven(rolesOf: ReadonlyMap<string, Role>, groups: readonly string[]): Role[] {
  return roles.filter((role) => groups.some((group) => rolesOf.get(group) === role))
}

type Known = Pick<StaffRow, 'id' | 'email' | 'roles' | 'disabledAt'>

/**
 * By the provider's own name for them; the first time by an address that it vouches for. After that an account there that
 * gets the same address does not open this one.
 */
async function findOrAdd(
  tx: Transaction,
  hub: Parts,
  identity: ProvidedIdentity,
  given: readonly Role[] | undefined,
  now: number,
): Promise<Known | undefined> {
  const known = await findStaffByIdentity(tx, identity)
  if (known !== undefined) return known
  const email = identity.isEmailVerified ? readAddress(identity.email ?? '') : undefined
  if (email === undefined) return undefined
  const actor = actorOf(identity)
  if (given !== undefined && given.length > 0) {
    const id = uuidV7(now, hub.random(10))
    if (await insertStaff(tx, { id, email, roles: given }, now)) {
      await appendStaffAct(tx, hub.random, { staffId: id, act: 'account_added', actor, roles: given }, now)
    }
  }
  const staff = await findStaffByEmail(tx, email)
  if (staff === undefined || !(await insertIdentity(tx, { ...pick(identity), staffId: staff.id }, now)))
    return undefined
  await appendStaffAct(tx, hub.random, { staffId: staff.id, act: 'provider_bound', actor }, now)
  return staff
}

function pick({ issuer, subject }: ProvidedIdentity) {
  return { issuer, subject }
}

/** The provider's word on roles counts at each sign-in. False when it gives none. The last administrator stays one. */
async function giveRoles(
  tx: Transaction,
  hub: Parts,
  staff: Known,
  given: readonly Role[],
  now: number,
): Promise<boolean> {
  if (given.length === 0) return false
  const isSame = given.length === staff.roles.length && given.every((role) => staff.roles.includes(role))
  if (isSame) return true
  const isLast =
    staff.roles.includes('administrator') &&
    !(await listStaff(tx)).some(
      (one) => one.id !== staff.id && one.roles.includes('administrator') && one.disabledAt === null,
    )
  const wanted = isLast && !given.includes('administrator') ? [...given, 'administrator'] : given
  await updateStaff(tx, staff.id, { roles: wanted, disabledAt: staff.disabledAt })
  const actor = 'provider'
  await appendStaffAct(tx, hub.random, { staffId: staff.id, act: 'roles_changed', actor, roles: wanted }, now)
  return true
}

/** Not the name itself: at some providers it is an address. */
function actorOf({ issuer, subject }: ProvidedIdentity): string {
  return `provider:${createHash('sha256').update(`${issuer} ${subject}`).digest('hex').slice(0, 16)}`
}
