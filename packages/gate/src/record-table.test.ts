import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecordTable } from './record-table.ts'

describe('the table of records', () => {
  it('answers like a map after any history of entries, changes, removals and growing', () => {
    const word = fc.oneof(fc.constantFrom(0, 1, 0xffffffff), fc.integer({ min: 0, max: 0xffffffff }))
    const step = fc.record({ low: word, high: word, ref: fc.integer({ min: 1, max: 1_000 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 110 }), (history) => {
        let table = new RecordTable(16)
        const model = new Map<string, number>()
        for (const [index, { low, high, ref }] of history.entries()) {
          if (ref === 1) table.delete(low, high)
          else table.set(low, high, ref)
          if (ref === 1) model.delete(`${low} ${high}`)
          else model.set(`${low} ${high}`, ref)
          if (index % 40 === 39) table = table.grown(64 + index)
        }
        const many = new Float64Array(history.length)
        const pairs = Uint32Array.from(history.flatMap(({ low, high }) => [low, high]))
        table.findMany(pairs, 0, history.length, many)
        for (const [index, { low, high }] of history.entries()) {
          const found = table.find(low, high)
          expect(found < 2 ? undefined : found).toBe(model.get(`${low} ${high}`))
          expect(many[index]).toBe(model.get(`${low} ${high}`) ?? 0)
        }
        expect(table.entries).toBe(model.size)
      }),
      { numRuns: 300 },
    )
  })

  it('keeps its entries with other references when it grows', () => {
    const table = new RecordTable(10)
    table.set(1, 2, 30)
    const grown = table.grown(1_000, (ref) => ref + 5)
    expect(grown.find(1, 2)).toBe(35)
    expect(grown.isFull).toBe(false)
  })
})
