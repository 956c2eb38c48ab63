import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, daysBetween, planReading } from './days.ts'

const daysOf = ({ months, days }: ReturnType<typeof planReading>) =>
  [
    ...months.flatMap((month) => daysBetween(month, addDays(`${addDays(month, 31).slice(0, 7)}-01`, -1))),
    ...days.flatMap(({ from, to }) => daysBetween(from, to)),
  ].sort()

describe('what is read of a period', () => {
  it('is the sums of its whole months, and the days at its ends', () => {
    const plan = planReading({ from: '2026-01-30', to: '2026-04-30' }, ['2026-02-01', '2026-03-01', '2026-04-01'])
    expect(plan).toEqual({
      months: ['2026-02-01', '2026-03-01', '2026-04-01'],
      days: [{ from: '2026-01-30', to: '2026-01-31' }],
    })
  })

  it('is days where a step begins within a month', () => {
    const plan = planReading({ from: '2026-01-01', to: '2026-03-31' }, ['2026-02-01', '2026-02-08', '2026-02-15'])
    expect(plan).toEqual({ months: ['2026-01-01', '2026-03-01'], days: [{ from: '2026-02-01', to: '2026-02-28' }] })
  })

  it('is each day once, and no month that two steps share', () => {
    const arbitrary = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.nat(800), fc.array(fc.nat(800), { maxLength: 5 }))
    fc.assert(
      fc.property(arbitrary, ([start, length, offsets]) => {
        const from = addDays('2024-01-01', start)
        const to = addDays(from, length)
        const steps = offsets.map((offset) => addDays(from, offset)).sort()
        const plan = planReading({ from, to }, steps)
        expect(daysOf(plan)).toEqual(daysBetween(from, to))
        for (const month of plan.months) {
          expect(steps.filter((step) => step > month && step.slice(0, 7) === month.slice(0, 7))).toEqual([])
        }
      }),
    )
  })
})
