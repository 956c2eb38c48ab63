import { describe, expect, it } from 'vitest'
import { applySplices } from './splices.ts'
import { decodeTransfer, encodeBase64, encodeQuotedPrintable } from './transfer-encoding.ts'

function decoded(text: string, encoding = 'quoted-printable'): string | undefined {
  return decodeTransfer(Buffer.from(text, 'latin1'), encoding)?.bytes.toString('latin1')
}

/** Puts `added` at a decoded offset, and gives the encoded result. */
function spliced(text: string, start: number, added: string, end = start): string {
  const encoded = Buffer.from(text, 'latin1')
  const splices = decodeTransfer(encoded, 'quoted-printable')?.encodeSplices([
    { start, end, bytes: Buffer.from(added, 'latin1') },
  ])
  return applySplices(encoded, splices ?? []).toString('latin1')
}

describe('quoted-printable (RFC 2045 §6.7)', () => {
  it.each([
    ['a=3Db', 'a=b'],
    ['caf=c3=A9', 'caf\u00c3\u00a9'],
    ['one=\r\ntwo', 'onetwo'],
    ['one= \t\r\ntwo', 'onetwo'],
    ['one  \r\ntwo\t', 'one\r\ntwo'],
    ['one =\r\ntwo', 'one two'],
    ['a=ZZ=', 'a=ZZ'],
    ['a  b', 'a  b'],
  ])('reads %j as %j', (text, expected) => {
    expect(decoded(text)).toBe(expected)
  })

  it.each([
    '',
    'a',
    'a b \r\n',
    '\u00e9'.repeat(200),
    `${'x'.repeat(75)}=\r\n`,
    '.\r\n..\r\n',
    'a\nb\rc',
    'tab\t',
    `${'y'.repeat(75)} \r\n`,
  ])('writes %j so that it reads the same, in lines of at most 76', (text) => {
    const written = encodeQuotedPrintable(Buffer.from(text, 'latin1'))
    expect(decoded(written)).toBe(text)
    expect(Math.max(...written.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76)
    expect(written).not.toMatch(/[ \t]\r\n|^\./m)
  })

  it('completes a "=" that begins nothing before it adds behind it', () => {
    expect(spliced('w==\r\n', 2, '\r\nNEW\r\n')).toBe('w=3D\r\nNEW\r\n=\r\n')
    expect(decoded(spliced('a=b', 2, 'FF'))).toBe('a=FFb')
  })

  it('takes an addition at every place without moving an encoded byte', () => {
    const text = 'Caf=C3=A9 =\r\nen  =20brood=3D \r\n\r\nslot=\r\n'
    const length = decoded(text)?.length ?? 0
    for (let place = 0; place <= length; place++) {
      for (const added of ['NEW', '\r\nNEW\r\n', 'NEW\r\n', ' \u00e9 ']) {
        const before = decoded(text) ?? ''
        const after = spliced(text, place, added)
        expect(decoded(after), `${place} ${added}`).toBe(before.slice(0, place) + added + before.slice(place))
        expect(withoutAddition(after, text), `${place} ${added}`).toBe(true)
      }
    }
  })

  it('takes a replacement in the place of encoded bytes', () => {
    expect(decoded(spliced('a{{opt=\r\nout}}b=3D', 1, 'https://x/?a=b', 11))).toBe('ahttps://x/?a=bb=')
  })
})

/** The original is what stands before and after one addition. */
function withoutAddition(after: string, text: string): boolean {
  let start = 0
  while (start < text.length && after[start] === text[start]) start++
  return Array.from({ length: start + 1 }, (_, cut) => cut).some(
    (cut) => after.startsWith(text.slice(0, cut)) && after.endsWith(text.slice(cut)),
  )
}

describe('base64', () => {
  it('is written in lines of 76', () => {
    expect(
      encodeBase64(Buffer.alloc(100))
        .split('\r\n')
        .map((line) => line.length),
    ).toEqual([76, 60])
  })

  it.each(['SGFs!bG8=', 'SGFsbG8=\r\n-- \r\nlist', 'SGFs=bG8'])(
    'is left alone when it holds something else: %j',
    (text) => {
      expect(decoded(text, 'base64')).toBeUndefined()
    },
  )
})

it('knows no other encodings', () => {
  expect(decoded('x', 'x-uuencode')).toBeUndefined()
  expect(decoded('a=3D', '8bit')).toBe('a=3D')
})
