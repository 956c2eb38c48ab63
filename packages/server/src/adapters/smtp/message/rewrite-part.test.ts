import { describe, expect, it } from 'vitest'
import type { MailLanguage } from '../../../services/mail-language.ts'
import { viewBody } from './charset.ts'
import { rewriteMessage } from './rewrite-message.ts'
import { readFixture, wayOut } from './testing/fixtures.ts'

function rewritten(name: string, language: MailLanguage = 'fr'): string {
  const done = rewriteMessage(readFixture(name), wayOut(language))
  if (done.kind === 'refused') throw new Error(done.reason)
  return done.message.toString('latin1')
}

function fieldOf(message: string, name: string): string | undefined {
  return new RegExp(`^${name} ?:((?:.|\\r\\n[ \\t])*)\\r\\n`, 'im').exec(message)?.[1]?.trim()
}

describe('encoding and charset', () => {
  it.each([
    ['text-utf8-8bit', 'text/plain; charset=UTF-8', '8bit'],
    ['text-utf8-quoted', 'text/plain; charset="utf-8"', 'QUOTED-PRINTABLE'],
    ['text-utf8-base64', 'text/plain; charset=utf-8', 'base64'],
    ['text-iso-8859-1', 'text/plain; charset=iso-8859-1', '8bit'],
    ['text-iso-8859-15-quoted', 'text/plain; charset=ISO-8859-15', 'quoted-printable'],
    ['html-7bit', 'text/html; charset=us-ascii', undefined],
    ['html-shift-jis', 'text/html; charset=Shift_JIS', '8bit'],
    ['html-windows-1252', 'text/html; charset=windows-1252', 'quoted-printable'],
  ])('of %s stay', (name, type, encoding) => {
    const message = rewritten(name)
    expect(fieldOf(message, 'Content-Type')).toBe(type)
    expect(fieldOf(message, 'Content-Transfer-Encoding')).toBe(encoding)
  })

  it.each([
    ['text-us-ascii-7bit', 'text/plain; charset=utf-8', 'quoted-printable'],
    ['text-no-mime', 'text/plain; charset=utf-8', 'quoted-printable'],
    ['text-koi8-r', 'text/plain; charset=utf-8', 'base64'],
    ['text-gb18030', 'text/plain; charset=utf-8', 'base64'],
    ['text-iso-2022-jp', 'text/plain; charset=utf-8', 'quoted-printable'],
    ['text-us-ascii-with-8bit', 'text/plain; charset=utf-8', 'quoted-printable'],
    ['html-utf-16be', 'text/html; charset=utf-8', 'base64'],
  ])('of %s become those that can say it', (name, type, encoding) => {
    const message = rewritten(name)
    expect(fieldOf(message, 'Content-Type')).toBe(type)
    expect(fieldOf(message, 'Content-Transfer-Encoding')).toBe(encoding)
    expect(message.match(/^MIME-Version: 1\.0\r$/gim)).toHaveLength(1)
  })

  it('of a Central European text stay where it has the letters: ä it has, ê it has not', () => {
    expect(fieldOf(rewritten('text-windows-1250', 'de'), 'Content-Type')).toBe('text/plain; charset=windows-1250')
    expect(fieldOf(rewritten('text-windows-1250', 'fr'), 'Content-Type')).toBe('text/plain; charset=utf-8')
  })

  it('stay in a Chinese or Russian text when what is said is ASCII, as in Dutch', () => {
    expect(fieldOf(rewritten('text-gb18030', 'nl'), 'Content-Type')).toBe('text/plain; charset=gb18030')
    expect(fieldOf(rewritten('text-koi8-r', 'nl'), 'Content-Type')).toBe('text/plain; charset=koi8-r')
    expect(rewritten('text-no-mime', 'nl')).not.toContain('MIME-Version')
  })

  it('become quoted-printable where a line is too long to travel (RFC 5322 §2.1.1)', () => {
    for (const name of ['text-long-line', 'html-one-huge-line']) {
      const message = rewritten(name)
      expect(fieldOf(message, 'Content-Transfer-Encoding')).toBe('quoted-printable')
      expect(Math.max(...message.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
    }
  })

  it('of a line that only the address makes too long become quoted-printable', () => {
    const line = `<p>${'x'.repeat(950)}<a href="{{verzet_stop}}">Weg</a> <a href="{{verzet_preferences}}">Anders</a>`
    const raw = readFixture('html-7bit').toString('latin1').replace('</body>', `${line}\r\n</body>`)
    const done = rewriteMessage(Buffer.from(raw, 'latin1'), wayOut())
    const message = done.kind === 'refused' ? '' : done.message.toString('latin1')
    expect(fieldOf(message, 'Content-Transfer-Encoding')).toBe('quoted-printable')
    expect(Math.max(...message.split('\r\n').map((each) => each.length))).toBeLessThanOrEqual(998)
  })

  it('are not those of a word with a no-break space, which no reader knows', () => {
    const raw = readFixture('text-utf8-base64').toString('latin1').replace(': base64', ':\u00a0base64')
    expect(rewriteMessage(Buffer.from(raw, 'latin1'), wayOut())).toMatchObject({
      kind: 'headers_only',
      reason: 'unknown_encoding',
    })
  })

  it('a checksum of the old body goes (RFC 1864)', () => {
    expect(rewritten('text-content-md5')).not.toContain('Content-MD5')
  })
})

describe('a charset', () => {
  it('encodes what it has and nothing else', () => {
    const encode = (charset: string, text: string) => {
      const view = viewBody(Buffer.alloc(0), charset)
      return view?.kind === 'bytes' ? view.encode(text, 0)?.toString('hex') : undefined
    }
    expect(encode('iso-8859-15', 'é€')).toBe('e9a4')
    expect(encode('windows-1252', '€’')).toBe('8092')
    expect(encode('iso-8859-1', 'é')).toBe('e9')
    expect(encode('iso-8859-1', '€')).toBeUndefined()
    expect(encode('us-ascii', 'é')).toBeUndefined()
    expect(encode('gb18030', 'é')).toBeUndefined()
    expect(encode('utf-8', 'é')).toBe('c3a9')
  })
})
