import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sipHash24 } from './sip-hash.ts'

const key = Uint8Array.from({ length: 16 }, (_, index) => index)
const counting = (length: number) => Uint8Array.from({ length }, (_, index) => index)

/** The authors' 64 vectors: the key 00…0f, and the messages of 0 to 63 bytes that count up from 00. */
const published = `
  726fdb47dd0e0e31 74f839c593dc67fd 0d6c8009d9a94f5a 85676696d7fb7e2d cf2794e0277187b7 18765564cd99a68d
  cbc9466e58fee3ce ab0200f58b01d137 93f5f5799a932462 9e0082df0ba9e4b0 7a5dbbc594ddb9f3 f4b32f46226bada7
  751e8fbc860ee5fb 14ea5627c0843d90 f723ca908e7af2ee a129ca6149be45e5 3f2acc7f57c29bdb 699ae9f52cbe4794
  4bc1b3f0968dd39c bb6dc91da77961bd bed65cf21aa2ee98 d0f2cbb02e3b67c7 93536795e3a33e88 a80c038ccd5ccec8
  b8ad50c6f649af94 bce192de8a85b8ea 17d835b85bbb15f3 2f2e6163076bcfad de4daaaca71dc9a5 a6a2506687956571
  ad87a3535c49ef28 32d892fad841c342 7127512f72f27cce a7f32346f95978e3 12e0b01abb051238 15e034d40fa197ae
  314dffbe0815a3b4 027990f029623981 cadcd4e59ef40c4d 9abfd8766a33735c 0e3ea96b5304a7d0 ad0c42d6fc585992
  187306c89bc215a9 d4a60abcf3792b95 f935451de4f21df2 a9538f0419755787 db9acddff56ca510 d06c98cd5c0975eb
  e612a3cb9ecba951 c766e62cfcadaf96 ee64435a9752fe72 a192d576b245165a 0a8787bf8ecb74b2 81b3e73d20b49b6f
  7fa8220ba3b2ecea 245731c13ca42499 b78dbfaf3a8d83bd ea1ad565322a1a0b 60e61c23a3795013 6606d7e446282b93
  6ca4ecb15c5f91e1 9f626da15c9625f3 e51b38608ef25f57 958a324ceb064572`
  .trim()
  .split(/\s+/)

describe('SipHash-2-4', () => {
  it.each(published.map((hash, length) => [length, hash] as const))('hashes %i bytes as published', (length, hash) => {
    expect(sipHash24(key, counting(length)).toString(16).padStart(16, '0')).toBe(hash)
  })

  it('gives what the definition gives, computed on 64-bit integers', () => {
    const keys = fc.uint8Array({ minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(keys, fc.uint8Array({ maxLength: 300 }), (anyKey, message) => {
        expect(sipHash24(anyKey, message)).toBe(definition(anyKey, message))
      }),
      { numRuns: 500 },
    )
  })

  it('counts only the low byte of the length, as the definition says', () => {
    expect(sipHash24(key, counting(256))).toBe(definition(key, counting(256)))
    expect(sipHash24(key, new Uint8Array(256))).not.toBe(sipHash24(key, new Uint8Array(0)))
  })

  it.each([0, 8, 15, 17, 32])('refuses a key of %i bytes', (length) => {
    expect(() => sipHash24(new Uint8Array(length), counting(4))).toThrow(RangeError)
  })
})

const mask = 0xffffffffffffffffn

function definition(keyBytes: Uint8Array, message: Uint8Array): bigint {
  const [k0, k1] = [littleEndian(keyBytes.subarray(0, 8)), littleEndian(keyBytes.subarray(8))]
  const v: [bigint, bigint, bigint, bigint] = [
    k0 ^ 0x736f6d6570736575n,
    k1 ^ 0x646f72616e646f6dn,
    k0 ^ 0x6c7967656e657261n,
    k1 ^ 0x7465646279746573n,
  ]
  const padded = new Uint8Array((Math.floor(message.length / 8) + 1) * 8)
  padded.set(message)
  padded[padded.length - 1] = message.length % 256
  for (let offset = 0; offset < padded.length; offset += 8) {
    const m = littleEndian(padded.subarray(offset, offset + 8))
    v[3] ^= m
    rounds(v, 2)
    v[0] ^= m
  }
  v[2] ^= 0xffn
  rounds(v, 4)
  return v[0] ^ v[1] ^ v[2] ^ v[3]
}

function rounds(v: [bigint, bigint, bigint, bigint], count: number): void {
  for (let round = 0; round < count; round += 1) {
    v[0] = (v[0] + v[1]) & mask
    v[1] = rotate(v[1], 13n) ^ v[0]
    v[0] = rotate(v[0], 32n)
    v[2] = (v[2] + v[3]) & mask
    v[3] = rotate(v[3], 16n) ^ v[2]
    v[0] = (v[0] + v[3]) & mask
    v[3] = rotate(v[3], 21n) ^ v[0]
    v[2] = (v[2] + v[1]) & mask
    v[1] = rotate(v[1], 17n) ^ v[2]
    v[2] = rotate(v[2], 32n)
  }
}

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & mask
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}
