import { describe, expect, it } from 'vitest'
import { readDay } from './read-day.ts'

const at = (value: string, timeZone: string) => {
  const day = readDay(value, timeZone)
  return day === undefined ? undefined : new Date(day).toISOString()
}

describe('a day', () => {
  it('begins at midnight where the reader lives, in winter and in summer', () => {
    expect(at('2026-12-03', 'Europe/Brussels')).toBe('2026-12-02T23:00:00.000Z')
    expect(at('2027-07-01', 'Europe/Brussels')).toBe('2027-06-30T22:00:00.000Z')
    expect(at('2026-12-03', 'UTC')).toBe('2026-12-03T00:00:00.000Z')
    expect(at('2026-12-03', 'America/New_York')).toBe('2026-12-03T05:00:00.000Z')
    expect(at('2026-12-03', 'Pacific/Auckland')).toBe('2026-12-02T11:00:00.000Z')
  })

  it('on which the clocks change begins before they do', () => {
    expect(at('2027-03-28', 'Europe/Brussels')).toBe('2027-03-27T23:00:00.000Z')
    expect(at('2026-10-25', 'Europe/Brussels')).toBe('2026-10-24T22:00:00.000Z')
  })

  it.each([
    '2026-02-29',
    '2026-02-31',
    '2026-13-01',
    '2026-00-10',
    '26-12-03',
    '3-12-2026',
    '2026-12-03T00:00',
    '',
    ' 2026-12-03',
  ])('is not %j', (value) => {
    expect(readDay(value, 'Europe/Brussels')).toBeUndefined()
  })

  it('that was not named is none', () => {
    expect(readDay(undefined, 'Europe/Brussels')).toBeUndefined()
  })
})
