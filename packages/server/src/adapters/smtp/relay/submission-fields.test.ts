import { describe, expect, it } from 'vitest'
import { addMissingFields, dayWhereNameless } from './submission-fields.ts'

const now = Date.UTC(2026, 10, 21, 9, 5, 0)
const mail = { id: '01a2-x', domain: 'optout.example', now }
const add = (text: string) => addMissingFields(Buffer.from(text, 'latin1'), mail).toString('latin1')

describe('a mail without Date and Message-ID', () => {
  it('gets both at the end of its header, and keeps every byte of its own (RFC 6409 §8)', () => {
    expect(add('From: a@b.example\r\n\r\nHallo \xe9\r\n')).toBe(
      [
        'From: a@b.example',
        'Date: Sat, 21 Nov 2026 09:05:00 +0000',
        'Message-ID: <01a2-x@optout.example>',
        '',
        'Hallo \xe9',
        '',
      ].join('\r\n'),
    )
  })

  it('gets the one it lacks', () => {
    expect(add('Message-Id: <x@y>\r\n\r\n')).toBe('Message-Id: <x@y>\r\nDate: Sat, 21 Nov 2026 09:05:00 +0000\r\n\r\n')
    expect(add('DATE: gisteren\r\n\r\n')).toBe('DATE: gisteren\r\nMessage-ID: <01a2-x@optout.example>\r\n\r\n')
  })

  it('has neither taken for another one in an enclosed message', () => {
    expect(add('From: a@b.example\r\n\r\nDate: in the text\r\n')).toMatch(/^From: .*\r\nDate: Sat.*\r\nMessage-ID: /)
  })
})

it('a mail that has both leaves as it came', () => {
  const whole = 'Date: Sat, 21 Nov 2026 09:05:00 +0000\r\nMessage-ID: <x@y>\r\n\r\nHallo\r\n'
  expect(add(whole)).toBe(whole)
})

it('a mail is told by its day only where nothing in it tells it', () => {
  const day = (text: string) => dayWhereNameless(Buffer.from(text), now)
  expect(day('From: a@b.example\r\n\r\nHallo\r\n')).toBe('2026-11-21')
  expect(day('Date: x\r\n\r\n')).toBe('')
  expect(day('Message-ID: <x@y>\r\n\r\n')).toBe('')
})
