import { createCipheriv, hkdfSync, timingSafeEqual } from 'node:crypto'
import { type HmacBlocks, hmacBlocks, hmacSha256 } from './hmac.ts'

/**
 * Sealed tokens: secret and authentic, without a nonce to store.
 * Layout: key id (1 byte) · tag (11 bytes) · ciphertext. The tag is HMAC-SHA-256 over key id and plaintext, cut to
 * 88 bits, and serves as the initial counter of AES-256-CTR (the synthetic initialisation vector of RFC 5297 §2.6, with HMAC).
 * 88 bits keep the mail form within a local part; guessing one on line takes 2^87 requests.
 */
const tagBytes = 11
const cipherBlockBytes = 16
export const sealOverheadBytes = 1 + tagBytes
export const sealSecretBytesMin = 32

/** One secret of the ring. Old ones stay, so that a link in an old mail goes on working. */
export type SealKey = {
  readonly id: number
  readonly macKey: Uint8Array
  readonly cipherKey: Uint8Array
  readonly macBlocks: HmacBlocks
  /** The block cipher under the key, made once: making one takes longer than a token. */
  readonly blockCipher: ReturnType<typeof createCipheriv>
}
export type SealRing = { readonly current: SealKey; readonly byId: ReadonlyMap<number, SealKey> }

/** `purpose` separates kinds of token: one sealed for leaving does not open as one that confirms. */
export function sealRing(secrets: readonly { id: number; secret: Uint8Array }[], purpose: string): SealRing {
  const keys = secrets.map(({ id, secret }) => {
    if (secret.length < sealSecretBytesMin)
      throw new RangeError(`a token key needs ${sealSecretBytesMin} bytes or more`)
    if (!Number.isInteger(id) || id < 0 || id > 255) throw new RangeError('a token key id is a number from 0 to 255')
    const macKey = derive(secret, `${purpose} mac`)
    const cipherKey = derive(secret, `${purpose} cipher`)
    const blockCipher = createCipheriv('aes-256-ecb', cipherKey, null).setAutoPadding(false)
    return { id, macKey, cipherKey, macBlocks: hmacBlocks(macKey), blockCipher }
  })
  const current = keys.at(-1)
  if (current === undefined) throw new RangeError('a token key ring needs at least one key')
  return { current, byId: new Map(keys.map((key) => [key.id, key])) }
}

export function seal(ring: SealRing, plaintext: Uint8Array): Buffer {
  const { current } = ring
  const tag = tagOf(current, plaintext)
  return Buffer.concat([Buffer.of(current.id), tag, crypt(current, tag, plaintext)])
}

/** The plaintext, or undefined for anything this ring did not seal. Compares in constant time. */
export function unseal(ring: SealRing, sealed: Uint8Array): Buffer | undefined {
  const key = ring.byId.get(sealed[0] ?? -1)
  if (key === undefined || sealed.length <= sealOverheadBytes) return undefined
  const tag = sealed.subarray(1, sealOverheadBytes)
  const plaintext = crypt(key, tag, sealed.subarray(sealOverheadBytes))
  return timingSafeEqual(tag, tagOf(key, plaintext)) ? plaintext : undefined
}

function tagOf(key: SealKey, plaintext: Uint8Array): Buffer {
  const digest = hmacSha256(key.macBlocks, 1 + plaintext.length, (into, offset) => {
    into[offset] = key.id
    into.set(plaintext, offset + 1)
  })
  return digest.subarray(0, tagBytes)
}

/**
 * CTR is its own inverse, and its stream is the block cipher of each counter (NIST SP 800-38A §6.5). A tag fills the first
 * eleven bytes of the counter; the blocks are counted in the others.
 */
function crypt(key: SealKey, tag: Uint8Array, text: Uint8Array): Buffer {
  const blocks = Math.ceil(text.length / cipherBlockBytes)
  const counters = Buffer.alloc(blocks * cipherBlockBytes)
  for (let block = 0; block < blocks; block += 1) {
    counters.set(tag, block * cipherBlockBytes)
    counters.writeUInt32BE(block, (block + 1) * cipherBlockBytes - 4)
  }
  const stream = key.blockCipher.update(counters)
  for (let index = 0; index < text.length; index += 1) stream[index] = (stream[index] ?? 0) ^ (text[index] ?? 0)
  return stream.subarray(0, text.length)
}

function derive(secret: Uint8Array, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `verzet ${info}`, 32))
}
