import { hkdfSync } from 'node:crypto'
import type { ContactPoint } from './contact-point.ts'
import { type HmacBlocks, hmacBlocks, hmacSha256 } from './hmac.ts'
import { sipHash24 } from './sip-hash.ts'

/** The deployment's pepper: at least this many bytes. Who loses it loses the memory of every no. */
export const pepperBytesMin = 32

/** A contact point's identity everywhere in the database and the API: 128 bits, written as a UUID. */
export type ContactPointKey = string

/** The secrets of one deployment, in the form the hashes need them. */
export type HashSecrets = {
  readonly pepper: Uint8Array
  readonly fingerprintKey: Uint8Array
  /** The pepper, as HMAC takes it. */
  readonly hmacBlocks: HmacBlocks
}

/** Derives the fingerprint's key from the pepper (HKDF, RFC 5869), so that a replica can be given the one without the other. */
export function hashSecrets(pepper: Uint8Array): HashSecrets {
  if (pepper.length < pepperBytesMin) throw new RangeError(`the pepper needs at least ${pepperBytesMin} bytes`)
  return {
    pepper,
    fingerprintKey: new Uint8Array(hkdfSync('sha256', pepper, '', 'verzet gate fingerprint', 16)),
    hmacBlocks: hmacBlocks(pepper),
  }
}

/** First 16 bytes of HMAC-SHA-256(pepper, `type:normalised`), as a UUID string. */
export function contactPointKey(secrets: HashSecrets, contactPoint: ContactPoint): ContactPointKey {
  return keyOfText(secrets, hashedText(contactPoint))
}

/** A name that a header field and a line of a report still show whole. */
export const campaignCharactersMax = 100

/**
 * What a campaign is known by in the feed, as a contact point is by its own key: a campaign that is held has a standing of
 * its own there, and every gate finds it where it finds everything else.
 */
export function campaignKey(secrets: HashSecrets, brand: string, campaign: string): string {
  return keyOfText(secrets, campaignText(brand, campaign))
}

/** The campaign's fingerprint in a gate's index. */
export function campaignFingerprint(fingerprintKey: Uint8Array, brand: string, campaign: string): bigint {
  return sipHash24(fingerprintKey, Buffer.from(campaignText(brand, campaign), 'utf8'))
}

/** No name of a brand has a slash, and no type of contact point is called so: the text is that of one campaign alone. */
function campaignText(brand: string, campaign: string): string {
  return `campaign:${brand}/${campaign}`
}

function keyOfText(secrets: HashSecrets, text: string): string {
  const bytes = Buffer.byteLength(text, 'utf8')
  const digest = hmacSha256(secrets.hmacBlocks, bytes, (into, offset) => into.write(text, offset, 'utf8'))
  return uuidFromHex(digest.toString('hex', 0, 16))
}

/** 64-bit SipHash-2-4 of the same text: the only thing a gate replica holds. */
export function gateFingerprint(fingerprintKey: Uint8Array, contactPoint: ContactPoint): bigint {
  return sipHash24(fingerprintKey, Buffer.from(hashedText(contactPoint), 'utf8'))
}

export const partitionsCount = 64

/** The feed partition of a contact point: the low six bits of its key's first byte. */
export function partitionOf(key: ContactPointKey): number {
  return Number.parseInt(key.slice(0, 2), 16) % partitionsCount
}

export function uuidFromHex(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

export function uuidToBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

/** UUIDv7 (RFC 9562 §5.7) from a moment in ms and ten random bytes. */
export function uuidV7(now: number, random: Uint8Array): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes.set(random.subarray(0, 10), 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return uuidFromHex(bytes.toString('hex'))
}

function hashedText(contactPoint: ContactPoint): string {
  return `${contactPoint.type}:${contactPoint.normalised}`
}
