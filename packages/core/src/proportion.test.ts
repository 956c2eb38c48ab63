import { describe, expect, it } from 'vitest'
import { changeBetween, differenceInterval, wilsonInterval } from './proportion.ts'

const rounded = ({ low, high }: { low: number; high: number }) => [low.toFixed(4), high.toFixed(4)]

describe('the interval of a share', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), 857–872, table I, method 3.
  it.each([
    [81, 263, '0.2553', '0.3662'],
    [15, 148, '0.0624', '0.1605'],
    [0, 20, '0.0000', '0.1611'],
    [1, 29, '0.0061', '0.1718'],
  ])('of %i in %i is as published', (count, total, low, high) => {
    expect(rounded(wilsonInterval(count, total))).toEqual([low, high])
  })

  it('is everything where nobody was counted', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 })
  })
})

describe('the interval of a difference', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), 873–890, table II, method 10.
  it.each([
    [56, 70, 48, 80, '0.0524', '0.3339'],
    [9, 10, 3, 10, '0.1705', '0.8090'],
    [5, 56, 0, 29, '-0.0381', '0.1926'],
  ])('of %i in %i and %i in %i is as published', (a, m, b, n, low, high) => {
    expect(rounded(differenceInterval({ count: a, total: m }, { count: b, total: n }))).toEqual([low, high])
  })
})

describe('a change', () => {
  it('is only said where chance does not explain it', () => {
    expect(changeBetween({ count: 90, total: 1000 }, { count: 40, total: 1000 })).toBe('up')
    expect(changeBetween({ count: 40, total: 1000 }, { count: 90, total: 1000 })).toBe('down')
    expect(changeBetween({ count: 44, total: 1000 }, { count: 40, total: 1000 })).toBe('steady')
  })
  it('is not said of a few, nor where nothing was sent', () => {
    expect(changeBetween({ count: 6, total: 10 }, { count: 0, total: 10 })).toBe('too_few')
    expect(changeBetween({ count: 60, total: 100 }, { count: 20, total: 0 })).toBe('too_few')
  })
})
