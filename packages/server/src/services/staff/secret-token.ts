import { createHash } from 'node:crypto'
import type { RandomBytes } from '../ports.ts'

/** Nobody guesses 256 bits, so a plain hash of them is enough to store (OWASP ASVS 5, 7.2.3 asks for 128). */
const tokenBytes = 32

export function makeToken(random: RandomBytes): { token: string; tokenHash: Buffer } {
  const token = Buffer.from(random(tokenBytes)).toString('base64url')
  return { token, tokenHash: hashToken(token) }
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
