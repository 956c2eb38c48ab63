import { describe, expect, it } from 'vitest'
import { mailWith } from '../testing/mails.ts'
import { readEmail, valuesOf } from './read-email.ts'

const mail = mailWith()
const before = (text: string) => Buffer.concat([Buffer.from(text, 'utf8'), mail])

function fromOf(raw: Buffer): readonly string[] {
  const email = readEmail(raw)
  return email.kind === 'unreadable' ? [email.reason] : valuesOf(email, 'from')
}

describe('a mail saved to a file', () => {
  const right = fromOf(mail)
  const line = 'From nieuws@acme.example Sat Nov 21 09:00:00 2026'

  it.each([
    ['a byte order mark', '\ufeff'],
    ['the line of a mailbox', `${line}\r\n`],
    ['the line of a mailbox with a line end of its own', `${line}\n`],
    ['both', `\ufeff${line}\r\n`],
  ])('may begin with %s', (_what, text) => {
    expect(right[0]).toContain('acme.example')
    expect(fromOf(before(text))).toEqual(right)
  })

  it('is still refused for what is no header', () => {
    expect(fromOf(before('hallo\r\n'))).toEqual(['malformed_header'])
    expect(fromOf(Buffer.from('From nobody'))).toEqual(['malformed_header'])
  })
})

describe('the words of a part', () => {
  const shown = (charset: string, bytes: Buffer) => {
    const head = `From: a@acme.example\r\nContent-Type: text/plain; charset=${charset}\r\n\r\n`
    const email = readEmail(Buffer.concat([Buffer.from(head), bytes]))
    return email.kind === 'email' ? email.parts[0]?.light.text : undefined
  }

  it.each([
    ['ibm850', Buffer.from([0x43, 0x72, 0x8a, 0x6d, 0x65]), 'Crème'],
    ['utf-7', Buffer.from('Cr+AOg-me'), 'Crème'],
    ['hz-gb-2312', Buffer.from('~{VPND~}'), '中文'],
    ['x-unknown', Buffer.from('Crème', 'latin1'), 'Crème'],
  ])('are read in %s', (charset, bytes, words) => {
    expect(shown(charset, bytes)).toBe(words)
  })
})
