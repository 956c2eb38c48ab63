import { createHash, createPublicKey, type JsonWebKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { z } from 'zod'
import type { RelyingParty } from './relying-party.ts'

/** What an authenticator answered a challenge with, as bytes. */
export type Assertion = {
  readonly clientData: Buffer
  readonly authenticatorData: Buffer
  readonly signature: Buffer
}

/** Ed25519, ECDSA on P-256 and RSA with SHA-256 (RFC 9053, RFC 8812): together every authenticator on the market. */
export const passkeyAlgorithms = [-8, -7, -257]

const clientDataSchema = z.object({
  type: z.literal('webauthn.get'),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
})

// WebAuthn level 3, 6.1: the hash of the site, the flags, the count.
const flagsAt = 32
const countAt = 33
const authenticatorDataBytesMin = 37
const userPresent = 0x01
const userVerified = 0x04

/**
 * The count of uses that an answer carries; undefined unless all of WebAuthn level 3, 7.2 holds: it answers this challenge,
 * at this site, with its holder verified, signed by this key, and the count went up where there is one.
 *
 * Written here on node:crypto: the ASN.1 reader that the WebAuthn library has for signatures finds its own schemas only
 * where npm happens to install a single copy of it.
 */
export async function checkAssertion(
  { id, origin }: RelyingParty,
  challenge: string,
  { clientData, authenticatorData, signature }: Assertion,
  known: { readonly publicKey: Uint8Array; readonly signCount: bigint },
): Promise<number | undefined> {
  const said = clientDataSchema.safeParse(readJson(clientData)).data
  if (said === undefined || said.crossOrigin === true) return undefined
  if (said.challenge !== challenge || said.origin !== origin) return undefined
  if (authenticatorData.length < authenticatorDataBytesMin) return undefined
  const site = createHash('sha256').update(id).digest()
  if (!timingSafeEqual(site, authenticatorData.subarray(0, flagsAt))) return undefined
  const flags = authenticatorData.readUInt8(flagsAt)
  if ((flags & userPresent) === 0 || (flags & userVerified) === 0) return undefined
  const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()])
  if (!(await isSigned(known.publicKey, signed, signature))) return undefined
  const count = authenticatorData.readUInt32BE(countAt)
  // 7.2 step 22: a count that does not go up is a copy of the key. One that stays 0 is an authenticator that does not count.
  const isCounting = count > 0 || known.signCount > 0n
  return isCounting && BigInt(count) <= known.signCount ? undefined : count
}

async function isSigned(publicKey: Uint8Array, signed: Buffer, signature: Buffer): Promise<boolean> {
  try {
    const read = await readKey(publicKey)
    return read !== undefined && verify(read.digest, signed, read.key, signature)
  } catch {
    // A key that is none, as only somebody who made it up has.
    return false
  }
}

/** Ed25519 hashes by itself. */
async function readKey(bytes: Uint8Array): Promise<{ key: KeyObject; digest: 'sha256' | null } | undefined> {
  const { cose, decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers')
  const read = decodeCredentialPublicKey(new Uint8Array(bytes))
  if (cose.isCOSEPublicKeyEC2(read)) {
    const point = { x: read.get(cose.COSEKEYS.x), y: read.get(cose.COSEKEYS.y) }
    return fromJwk({ kty: 'EC', crv: 'P-256', x: text(point.x), y: text(point.y) }, 'sha256')
  }
  if (cose.isCOSEPublicKeyRSA(read)) {
    return fromJwk({ kty: 'RSA', n: text(read.get(cose.COSEKEYS.n)), e: text(read.get(cose.COSEKEYS.e)) }, 'sha256')
  }
  return cose.isCOSEPublicKeyOKP(read)
    ? fromJwk({ kty: 'OKP', crv: 'Ed25519', x: text(read.get(cose.COSEKEYS.x)) }, null)
    : undefined
}

function fromJwk(jwk: JsonWebKey, digest: 'sha256' | null) {
  return { key: createPublicKey({ key: jwk, format: 'jwk' }), digest }
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64url')
}

function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
