import { fromBase32, toBase32 } from './base32.ts'
import { type Channel, channels } from './channel.ts'
import { type ContactPointKey, uuidFromHex, uuidToBytes } from './keys.ts'
import { type SealRing, seal, sealOverheadBytes, unseal } from './seal.ts'

/** What a message offered its reader in its own body, besides the link (rule 3). */
export const offers = ['all', 'channel', 'topic'] as const
export type Offer = (typeof offers)[number]

/**
 * What a personal opt-out link carries: whose it is and what it came with.
 * Brand, topic and campaign travel by number (0: none), so that the path stays under 90 characters.
 */
export type LinkClaims = {
  readonly contactPointKey: ContactPointKey
  readonly brandNumber: number
  readonly topicNumber: number
  readonly campaignNumber: number
  readonly channel: Channel
  readonly offered: readonly Offer[]
  /** When the link was made, ms since 1970, kept to the minute. */
  readonly mintedAt: number
}

const minuteMs = 60_000
const epochMs = Date.UTC(2026, 0, 1)
/** 24 bits of minutes last until 2057; a link made later says 2057, and works as well. */
const minutesMax = 0xffffff
const claimBytes = 27
const tokenBytes = sealOverheadBytes + claimBytes
/** 52 characters of base64url in a URL path; 63 of base 32 in a mail address (at most 64, RFC 5321 §4.5.3.1.1). */
export const linkTokenCharacters = Math.ceil((tokenBytes * 8) / 6)
export const mailTokenCharacters = Math.ceil((tokenBytes * 8) / 5)

/** Seals the claims. Deterministic: the same claims under the same key give the same token. Never expires. */
export function sealLink(ring: SealRing, claims: LinkClaims): Buffer {
  const plaintext = Buffer.alloc(claimBytes)
  uuidToBytes(claims.contactPointKey).copy(plaintext, 0)
  plaintext.writeUInt16BE(claims.brandNumber, 16)
  plaintext.writeUInt16BE(claims.topicNumber, 18)
  plaintext.writeUIntBE(claims.campaignNumber, 20, 3)
  plaintext.writeUInt8(channels.indexOf(claims.channel) | (offerBits(claims.offered) << 3), 23)
  const minutes = Math.floor((claims.mintedAt - epochMs) / minuteMs)
  plaintext.writeUIntBE(Math.min(minutesMax, Math.max(0, minutes)), 24, 3)
  return seal(ring, plaintext)
}

/** The claims of a token this deployment made; undefined for anything else, however close. */
export function openLink(ring: SealRing, sealed: Uint8Array): LinkClaims | undefined {
  if (sealed.length !== tokenBytes) return undefined
  const plaintext = unseal(ring, sealed)
  if (plaintext === undefined) return undefined
  const flags = plaintext.readUInt8(23)
  const channel = channels[flags & 7]
  if (channel === undefined) return undefined
  return {
    contactPointKey: uuidFromHex(plaintext.toString('hex', 0, 16)),
    brandNumber: plaintext.readUInt16BE(16),
    topicNumber: plaintext.readUInt16BE(18),
    campaignNumber: plaintext.readUIntBE(20, 3),
    channel,
    offered: offers.filter((_, index) => ((flags >> 3) & (1 << index)) !== 0),
    mintedAt: plaintext.readUIntBE(24, 3) * minuteMs + epochMs,
  }
}

export function linkPathToken(sealed: Buffer): string {
  return sealed.toString('base64url')
}

/** Undefined unless the text is exactly a token's length in the URL alphabet. */
export function linkFromPath(text: string): Buffer | undefined {
  return text.length === linkTokenCharacters && /^[\w-]+$/.test(text) ? Buffer.from(text, 'base64url') : undefined
}

export function linkMailToken(sealed: Buffer): string {
  return toBase32(sealed)
}

export function linkFromMail(localPart: string): Buffer | undefined {
  return localPart.length === mailTokenCharacters ? fromBase32(localPart) : undefined
}

function offerBits(offered: readonly Offer[]): number {
  return offered.reduce((bits, offer) => bits | (1 << offers.indexOf(offer)), 0)
}
