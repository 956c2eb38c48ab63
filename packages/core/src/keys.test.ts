import { createHmac, hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ContactPoint, type ContactPointType, normaliseContactPoint } from './contact-point.ts'
import {
  contactPointKey,
  gateFingerprint,
  hashSecrets,
  partitionOf,
  partitionsCount,
  pepperBytesMin,
  uuidFromHex,
  uuidToBytes,
  uuidV7,
} from './keys.ts'
import { sipHash24 } from './sip-hash.ts'

type KeyFile = {
  version: 1
  cases: {
    pepper: string
    contactPoint: { type: ContactPointType; normalised: string }
    key: string
    fingerprint: string
  }[]
}
const file: KeyFile = JSON.parse(readFileSync(new URL('../../../conformance/keys.json', import.meta.url), 'utf8'))

const pepper = Buffer.alloc(32, 7)
const secrets = hashSecrets(pepper)

function contactPoint(type: ContactPointType, value: string): ContactPoint {
  const read = normaliseContactPoint({ type, value })
  if (read.kind !== 'ok') throw new Error(`${type} ${value} is not a contact point`)
  return read.contactPoint
}

describe('a contact point key', () => {
  it.each(file.cases.map((one) => [one.contactPoint.type, one.contactPoint.normalised, one] as const))(
    'of %s %s is the same in every language',
    (type, normalised, { pepper: hex, key, fingerprint }) => {
      const point = contactPoint(type, normalised)
      expect(point.normalised).toBe(normalised)
      const given = hashSecrets(Buffer.from(hex, 'hex'))
      expect(contactPointKey(given, point)).toBe(key)
      expect(gateFingerprint(given.fingerprintKey, point).toString(16).padStart(16, '0')).toBe(fingerprint)
    },
  )

  it('is the first half of the keyed hash of type and spelling', () => {
    const hash = createHmac('sha256', pepper).update('email:jan@voorbeeld.be', 'utf8').digest()
    const key = contactPointKey(secrets, contactPoint('email', 'jan@voorbeeld.be'))
    expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
    expect(uuidToBytes(key)).toEqual(hash.subarray(0, 16))
  })

  it('differs by type, by spelling and by pepper', () => {
    const email = contactPointKey(secrets, contactPoint('email', 'a@b.be'))
    const others = [
      contactPointKey(secrets, contactPoint('customer', 'a@b.be')),
      contactPointKey(secrets, contactPoint('email', 'a@c.be')),
      contactPointKey(hashSecrets(Buffer.alloc(32, 8)), contactPoint('email', 'a@b.be')),
    ]
    expect(new Set([email, ...others]).size).toBe(4)
  })

  it('asks for a pepper of 32 bytes or more', () => {
    expect(() => hashSecrets(Buffer.alloc(pepperBytesMin - 1))).toThrow(/at least 32 bytes/)
    expect(hashSecrets(Buffer.alloc(pepperBytesMin)).pepper).toHaveLength(32)
  })
})

describe('a gate fingerprint', () => {
  it('is a SipHash under a key that only the pepper gives', () => {
    const derived = new Uint8Array(hkdfSync('sha256', pepper, '', 'verzet gate fingerprint', 16))
    expect(secrets.fingerprintKey).toEqual(derived)
    expect(gateFingerprint(secrets.fingerprintKey, contactPoint('email', 'jan@voorbeeld.be'))).toBe(
      sipHash24(derived, Buffer.from('email:jan@voorbeeld.be')),
    )
  })

  it('is no part of the contact point key', () => {
    const point = contactPoint('customer', '4711')
    const fingerprint = gateFingerprint(secrets.fingerprintKey, point).toString(16).padStart(16, '0')
    expect(contactPointKey(secrets, point).replaceAll('-', '')).not.toContain(fingerprint)
  })
})

describe('a partition', () => {
  it('is the low six bits of the first byte of the key', () => {
    expect(partitionOf('00000000-0000-0000-0000-000000000000')).toBe(0)
    expect(partitionOf('3fffffff-0000-0000-0000-000000000000')).toBe(63)
    expect(partitionOf('40000000-0000-0000-0000-000000000000')).toBe(0)
    expect(partitionOf('ff000000-0000-0000-0000-000000000000')).toBe(63)
    expect(partitionOf('01ff0000-0000-0000-0000-000000000000')).toBe(1)
  })

  it('spreads keys evenly', () => {
    const counts = Array.from({ length: partitionsCount }, () => 0)
    for (let number = 0; number < 6_400; number += 1) {
      const partition = partitionOf(contactPointKey(secrets, contactPoint('customer', `customer ${number}`)))
      counts[partition] = (counts[partition] ?? 0) + 1
    }
    expect(Math.min(...counts)).toBeGreaterThan(50)
    expect(Math.max(...counts)).toBeLessThan(160)
  })
})

describe('a UUID', () => {
  it('goes to bytes and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const hex = Buffer.from(bytes).toString('hex')
        expect(uuidToBytes(uuidFromHex(hex))).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('is read from the first 32 digits of a longer text', () => {
    expect(uuidFromHex('0123456789abcdef0123456789abcdef ignored')).toBe('01234567-89ab-cdef-0123-456789abcdef')
  })
})

describe('a UUIDv7', () => {
  const randoms = fc.uint8Array({ minLength: 10, maxLength: 10 })
  const moments = fc.integer({ min: 0, max: 2 ** 48 - 1 })

  it('has the form of RFC 9562 section 5.7', () => {
    fc.assert(
      fc.property(moments, randoms, (now, random) => {
        const uuid = uuidV7(now, random)
        expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        expect(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)).toBe(now)
      }),
    )
  })

  it('is the one of the example in RFC 9562 appendix A.6', () => {
    const random = Buffer.from('0cc318c4dc0c0c07398f', 'hex')
    expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  })

  it('sorts by its moment, as text and as bytes', () => {
    fc.assert(
      fc.property(moments, moments, randoms, randoms, (one, other, random, otherRandom) => {
        fc.pre(one < other)
        expect(uuidV7(one, random) < uuidV7(other, otherRandom)).toBe(true)
      }),
    )
  })

  it('keeps every random bit that the form leaves', () => {
    const none = uuidToBytes(uuidV7(0, new Uint8Array(10)))
    const all = uuidToBytes(uuidV7(0, new Uint8Array(10).fill(255)))
    const bits = [...none].reduce((count, byte, index) => count + ones(byte ^ (all[index] ?? 0)), 0)
    expect(bits).toBe(74)
  })

  it('reads no more than ten random bytes', () => {
    expect(uuidV7(1, new Uint8Array(40).fill(9))).toBe(uuidV7(1, new Uint8Array(10).fill(9)))
  })
})

function ones(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length
}
