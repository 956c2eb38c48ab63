import { contactPointTypes, gateFingerprint, normaliseContactPoint, sipHash24 } from '@verzet/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fingerprinter } from './fingerprinter.ts'

const key = Uint8Array.from({ length: 16 }, (_, index) => index * 17)

function fast(type: (typeof contactPointTypes)[number], value: string, of = key): bigint {
  const fingerprinter = new Fingerprinter(of)
  fingerprinter.take(type, value)
  return (BigInt(fingerprinter.high) << 32n) | BigInt(fingerprinter.low)
}

describe('the fast fingerprint', () => {
  it('is SipHash-2-4 of type and value, for any text of any length under any key', () => {
    const anyKey = fc.uint8Array({ minLength: 16, maxLength: 16 })
    const value = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ minLength: 500, maxLength: 700 }),
    )
    fc.assert(
      fc.property(anyKey, fc.constantFrom(...contactPointTypes), value, (secret, type, text) => {
        expect(fast(type, text, secret)).toBe(sipHash24(secret, Buffer.from(`${type}:${text}`)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('is the one the hub keeps beside a contact point', () => {
    const read = normaliseContactPoint({ type: 'phone', value: '0470 12 34 56' }, { country: 'BE' })
    if (read.kind !== 'ok') throw new Error(read.hint)
    expect(fast('phone', read.contactPoint.normalised)).toBe(gateFingerprint(key, read.contactPoint))
  })

  it('forgets the text before it', () => {
    const fingerprinter = new Fingerprinter(key)
    fingerprinter.take('email', `${'a'.repeat(200)}@voorbeeld.be`)
    fingerprinter.take('email', 'an@voorbeeld.be')
    const alone = fast('email', 'an@voorbeeld.be')
    expect((BigInt(fingerprinter.high) << 32n) | BigInt(fingerprinter.low)).toBe(alone)
  })

  it('refuses a key of another length', () => {
    expect(() => new Fingerprinter(key.subarray(1))).toThrow('16 bytes')
  })
})
