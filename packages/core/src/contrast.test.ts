import { describe, expect, it } from 'vitest'
import { colourParts, contrastRatio, relativeLuminance } from './contrast.ts'

describe('contrast', () => {
  it('is 21 for black and white and 1 for a colour and itself', () => {
    expect(contrastRatio('#000000', '#ffffff')).toBeCloseTo(21, 10)
    expect(contrastRatio('#3f6b8a', '#3F6B8A')).toBe(1)
  })
  it('does not depend on which colour is named first', () => {
    expect(contrastRatio('#0f4c5c', '#f6f4ef')).toBe(contrastRatio('#f6f4ef', '#0f4c5c'))
  })
  it('tells the greys apart that stand on either side of 4.5 on white', () => {
    expect(contrastRatio('#767676', '#ffffff')).toBeGreaterThanOrEqual(4.5)
    expect(contrastRatio('#777777', '#ffffff')).toBeLessThan(4.5)
  })
  it('weighs green most and blue least', () => {
    expect(relativeLuminance('#00ff00')).toBeCloseTo(0.7152, 10)
    expect(relativeLuminance('#ff0000')).toBeCloseTo(0.2126, 10)
    expect(relativeLuminance('#0000ff')).toBeCloseTo(0.0722, 10)
  })
  it('never passes for what is no colour', () => {
    for (const colour of ['', 'red', '#fff', '#12345g', '#1234567', 'var(--ink)']) {
      expect(colourParts(colour)).toEqual([])
      expect(contrastRatio(colour, '#ffffff') >= 1).toBe(false)
    }
  })
})
