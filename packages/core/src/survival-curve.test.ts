import { describe, expect, it } from 'vitest'
import { type LifeCount, medianSurvival, survivalCurve } from './survival-curve.ts'

/** Weeks of remission under 6-MP and placebo: E. J. Freireich et al., Blood 21 (1963), 699–716. A plus was still there. */
const treated = '6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+'
const placebo = '1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23'

function lives(text: string): LifeCount[] {
  return text.split(' ').map((one) => {
    const isStaying = one.endsWith('+')
    return { time: Number.parseInt(one, 10), gone: isStaying ? 0 : 1, staying: isStaying ? 1 : 0 }
  })
}

describe('a survival curve', () => {
  it('is the one that is published for the remissions of 1963', () => {
    const points = survivalCurve(lives(treated))
    expect(points.map(({ time, share }) => `${time} ${share.toFixed(3)}`)).toEqual([
      '0 1.000',
      '6 0.857',
      '7 0.807',
      '10 0.753',
      '13 0.690',
      '16 0.627',
      '22 0.538',
      '23 0.448',
    ])
    expect(points.find(({ time }) => time === 10)).toMatchObject({ atRisk: 15, gone: 1 })
    expect([medianSurvival(points), medianSurvival(survivalCurve(lives(placebo)))]).toEqual([23, 8])
  })

  it('keeps its interval around it, within nothing and all', () => {
    for (const { share, low, high } of survivalCurve(lives(placebo))) {
      expect(low).toBeLessThanOrEqual(share)
      expect(high).toBeGreaterThanOrEqual(share)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
    }
  })

  it('says nothing of nobody, and no half of those who stay', () => {
    expect(survivalCurve([])).toEqual([])
    expect(medianSurvival(survivalCurve([{ time: 3, gone: 0, staying: 9 }]))).toBeUndefined()
  })
})
