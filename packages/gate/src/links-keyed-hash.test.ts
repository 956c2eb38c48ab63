import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashedBytesMax, hashStateAfter, KeyedHash } from './links-keyed-hash.ts'

function digestOf(hash: KeyedHash, message: Uint8Array): string {
  hash.message.set(message)
  const words = hash.digest(message.length)
  return [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

describe('the keyed hash', () => {
  it('gives what HMAC-SHA-256 gives, one message after the other', () => {
    const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
    const messages = fc.array(bytes(300), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(bytes(64), messages, (key, given) => {
        const hash = KeyedHash.ofKey(key)
        for (const message of given) {
          expect(digestOf(hash, message)).toBe(createHmac('sha256', key).update(message).digest('hex'))
        }
      }),
    )
  })

  it('closes messages of every length around a block, and the longest', () => {
    const key = Buffer.alloc(32, 'k')
    const hash = KeyedHash.ofKey(key)
    for (const length of [0, 55, 56, 63, 64, 119, 120, 128, hashedBytesMax]) {
      const message = Buffer.alloc(length, 'm')
      expect(digestOf(hash, message)).toBe(createHmac('sha256', key).update(message).digest('hex'))
    }
  })

  it('refuses what it has no room for', () => {
    expect(() => KeyedHash.ofKey(Buffer.alloc(32)).digest(hashedBytesMax + 1)).toThrow(RangeError)
    expect(() => KeyedHash.ofKey(Buffer.alloc(65))).toThrow(RangeError)
    expect(() => new KeyedHash(Buffer.alloc(31), Buffer.alloc(32))).toThrow(RangeError)
    expect(() => hashStateAfter(Buffer.alloc(63))).toThrow(RangeError)
  })
})
