import { createHash } from 'node:crypto'
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import { uuidFromHex, uuidV7 } from '@verzet/core'
import { type Transaction, transact } from '../../storage/database.ts'
import {
  deletePasskey,
  findPasskey,
  insertAnsweredChallenge,
  insertPasskey,
  listPasskeys,
  notePasskeyUse,
  type PasskeyHolder,
  renamePasskey,
} from '../../storage/staff-passkeys.ts'
import type { Hub } from '../hub.ts'
import { type BrowserNote, openNote, sealNote } from './browser-note.ts'
import {
  checkMadePasskey,
  checkUsedPasskey,
  type MadePasskey,
  readUsedPasskey,
  userHandleOf,
} from './passkey-answers.ts'
import { passkeyAlgorithms } from './passkey-assertion.ts'
import type { RelyingParty } from './relying-party.ts'
import { openSession, renewSession, type StaffSession } from './sessions.ts'
import { appendStaffAct, staffActor } from './staff-evidence.ts'

/** Time to find a telephone and to hold it to the screen (WebAuthn level 3, 15.1 recommends five minutes to ten). */
export const challengeValidityMs = 5 * 60_000
/** A telephone, a laptop and two security keys are four; beyond twenty nobody knows which is which. */
export const passkeysMax = 20
export const passkeyNameCharactersMax = 60

const challengeBytes = 32

/** Loading it takes half a second, which nobody should wait for who only starts a command. */
function loadWebAuthn() {
  return import('@simplewebauthn/server')
}

type Parts = Pick<Hub, 'db' | 'clock' | 'random' | 'secrets'>
/** What the browser is to do, and what it keeps for us meanwhile. */
export type Asked<Options> = { readonly options: Options; readonly note: string }

/** Asks a browser to make a passkey for this account; `bound` is what its answer must come with. Writes nothing. */
export async function askForNewPasskey(
  hub: Parts,
  party: RelyingParty,
  whom: { readonly staffId: string; readonly email: string; readonly bound: string },
): Promise<Asked<PublicKeyCredentialCreationOptionsJSON>> {
  const { challenge, note } = challengeFor(hub, 'passkey_add', whom.bound)
  const known = await listPasskeys(hub.db, whom.staffId)
  const { generateRegistrationOptions } = await loadWebAuthn()
  const options = await generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userID: userHandleOf(whom.staffId).bytes,
    userName: whom.email,
    challenge,
    timeout: challengeValidityMs,
    supportedAlgorithmIDs: passkeyAlgorithms,
    // Which make of authenticator somebody uses is nobody's business here.
    attestationType: 'none',
    excludeCredentials: known.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  return { options, note }
}

/** Asks a browser for any passkey of this site: nobody types who they are. Writes nothing. */
export async function askForPasskey(
  hub: Parts,
  party: RelyingParty,
  purpose: 'passkey_sign_in' | 'passkey_confirm',
  bound = '',
): Promise<Asked<PublicKeyCredentialRequestOptionsJSON>> {
  const { challenge, note } = challengeFor(hub, purpose, bound)
  const timeout = challengeValidityMs
  const { generateAuthenticationOptions } = await loadWebAuthn()
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    challenge,
    timeout,
    userVerification: 'required',
  })
  return { options, note }
}

export type Answer = { readonly note: string | undefined; readonly response: string | undefined }
export type PasskeyAdded =
  | { readonly kind: 'added' }
  /** Not what was asked for, too late, known already, or one too many. */
  | { readonly kind: 'refused' | 'known' | 'too_many' }

/** Adds what a browser made to the account that it was made for. */
export async function addPasskey(
  hub: Parts,
  party: RelyingParty,
  { staffId, bound, name }: { readonly staffId: string; readonly bound: string; readonly name: string },
  answer: Answer,
): Promise<PasskeyAdded> {
  const made = await readMade(hub, party, bound, answer)
  if (made === undefined) return { kind: 'refused' }
  return transact(hub.db, (tx) => keepPasskey(tx, hub, { staffId, name, ...made }))
}

/** What a browser made, with the challenge it answers; undefined when it is not what we asked for. */
export async function readMade(
  hub: Parts,
  party: RelyingParty,
  bound: string,
  answer: Answer,
): Promise<{ readonly made: MadePasskey; readonly note: BrowserNote } | undefined> {
  const note = openNote(hub, answer.note, 'passkey_add')
  if (note === undefined || note.bound !== bound) return undefined
  const made = await checkMadePasskey(party, note.challenge, answer.response)
  return made && { made, note }
}

export async function keepPasskey(
  tx: Transaction,
  hub: Parts,
  passkey: { staffId: string; name: string; made: MadePasskey; note: BrowserNote },
): Promise<PasskeyAdded> {
  const now = hub.clock()
  const { staffId, name, made, note } = passkey
  if (!(await isFirstAnswer(tx, note, now))) return { kind: 'refused' }
  if ((await listPasskeys(tx, staffId)).length >= passkeysMax) return { kind: 'too_many' }
  const id = uuidV7(now, hub.random(10))
  if (!(await insertPasskey(tx, { id, staffId, name, ...made }, now))) return { kind: 'known' }
  const act = { staffId, act: 'passkey_added', actor: staffActor(staffId), object: id } as const
  await appendStaffAct(tx, hub.random, act, now)
  return { kind: 'added' }
}

export type PasskeySignIn =
  | { readonly kind: 'signed_in'; readonly session: string; readonly roles: readonly string[] }
  | { readonly kind: 'refused' }

/** Signs in whoever holds the passkey. Says the same of one that is not known, is not verified or answers too late. */
export async function signInWithPasskey(hub: Parts, party: RelyingParty, answer: Answer): Promise<PasskeySignIn> {
  const proven = await provePasskey(hub, party, 'passkey_sign_in', '', answer)
  if (proven === undefined) return { kind: 'refused' }
  const { holder } = proven
  const session = await transact(hub.db, async (tx) => {
    if (!(await isFirstUse(tx, proven, hub.clock()))) return undefined
    return openSession(tx, hub.random, { staffId: holder.staffId, method: 'passkey' }, hub.clock())
  })
  return session === undefined ? { kind: 'refused' } : { kind: 'signed_in', session, roles: holder.roles }
}

/** Who is signed in shows that it is still them; returns the session's new secret. */
export async function confirmWithPasskey(
  hub: Parts,
  party: RelyingParty,
  { id, staffId }: StaffSession,
  answer: Answer,
): Promise<string | undefined> {
  const proven = await provePasskey(hub, party, 'passkey_confirm', id, answer)
  if (proven === undefined || proven.holder.staffId !== staffId) return undefined
  return transact(hub.db, async (tx) => {
    if (!(await isFirstUse(tx, proven, hub.clock()))) return undefined
    return renewSession(tx, hub.random, { id, staffId, method: 'passkey' }, hub.clock())
  })
}

/** False when it is none of theirs. */
export function changePasskey(
  hub: Parts,
  { id, staffId }: { readonly id: string; readonly staffId: string },
  change: { readonly kind: 'rename'; readonly name: string } | { readonly kind: 'remove' },
): Promise<boolean> {
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    const isTheirs =
      change.kind === 'rename'
        ? await renamePasskey(tx, { id, staffId, name: change.name })
        : await deletePasskey(tx, { id, staffId })
    if (!isTheirs) return false
    const act = change.kind === 'rename' ? 'passkey_renamed' : 'passkey_removed'
    await appendStaffAct(tx, hub.random, { staffId, act, actor: staffActor(staffId), object: id }, now)
    return true
  })
}

type Proven = { readonly note: BrowserNote; readonly holder: PasskeyHolder; readonly count: number }

async function provePasskey(
  hub: Parts,
  party: RelyingParty,
  purpose: 'passkey_sign_in' | 'passkey_confirm',
  bound: string,
  answer: Answer,
): Promise<Proven | undefined> {
  const note = openNote(hub, answer.note, purpose)
  const used = readUsedPasskey(answer.response)
  if (note === undefined || note.bound !== bound || used === undefined) return undefined
  const holder = await findPasskey(hub.db, used.id)
  if (holder === undefined) return undefined
  const count = await checkUsedPasskey(party, note.challenge, used, holder)
  return count === undefined ? undefined : { note, holder, count }
}

/** Where a passkey counts, a count that does not go up is a copy of it: the library refuses that, and this a race of two. */
async function isFirstUse(tx: Transaction, { note, holder, count }: Proven, now: number): Promise<boolean> {
  if (!(await isFirstAnswer(tx, note, now))) return false
  return notePasskeyUse(tx, { id: holder.id, from: holder.signCount, to: count }, now)
}

function isFirstAnswer(tx: Transaction, { challenge, expiresAt }: BrowserNote, now: number): Promise<boolean> {
  const id = uuidFromHex(createHash('sha256').update(challenge).digest('hex').slice(0, 32))
  return insertAnsweredChallenge(tx, { id, expiresAt }, now)
}

function challengeFor(hub: Parts, purpose: BrowserNote['purpose'], bound: string) {
  const bytes = new Uint8Array(hub.random(challengeBytes))
  const challenge = Buffer.from(bytes).toString('base64url')
  const expiresAt = hub.clock() + challengeValidityMs
  return { challenge: bytes, note: sealNote(hub, { purpose, challenge, bound, expiresAt }) }
}
