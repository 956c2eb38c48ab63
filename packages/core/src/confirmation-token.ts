import { type ContactPointKey, uuidFromHex, uuidToBytes } from './keys.ts'
import { type SealRing, seal, sealOverheadBytes, unseal } from './seal.ts'

/** What a link that confirms carries: whose confirmation it is, which one, and until when it can be given. */
export type ConfirmationClaims = {
  readonly subjectKey: ContactPointKey
  readonly confirmationId: string
  /** ms since 1970, kept to the second. */
  readonly expiresAt: number
}

const secondMs = 1_000
const claimBytes = 36
const tokenBytes = sealOverheadBytes + claimBytes
/** 64 characters of base64url in a URL path. */
export const confirmationTokenCharacters = Math.ceil((tokenBytes * 8) / 6)

/**
 * Seals the claims, under a ring of its own purpose: a token for leaving never opens as one that confirms.
 * Deterministic, so that a mail sent twice carries one link. Throws a RangeError for an expiry before 1970 or after 2106.
 */
export function sealConfirmation(ring: SealRing, claims: ConfirmationClaims): Buffer {
  const plaintext = Buffer.alloc(claimBytes)
  uuidToBytes(claims.subjectKey).copy(plaintext, 0)
  uuidToBytes(claims.confirmationId).copy(plaintext, 16)
  plaintext.writeUInt32BE(Math.floor(claims.expiresAt / secondMs), 32)
  return seal(ring, plaintext)
}

/**
 * The claims of a token this deployment made; undefined for anything else, however close.
 * The caller compares `expiresAt` with its clock: an expired token still tells which confirmation has expired.
 */
export function openConfirmation(ring: SealRing, sealed: Uint8Array): ConfirmationClaims | undefined {
  if (sealed.length !== tokenBytes) return undefined
  const plaintext = unseal(ring, sealed)
  if (plaintext === undefined) return undefined
  return {
    subjectKey: uuidFromHex(plaintext.toString('hex', 0, 16)),
    confirmationId: uuidFromHex(plaintext.toString('hex', 16, 32)),
    expiresAt: plaintext.readUInt32BE(32) * secondMs,
  }
}

export function confirmationPathToken(sealed: Buffer): string {
  return sealed.toString('base64url')
}

/** Undefined unless the text is exactly a token's length in the URL alphabet. */
export function confirmationFromPath(text: string): Buffer | undefined {
  return text.length === confirmationTokenCharacters && /^[\w-]+$/.test(text)
    ? Buffer.from(text, 'base64url')
    : undefined
}
