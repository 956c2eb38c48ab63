import { describe, expect, it } from 'vitest'
import { readHeaderBlock } from './header-block.ts'
import {
  foldField,
  type ListFields,
  readControlFields,
  removeControlFields,
  replaceListFields,
} from './header-fields.ts'
import { applySplices } from './splices.ts'
import { readFixture, wayOut } from './testing/fixtures.ts'

function headerOf(raw: Buffer) {
  const header = readHeaderBlock(raw, 0, raw.length)
  if (header.kind === 'malformed') throw new Error(header.reason)
  return header
}

function replaced(raw: Buffer, fields: ListFields = wayOut()): string {
  const done = replaceListFields(raw, headerOf(raw), fields)
  if (done.kind === 'refused') throw new Error(done.reason)
  return applySplices(raw, done.splices).toString('latin1')
}

describe('list fields', () => {
  const text = replaced(readFixture('headers-replaced'))

  it.each(['List-Unsubscribe', 'List-Unsubscribe-Post', 'List-Id', 'Feedback-ID', 'CFBL-Address', 'CFBL-Feedback-ID'])(
    'leave one %s, ours (RFC 2369 §2, RFC 8058 §3.1)',
    (name) => {
      expect(text.match(new RegExp(`^${name}:`, 'gim'))).toHaveLength(1)
      expect(text).not.toContain('oud.example/')
    },
  )

  it('name one https address, then one mailto, folded between the two', () => {
    const { page, mailto } = wayOut().links
    expect(text).toContain(
      `List-Unsubscribe: <${page}>,\r\n <${mailto}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n`,
    )
  })

  it('stand after the trace fields and before all others', () => {
    const names = [...text.matchAll(/^([\w-]+):/gm)].map((match) => match[1])
    expect(names.slice(0, 5)).toEqual([
      'Return-Path',
      'Received',
      'DKIM-Signature',
      'List-Unsubscribe',
      'List-Unsubscribe-Post',
    ])
  })

  it('leave every other byte, which taking them away shows', () => {
    const raw = readFixture('headers-folded-and-odd').toString('latin1')
    const added = replaced(readFixture('headers-folded-and-odd'))
    const ours = added.slice(0, added.indexOf('From:'))
    expect(ours).toMatch(/^List-Unsubscribe:/)
    expect(added.slice(ours.length)).toBe(raw)
  })

  it('keep the first line end where a message has none after its header', () => {
    const raw = Buffer.from('Received: from a by b')
    expect(replaced(raw)).toMatch(/^Received: from a by b\r\nList-Unsubscribe: </)
  })

  it.each([
    ['plain http', { page: 'http://verzet.example/u/a' }],
    ['a comma in the address', { page: 'https://verzet.example/u/a,b' }],
    ['a line end in the address', { page: 'https://verzet.example/u/a\r\nBcc: x@y.example' }],
    ['letters beyond ASCII', { page: 'https://vérzet.example/u/a' }],
    ['an address too long for a line', { page: `https://verzet.example/${'a'.repeat(1000)}` }],
    ['something else than a mailto', { mailto: 'https://verzet.example' }],
  ])('are refused for %s', (_what, changes) => {
    const raw = readFixture('text-no-mime')
    const links = { ...wayOut().links, ...changes }
    expect(replaceListFields(raw, headerOf(raw), { links })).toEqual({ kind: 'refused', reason: 'unsafe_link' })
  })

  it('are refused for a value that would end the field', () => {
    const raw = readFixture('text-no-mime')
    const fields = { ...wayOut(), feedbackId: 'a\r\nBcc: x@y.example' }
    expect(replaceListFields(raw, headerOf(raw), fields)).toEqual({ kind: 'refused', reason: 'unsafe_field' })
  })

  it('may name plain http on this machine alone', () => {
    const links = { ...wayOut().links, page: 'http://localhost:8080/u/a' }
    expect(replaced(readFixture('text-no-mime'), { links })).toContain('<http://localhost:8080/u/a>')
  })
})

describe('a folded field', () => {
  it('breaks between words, at 78 characters', () => {
    expect(foldField('X', ['a'.repeat(40), 'b'.repeat(40), 'c'])).toBe(
      `X: ${'a'.repeat(40)}\r\n ${'b'.repeat(40)} c\r\n`,
    )
  })

  it('has no empty first line, and no line above 998', () => {
    expect(foldField('X', ['a'.repeat(200)])).toBe(`X: ${'a'.repeat(200)}\r\n`)
    expect(foldField('X', ['a'.repeat(1000)])).toBeUndefined()
    expect(foldField('X', [])).toBeUndefined()
  })
})

describe('control fields', () => {
  const control = (text: string) => {
    const raw = Buffer.from(text, 'latin1')
    return readControlFields(raw, headerOf(raw))
  }

  it('are read, with the list the message says it is of', () => {
    const raw = readFixture('headers-replaced')
    expect(readControlFields(raw, headerOf(raw))).toEqual({
      kind: 'control',
      brand: 'acme',
      topic: 'nieuws',
      campaign: 'maart',
      policy: 'strict',
      listId: 'nieuws.oud.example',
    })
  })

  it('are none in most messages', () => {
    expect(control('From: a@b.example\r\n\r\n')).toEqual({ kind: 'control' })
  })

  it('are refused when said twice or in other letters', () => {
    expect(control('X-Verzet-Topic: a\r\nx-verzet-topic: b\r\n\r\n')).toMatchObject({
      reason: 'repeated_control_field',
    })
    expect(control('X-Verzet-Topic: caf\u00e9\r\n\r\n')).toMatchObject({ reason: 'malformed_control_field' })
    expect(control(`X-Verzet-Topic: ${'a'.repeat(201)}\r\n\r\n`)).toMatchObject({ reason: 'malformed_control_field' })
  })

  it('can be removed alone, from a message that needs no way out', () => {
    const raw = readFixture('headers-replaced')
    const text = applySplices(raw, removeControlFields(headerOf(raw))).toString('latin1')
    expect(text).not.toMatch(/x-verzet/i)
    expect(text).toContain('oud.example/u?a=1')
  })
})
