import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partitionsCount, uuidFromHex } from './keys.ts'
import { decodePosition, encodePosition, isAtLeast, type Position, positionNumber } from './position.ts'

const numbers = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
const lasts = fc.array(numbers, { minLength: partitionsCount, maxLength: partitionsCount })
const snapshotKeys = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => uuidFromHex(Buffer.from(bytes).toString('hex')))
const zeros = Array.from({ length: partitionsCount }, () => 0n)

function withLast(partition: number, last: bigint): Position {
  return { last: zeros.map((zero, index) => (index === partition ? last : zero)) }
}

describe('a cursor', () => {
  it('carries a position while following', () => {
    fc.assert(
      fc.property(lasts, (last) => {
        expect(decodePosition(encodePosition({ last }))).toEqual({ last })
      }),
    )
  })

  it('tells the number of one partition, and nothing where the reader is in a snapshot or it is cut off', () => {
    const partitions = fc.nat(partitionsCount - 1)
    fc.assert(
      fc.property(lasts, partitions, snapshotKeys, (last, partition, snapshotKey) => {
        const cursor = encodePosition({ last })
        expect(positionNumber(cursor, partition)).toBe(last[partition])
        expect(positionNumber(encodePosition({ last, snapshotKey }), partition)).toBeUndefined()
        const before = Buffer.from(encodePosition({ last: last.slice(0, partition) }), 'base64url')
        expect(positionNumber(before.toString('base64url'), partition)).toBeUndefined()
      }),
    )
    expect(positionNumber('', 0)).toBeUndefined()
    expect(positionNumber('A'.repeat(2_000), 0)).toBeUndefined()
  })

  it('carries a position within a snapshot', () => {
    fc.assert(
      fc.property(lasts, snapshotKeys, (last, snapshotKey) => {
        expect(decodePosition(encodePosition({ last, snapshotKey }))).toEqual({ last, snapshotKey })
      }),
    )
  })

  it('takes 65 bytes at the start, and stays within its limit at the end of time', () => {
    expect(encodePosition({ last: zeros })).toBe(Buffer.concat([Buffer.of(1), Buffer.alloc(64)]).toString('base64url'))
    const longest = encodePosition({ last: zeros.map(() => 2n ** 63n - 1n), snapshotKey: uuidFromHex('f'.repeat(32)) })
    expect(longest.length).toBeLessThanOrEqual(1_000)
    expect(decodePosition(longest)).toBeDefined()
  })

  it('writes seven bits a byte, the lowest first', () => {
    const bytes = Buffer.from(encodePosition(withLast(0, 300n)), 'base64url')
    expect([...bytes.subarray(0, 4)]).toEqual([1, 0xac, 0x02, 0])
    expect(decodePosition(encodePosition(withLast(0, 127n)))).toEqual(withLast(0, 127n))
    expect(decodePosition(encodePosition(withLast(63, 128n)))).toEqual(withLast(63, 128n))
  })

  it('is refused when cut, lengthened, of another version or of other characters', () => {
    const whole = Buffer.from(encodePosition(withLast(5, 2n ** 40n)), 'base64url')
    for (let length = 0; length < whole.length; length += 1) {
      expect(decodePosition(whole.subarray(0, length).toString('base64url'))).toBeUndefined()
    }
    expect(decodePosition(Buffer.concat([whole, Buffer.of(0)]).toString('base64url'))).toBeUndefined()
    for (const version of [0, 3, 255]) {
      expect(
        decodePosition(Buffer.concat([Buffer.of(version), whole.subarray(1)]).toString('base64url')),
      ).toBeUndefined()
    }
    const cursor = whole.toString('base64url')
    for (const text of ['', ' ', `${cursor}=`, `${cursor}!`, ` ${cursor}`, 'A'.repeat(1_001)]) {
      expect(decodePosition(text)).toBeUndefined()
    }
  })

  it('is refused with a number of more than 63 bits', () => {
    const tooLong = Buffer.concat([Buffer.of(1), Buffer.alloc(9, 0xff), Buffer.of(1), Buffer.alloc(63)])
    expect(decodePosition(tooLong.toString('base64url'))).toBeUndefined()
    const justFits = Buffer.concat([Buffer.of(1), Buffer.alloc(8, 0xff), Buffer.of(0x7f), Buffer.alloc(63)])
    expect(decodePosition(justFits.toString('base64url'))).toEqual(withLast(0, 2n ** 63n - 1n))
  })

  it('is refused in the middle of a number', () => {
    const unfinished = Buffer.concat([Buffer.of(1), Buffer.alloc(64), Buffer.of(0x80)])
    expect(decodePosition(unfinished.toString('base64url'))).toBeUndefined()
  })

  it('never throws on what strangers send', () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 200, unit: 'binary' }),
      fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from([1, ...bytes]).toString('base64url')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        expect([undefined, partitionsCount]).toContain(decodePosition(text)?.last.length)
      }),
    )
  })
})

describe('being at least as far', () => {
  it('takes every partition into account', () => {
    for (const partition of [0, 31, 63]) {
      expect(isAtLeast(withLast(partition, 4n), withLast(partition, 5n))).toBe(false)
      expect(isAtLeast(withLast(partition, 5n), withLast(partition, 5n))).toBe(true)
      expect(isAtLeast(withLast(partition, 6n), withLast(partition, 5n))).toBe(true)
    }
    expect(isAtLeast(withLast(0, 9n), withLast(1, 1n))).toBe(false)
  })

  it('counts a partition that is missing as nothing read', () => {
    expect(isAtLeast({ last: [] }, { last: zeros })).toBe(true)
    expect(isAtLeast({ last: [] }, withLast(63, 1n))).toBe(false)
  })

  it('agrees with comparing number by number', () => {
    fc.assert(
      fc.property(lasts, lasts, (last, other) => {
        const behind = last.filter((number, partition) => number < (other[partition] ?? 0n))
        expect(isAtLeast({ last }, { last: other })).toBe(behind.length === 0)
      }),
    )
  })
})
