import { describe, expect, it } from 'vitest'
import { readParameterisedValue } from './content-type.ts'
import { headerBytesMax, headerFieldsMax } from './header-block.ts'
import { lineBytesMax, partDepthMax, partsMax, readMessage } from './message-parts.ts'
import { applySplices } from './splices.ts'
import { allParts, encodedBody, readFixture } from './testing/fixtures.ts'

function read(text: string) {
  return readMessage(Buffer.from(text, 'latin1'))
}

const nested = (depth: number) =>
  Array.from({ length: depth }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}z\r\n\r\n--b${n}z\r\n`).join('')

describe('a message', () => {
  it('is split by offsets, in which every byte of every part is found', () => {
    const raw = readFixture('mixed-alternative-related')
    expect(allParts(raw).map(({ type }) => type)).toEqual([
      'multipart/mixed',
      'multipart/alternative',
      'text/plain',
      'multipart/related',
      'text/html',
      'image/png',
      'application/pdf',
    ])
    const text = allParts(raw)[2]
    expect(text && encodedBody(raw, text).toString()).toMatch(/^Beste Jan,\r\n[\s\S]*Acme\r\n$/)
  })

  it.each([
    ['empty', ''],
    ['bare_line_end', 'A: b\n\nx'],
    ['bare_line_end', 'A: b\r\n\r\nx\r'],
    ['malformed_header', 'A b\r\n\r\nx'],
    ['malformed_header', ': b\r\n\r\nx'],
    ['header_too_large', `A: ${'b'.repeat(headerBytesMax)}\r\n\r\n`],
    ['too_many_fields', `${'A: b\r\n'.repeat(headerFieldsMax + 1)}\r\n`],
    ['line_too_long', `A: b\r\n\r\n${'x'.repeat(lineBytesMax + 1)}`],
    ['too_many_parts', `Content-Type: multipart/mixed; boundary=a\r\n\r\n${'--a\r\n\r\n\r\n'.repeat(partsMax + 1)}`],
    ['too_deep', nested(partDepthMax + 2)],
  ])('is unreadable: %s', (reason, text) => {
    expect(read(text)).toEqual({ kind: 'unreadable', reason })
  })

  it('may go as deep as the limit', () => {
    expect(read(nested(partDepthMax)).kind).toBe('message')
  })
})

describe('a content type', () => {
  const parameters = (text: string) =>
    Object.fromEntries([...(readParameterisedValue(text)?.parameters ?? [])].map(([name, { value }]) => [name, value]))

  it.each([
    [' text/html; charset=utf-8', { charset: 'utf-8' }],
    [' text/html;\r\n\tcharset = "a \\"b\\" c" (comment; x=y) ;', { charset: 'a "b" c' }],
    [' multipart/mixed; boundary=----=_Part_1.2', { boundary: '----=_Part_1.2' }],
    [' text/plain;; format=flowed; delsp=yes', { format: 'flowed', delsp: 'yes' }],
  ])('%j has %j', (text, expected) => {
    expect(parameters(text)).toEqual(expected)
  })

  it('says where a value stands', () => {
    const text = ' text/html; charset="x" (y)'
    const found = readParameterisedValue(text)?.parameters.get('charset')
    expect(text.slice(found?.start, found?.end)).toBe('"x"')
  })

  it('says where a parameter is added: behind a comment, before a last semicolon', () => {
    for (const text of [' text/plain (a (b));', ' text/plain; format=flowed (c) ; ', ' text/plain  '])
      expect(text.slice(0, readParameterisedValue(text)?.end)).toBe(text.replace(/[; ]+$/, ''))
  })

  it.each([
    '',
    ' ',
    ' text/html; charset',
    ' text/html; a=1; a=2',
    ' text/html; a="1',
    ' text/html (',
    ' text/html x=y',
    ' ;a=b',
  ])('%j is not read at all', (text) => {
    expect(readParameterisedValue(text)).toBeUndefined()
  })
})

describe('changes', () => {
  const splice = (start: number, end: number, text: string) => ({ start, end, bytes: Buffer.from(text) })

  it('are made in order of place, additions before what is replaced there', () => {
    expect(applySplices(Buffer.from('abc'), [splice(1, 2, 'X'), splice(1, 1, '+'), splice(3, 3, '!')]).toString()).toBe(
      'a+Xc!',
    )
  })

  it('may not overlap or leave the message', () => {
    expect(() => applySplices(Buffer.from('abc'), [splice(0, 2, ''), splice(1, 3, '')])).toThrow(RangeError)
    expect(() => applySplices(Buffer.from('abc'), [splice(2, 9, '')])).toThrow(RangeError)
  })
})
