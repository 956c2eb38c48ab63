import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase32, toBase32 } from './base32.ts'
import { seal, sealOverheadBytes, sealRing, unseal } from './seal.ts'

const one = { id: 1, secret: Buffer.alloc(32, 'first secret') }
const two = { id: 2, secret: Buffer.alloc(48, 'second secret') }
const ring = sealRing([one], 'test')
const texts = fc.uint8Array({ minLength: 1, maxLength: 100 })

describe('a sealed text', () => {
  it('opens to what was sealed', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const sealed = seal(ring, text)
        expect(sealed).toHaveLength(text.length + sealOverheadBytes)
        expect(unseal(ring, sealed)).toEqual(Buffer.from(text))
      }),
    )
  })

  it('is the same for the same text, and unlike for unlike texts', () => {
    fc.assert(
      fc.property(texts, texts, (text, other) => {
        const same = Buffer.from(text).equals(Buffer.from(other))
        expect(seal(ring, text).equals(seal(ring, other))).toBe(same)
      }),
    )
  })

  it('does not show its text', () => {
    const text = Buffer.from('the contact point key of somebody')
    expect(seal(ring, text).includes(text.subarray(0, 4))).toBe(false)
    const [zeros, others] = [seal(ring, Buffer.alloc(32)), seal(ring, Buffer.alloc(32, 1))]
    const difference = zeros
      .subarray(sealOverheadBytes)
      .map((byte, index) => byte ^ (others[sealOverheadBytes + index] ?? 0))
    // With one key stream for all texts the difference of two would be that of the texts: a row of ones.
    expect(new Set(difference).size).toBeGreaterThan(4)
  })

  it('does not open with any one bit changed', () => {
    const sealed = seal(ring, Buffer.from('twenty-seven bytes of claims'))
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(unseal(ring, changed)).toBeUndefined()
    }
  })

  it('does not open when cut, lengthened, empty or random', () => {
    const sealed = seal(ring, Buffer.from('some text'))
    for (let length = 0; length < sealed.length; length += 1) {
      expect(unseal(ring, sealed.subarray(0, length))).toBeUndefined()
    }
    expect(unseal(ring, Buffer.concat([sealed, Buffer.of(0)]))).toBeUndefined()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(unseal(ring, bytes)).toBeUndefined()
        expect(unseal(ring, Buffer.concat([Buffer.of(1), bytes]))).toBeUndefined()
      }),
    )
  })

  it('does not open for another purpose', () => {
    const sealed = seal(ring, Buffer.from('leaving'))
    expect(unseal(sealRing([one], 'confirming'), sealed)).toBeUndefined()
  })

  it('does not open under another secret of the same id', () => {
    const sealed = seal(ring, Buffer.from('leaving'))
    expect(unseal(sealRing([{ id: 1, secret: two.secret }], 'test'), sealed)).toBeUndefined()
  })
})

describe('a key ring', () => {
  it('seals with its last key and opens with every key', () => {
    const rotated = sealRing([one, two], 'test')
    const old = seal(ring, Buffer.from('old'))
    const fresh = seal(rotated, Buffer.from('fresh'))
    expect([old[0], fresh[0]]).toEqual([1, 2])
    expect(unseal(rotated, old)?.toString()).toBe('old')
    expect(unseal(rotated, fresh)?.toString()).toBe('fresh')
    expect(unseal(ring, fresh)).toBeUndefined()
  })

  it('binds a token to the id of its key', () => {
    const sameSecret = sealRing([one, { id: 2, secret: one.secret }], 'test')
    const sealed = seal(ring, Buffer.from('text'))
    sealed[0] = 2
    expect(unseal(sameSecret, sealed)).toBeUndefined()
  })

  it('takes ids from 0 to 255', () => {
    for (const id of [0, 255]) {
      const edge = sealRing([{ id, secret: one.secret }], 'test')
      expect(unseal(edge, seal(edge, Buffer.from('text')))?.toString()).toBe('text')
    }
    for (const id of [-1, 256, 1.5, Number.NaN]) {
      expect(() => sealRing([{ id, secret: one.secret }], 'test')).toThrow(/from 0 to 255/)
    }
  })

  it('refuses a short secret and an empty ring', () => {
    expect(() => sealRing([{ id: 1, secret: Buffer.alloc(31) }], 'test')).toThrow(/32 bytes/)
    expect(() => sealRing([], 'test')).toThrow(/at least one key/)
  })
})

describe('base 32', () => {
  it('writes the examples of RFC 4648 section 10 in lower case without padding', () => {
    const examples = {
      '': '',
      f: 'my',
      fo: 'mzxq',
      foo: 'mzxw6',
      foob: 'mzxw6yq',
      fooba: 'mzxw6ytb',
      foobar: 'mzxw6ytboi',
    }
    for (const [text, written] of Object.entries(examples)) {
      expect(toBase32(Buffer.from(text))).toBe(written)
      expect(fromBase32(written)?.toString()).toBe(text)
    }
  })

  it('reads what it writes, in either case', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(fromBase32(toBase32(bytes))).toEqual(Buffer.from(bytes))
        expect(fromBase32(toBase32(bytes).toUpperCase())).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('refuses every other character and left-over bits', () => {
    for (const text of ['m0', 'm1', 'm8', 'm9', 'my======', 'm y', 'm-', 'é']) expect(fromBase32(text)).toBeUndefined()
    expect(fromBase32('mz')).toBeUndefined()
  })
})
