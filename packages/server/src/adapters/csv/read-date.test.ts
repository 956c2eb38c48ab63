import { describe, expect, it } from 'vitest'
import { readDate } from './read-date.ts'

const now = Date.UTC(2026, 10, 21)
const read = (text: string) => {
  const date = readDate(text, now)
  if (date.kind === 'no_date') return date.kind
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

  it.each([
    '1900-01-01',
    '01/01/1900',
    '1900-01-00',
    '30-12-1899',
    '1/1/1970',
    '1970-01-01T01:00:00+01:00',
    '1969-12-31 19:00:00',
    '0000-00-00 00:00:00',
    '0001-01-01T00:00:00',
    '01.01.1753',
    '9999-12-31 23:59:59.9999999',
  ])('takes "%s", which programs write where they have none, for no date', (text) => {
    expect(read(text)).toBe('no_date')
  })

  it('leaves a customer of 1965 and a morning of January 1970 what they are', () => {
    expect(read('1965-03-01')).toBe('1965-03-01T00:00:00.000Z day')
    expect(read('1970-01-02')).toMatch(/day/)
  })

  it('knows a date in the future, which is not one of tomorrow in Kiribati', () => {
    expect(read('2027-01-01')).toBe('in_the_future')
    expect(read('2026-11-21T12:00+14:00')).toMatch(/moment/)
  })
})
