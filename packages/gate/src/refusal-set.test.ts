import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RefusalSet } from './refusal-set.ts'

const word = fc.integer({ min: 0, max: 0xffffffff })
const step = fc.record({
  // Few low words, so that entries meet; the top bits of the high word are not kept.
  low: fc.oneof(fc.constantFrom(0, 1, 2, 0xffffffff), word),
  high: fc.integer({ min: 0, max: 0x1fffffff }),
  code: fc.integer({ min: 0, max: 7 }),
})

describe('the set of those who refused everything', () => {
  it('answers like a map after any history of entries, changes, removals and growing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (history) => {
        let set = new RefusalSet(16)
        const model = new Map<string, number>()
        for (const [index, { low, high, code }] of history.entries()) {
          if (code === 0) set.delete(low, high)
          else set.set(low, high, code)
          if (code === 0) model.delete(`${low} ${high}`)
          else model.set(`${low} ${high}`, code)
          if (index % 100 === 99) set = set.grown(64 + index)
        }
        for (const { low, high } of history) expect(set.find(low, high)).toBe(model.get(`${low} ${high}`) ?? 0)
        expect(set.entries).toBe(model.size)
      }),
      { numRuns: 300 },
    )
  })

  it('finds the same of many at once, made ready for lists at any moment and not at all', () => {
    const found = (set: RefusalSet, pairs: Uint32Array) => {
      const codes = new Float64Array(pairs.length / 2)
      set.findMany(pairs, 0, codes.length, codes)
      return [...codes]
    }
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.array(step, { maxLength: 50 }),
        fc.nat(200),
        (history, others, at) => {
          let [plain, sifted] = [new RefusalSet(16), new RefusalSet(16)]
          for (const [index, { low, high, code }] of history.entries()) {
            if (index === at) sifted.sift()
            for (const set of [plain, sifted]) {
              if (code === 0) set.delete(low, high)
              else set.set(low, high, code)
            }
            if (index % 60 === 59) [plain, sifted] = [plain.grown(64 + index), sifted.grown(64 + index)]
          }
          sifted.addAll(Uint32Array.of(77, (88 << 3) | 2))
          plain.addAll(Uint32Array.of(77, (88 << 3) | 2))
          const asked = [...history, ...others, { low: 77, high: 88 }]
          const pairs = Uint32Array.from(asked.flatMap(({ low, high }) => [low, high]))
          const wanted = asked.map(({ low, high }) => 0 - plain.find(low, high))
          expect(found(sifted, pairs)).toEqual(wanted)
          expect(found(plain, pairs)).toEqual(wanted)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('has no sieve for what another thread writes to', () => {
    const set = new RefusalSet(100)
    const other = new RefusalSet(0, { words: set.words, entries: 0, removed: 0, isWrittenElsewhere: true })
    other.sift()
    set.set(12, 34, 5)
    const found = new Float64Array(1)
    other.findMany(Uint32Array.of(12, 34), 0, 1, found)
    expect(found[0]).toBe(-5)
  })

  it('takes 16 bytes an entry and says when it is full', () => {
    const set = new RefusalSet(10_000)
    for (let index = 0; index < 10_000; index += 1) {
      expect(set.isFull).toBe(false)
      set.set(Math.imul(index, 2_654_435_761) >>> 0, index, 1)
    }
    expect(set.isFull).toBe(true)
    expect(set.bytes / set.entries).toBe(16)
  })

  it('tells apart fingerprints that differ in one bit of those it keeps', () => {
    const set = new RefusalSet(100)
    set.set(7, 9, 3)
    expect([set.find(7, 9), set.find(7, 8), set.find(6, 9)]).toEqual([3, 0, 0])
  })

  it('is read by another thread through the same memory', () => {
    const set = new RefusalSet(100)
    set.set(12, 34, 5)
    const other = RefusalSet.of(set.words)
    set.set(56, 78, 6)
    expect([other.find(12, 34), other.find(56, 78), other.entries]).toEqual([5, 6, 1])
  })
})
