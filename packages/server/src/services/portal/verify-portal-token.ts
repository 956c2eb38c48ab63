import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { assertNever, type ContactPointType } from '@verzet/core'
import { decodeJwt, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import { z } from 'zod'
import type { PublicPlace } from '../mint-links.ts'
import type { Clock } from '../ports.ts'
import type { KeySets } from './key-sets.ts'
import type { PortalProof } from './portal-identity.ts'
import { algorithmOf, type Portal, type PortalDirectory } from './portals.ts'

/** Whom a token speaks of: a customer by number, or whoever has a contact point. */
export type TokenSubject = { readonly type: ContactPointType; readonly value: string }

export type TokenOutcome =
  | {
      readonly kind: 'verified'
      readonly portal: Portal
      readonly subject: TokenSubject
      readonly proof: PortalProof
      readonly expiresAt: number
    }
  /** It was good once: the portal can sign another. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'refused' }
  /** The portal's key set cannot be reached. */
  | { readonly kind: 'keys_unavailable' }

/** Signed for one visit: what a browser history or a log gives away is worth little. */
export const tokenLifetimeSecondsMax = 600
/** Clocks of two machines differ by this much without anything being wrong. */
const clockToleranceSeconds = 30
/** A few claims and an RSA signature of 4096 bits take a fourth of it. */
export const tokenCharactersMax = 4_096

/** RFC 9493 §3.2: a subject by contact point. Left out, `sub` is the customer number. */
const subjectIdSchema = z.discriminatedUnion('format', [
  z.looseObject({ format: z.literal('email'), email: z.string() }),
  z.looseObject({ format: z.literal('phone_number'), phone_number: z.string() }),
])

export type TokenParts = {
  readonly portals: PortalDirectory
  readonly keySets: KeySets
  readonly clock: Clock
  /** The hub's own address is the `aud` that a token must have. */
  readonly place: Pick<PublicPlace, 'url'>
}

/**
 * Judges a token that a portal signed (JWT, RFC 7519). It is not used up: within its lifetime the same token looks and
 * acts as often as it likes, and the same no twice is the same no (rule 5).
 */
export async function verifyPortalToken(parts: TokenParts, token: string): Promise<TokenOutcome> {
  if (token.length > tokenCharactersMax) return { kind: 'refused' }
  const portal = await findIssuer(parts, token)
  if (portal === undefined) return { kind: 'refused' }
  const verified = await verifySignature(parts, portal, token)
  if (verified.kind !== 'payload') return verified
  const { iat, exp } = verified.payload
  const subject = subjectOf(verified.payload)
  // A portal that signs for a day has signed for whoever finds the token tomorrow.
  if (subject === undefined || iat === undefined || exp === undefined || exp - iat > tokenLifetimeSecondsMax) {
    return { kind: 'refused' }
  }
  const tokenSha256 = createHash('sha256').update(token).digest('hex')
  const proof = { portal: portal.name, tokenSha256, issuedAt: new Date(iat * 1_000).toISOString() }
  return { kind: 'verified', portal, subject, proof, expiresAt: exp * 1_000 }
}

/** Only says which key to judge by: nothing else of an unverified token is read. */
async function findIssuer({ portals }: TokenParts, token: string): Promise<Portal | undefined> {
  try {
    const { iss } = decodeJwt(token)
    return typeof iss === 'string' ? await portals.find(iss) : undefined
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

type Signature =
  | { readonly kind: 'payload'; readonly payload: JWTPayload }
  | Exclude<TokenOutcome, { kind: 'verified' }>

async function verifySignature(parts: TokenParts, portal: Portal, token: string): Promise<Signature> {
  const { key } = portal
  switch (key.kind) {
    case 'jwks':
      return verifyByKeySet(parts, portal, key.url, token)
    case 'public_key': {
      const algorithm = algorithmOf(key.pem)
      return algorithm === undefined
        ? { kind: 'refused' }
        : verifyByKey(parts, portal, createPublicKey(key.pem), [algorithm], token)
    }
    case 'shared_secret':
      return verifyByKey(parts, portal, Buffer.from(key.secret), ['HS256'], token)
    default:
      return assertNever(key)
  }
}

async function verifyByKeySet(parts: TokenParts, portal: Portal, url: string, token: string): Promise<Signature> {
  const options = optionsFor(parts, portal, ['ES256', 'RS256'])
  const keySet = await parts.keySets.get(url)
  if (keySet === undefined) return { kind: 'keys_unavailable' }
  try {
    return { kind: 'payload', payload: (await jwtVerify(token, keySet, options)).payload }
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) return judge(error)
  }
  // Signed with a key that was published since.
  const newer = await parts.keySets.get(url, { isMissing: true })
  if (newer === undefined || newer === keySet) return { kind: 'refused' }
  return jwtVerify(token, newer, options).then(({ payload }) => ({ kind: 'payload', payload }), judge)
}

function verifyByKey(
  parts: TokenParts,
  portal: Portal,
  key: KeyObject | Uint8Array,
  algorithms: string[],
  token: string,
): Promise<Signature> {
  const options = optionsFor(parts, portal, algorithms)
  return jwtVerify(token, key, options).then(({ payload }): Signature => ({ kind: 'payload', payload }), judge)
}

function optionsFor({ place, clock }: TokenParts, { name }: Portal, algorithms: string[]): JWTVerifyOptions {
  return {
    algorithms,
    issuer: name,
    audience: [place.url, `${place.url}/`],
    requiredClaims: ['exp', 'iat'],
    maxTokenAge: tokenLifetimeSecondsMax,
    clockTolerance: clockToleranceSeconds,
    currentDate: new Date(clock()),
  }
}

/** A key that the library cannot use is one that did not sign. */
function judge(error: unknown): Exclude<TokenOutcome, { kind: 'verified' }> {
  if (error instanceof errors.JWTExpired) return { kind: 'expired' }
  if (error instanceof errors.JOSEError || error instanceof TypeError) return { kind: 'refused' }
  throw error
}

function subjectOf(payload: JWTPayload): TokenSubject | undefined {
  if (payload.sub_id === undefined) {
    return typeof payload.sub === 'string' && payload.sub !== '' ? { type: 'customer', value: payload.sub } : undefined
  }
  const read = subjectIdSchema.safeParse(payload.sub_id)
  if (!read.success) return undefined
  return read.data.format === 'email'
    ? { type: 'email', value: read.data.email }
    : { type: 'phone', value: read.data.phone_number }
}
