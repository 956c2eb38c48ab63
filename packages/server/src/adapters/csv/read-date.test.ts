import { describe, expect, it } from 'vitest'
import { readDate } from './read-date.ts'

const now = Date.UTC(2026, 10, 21)
const read = (text: string) => {
  const date = readDate(text, now)
  return date.kind === 'ok' ? `${new Date(date.at).toISOString()} ${date.isDay ? 'day' : 'moment'}` : date.reason
}

describe('reading a date from a list', () => {
  it.each([
    ['2024-05-01', '2024-05-01T00:00:00.000Z day'],
    ['2024-05-01T10:00:00+02:00', '2024-05-01T08:00:00.000Z moment'],
    ['2024-05-01 10:00', '2024-05-01T10:00:00.000Z moment'],
    ['2024-05-01T10:00:00.123456Z', '2024-05-01T10:00:00.000Z moment'],
    ['1/5/2024', '2024-05-01T00:00:00.000Z day'],
    ['01-05-2024', '2024-05-01T00:00:00.000Z day'],
    ['1.5.2024 09:30', '2024-05-01T09:30:00.000Z moment'],
  ])('reads %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it.each(['05/13/2024', '2024-02-30', '30-02-2024', '2024-05-01T25:00', 'yesterday', '45413', '1/5/24', ''])(
    'does not guess at "%s"',
    (text) => {
      expect(read(text)).toBe('unreadable')
    },
  )

  it('knows a date in the future, which is not one of tomorrow in Kiribati', () => {
    expect(read('2027-01-01')).toBe('in_the_future')
    expect(read('2026-11-21T12:00+14:00')).toMatch(/moment/)
  })
})
