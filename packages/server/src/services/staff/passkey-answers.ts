import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { z } from 'zod'
import type { PasskeyHolder, PasskeyRow } from '../../storage/staff-passkeys.ts'
import { checkAssertion, passkeyAlgorithms } from './passkey-assertion.ts'
import type { RelyingParty } from './relying-party.ts'

/** A passkey that a browser says it made, checked. */
export type MadePasskey = Pick<PasskeyRow, 'credentialId' | 'publicKey' | 'signCount' | 'transports'>

/** As base64url; an answer is a form of at most 64 KiB, and real ones have a few hundred bytes. */
const bytes = z.string().regex(/^[\w-]*$/)
/** How the key is reached; names that come later are kept too (WebAuthn level 3, 5.8.4). */
const transports = z.array(z.string().max(32)).max(10)
const envelope = { id: bytes.min(1).max(1_400), rawId: bytes, type: z.literal('public-key') }

const madeSchema = z.object({
  ...envelope,
  response: z.object({ clientDataJSON: bytes, attestationObject: bytes, transports: transports.optional() }),
})
const usedSchema = z.object({
  ...envelope,
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: bytes.nullish(),
  }),
})
export type UsedPasskey = z.infer<typeof usedSchema>

/** What a browser posted, as JSON in a field of a form; undefined for anything else. */
export function readUsedPasskey(posted: string | undefined): UsedPasskey | undefined {
  return usedSchema.safeParse(readJson(posted)).data
}

/**
 * Undefined unless it was made for this challenge, at this site, with the person verified by their own device (a finger, a
 * face, a code): a key that only shows that somebody touched it would be one factor, found on a desk.
 */
export async function checkMadePasskey(
  { id, origin }: RelyingParty,
  challenge: string,
  posted: string | undefined,
): Promise<MadePasskey | undefined> {
  const read = madeSchema.safeParse(readJson(posted)).data
  if (read === undefined) return undefined
  const { transports: said = [], ...attestation } = read.response
  const response: RegistrationResponseJSON = { ...read, response: attestation, clientExtensionResults: {} }
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const verified = await orUndefined(() =>
    verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      supportedAlgorithmIDs: passkeyAlgorithms,
    }),
  )
  if (verified?.registrationInfo === undefined) return undefined
  const { credential } = verified.registrationInfo
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey),
    signCount: BigInt(credential.counter),
    transports: said,
  }
}

/** The new count of uses; undefined unless this passkey answered this challenge, at this site, with its holder verified. */
export async function checkUsedPasskey(
  party: RelyingParty,
  challenge: string,
  used: UsedPasskey,
  known: PasskeyHolder,
): Promise<number | undefined> {
  const { userHandle, clientDataJSON, authenticatorData, signature } = used.response
  const isNamed = typeof userHandle === 'string' && userHandle !== ''
  // WebAuthn level 3, 7.2 step 6: who the passkey says it is for is whose it is.
  if (isNamed && userHandle !== userHandleOf(known.staffId).text) return undefined
  const assertion = {
    clientData: Buffer.from(clientDataJSON, 'base64url'),
    authenticatorData: Buffer.from(authenticatorData, 'base64url'),
    signature: Buffer.from(signature, 'base64url'),
  }
  return checkAssertion(party, challenge, assertion, known)
}

/** An account as passkeys name it: its id, which says nothing about whom it belongs to (WebAuthn level 3, 14.6.1). */
export function userHandleOf(staffId: string) {
  const handle = new Uint8Array(Buffer.from(staffId.replaceAll('-', ''), 'hex'))
  return { bytes: handle, text: Buffer.from(handle).toString('base64url') }
}

function readJson(posted: string | undefined): unknown {
  try {
    return JSON.parse(posted ?? '')
  } catch {
    return undefined
  }
}

/** The library throws whatever it finds wrong; for who signs in it is all the same. */
async function orUndefined<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}
