import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { mailLanguages } from '../../../services/mail-language.ts'
import { decodeBody, showBody, viewBody } from './charset.ts'
import { charsetOf } from './charset-label.ts'
import { inPlainLetters, waysInPlainLetters } from './plain-words.ts'
import { rewriteMessage } from './rewrite-message.ts'
import { wayOut } from './testing/fixtures.ts'
import { encodeBase64, encodeQuotedPrintable } from './transfer-encoding.ts'
import { waysOutHtml, waysOutText } from './ways-out.ts'

const western = 'Crème brûlée à volonté'
const central = 'Žluťoučký kůň'
const cyrillic = 'Новости недели'
const greek = 'Τα νέα της εβδομάδας'
const chinese = '你好，新闻来了'
const japanese = '三月のニュース'
const korean = '안녕하세요 소식'

/** What a mail calls its charset, Python's name for it, and words that need it. */
const charsets: readonly (readonly [label: string, codec: string, words: string])[] = [
  ['us-ascii', 'ascii', 'The news'],
  ['ANSI_X3.4-1968', 'ascii', 'The news'],
  ['latin1', 'latin-1', western],
  ['iso8859-1', 'latin-1', western],
  ['ISO-8859-1:1987', 'latin-1', western],
  ['iso-8859-1', 'latin-1', western],
  ['iso-8859-2', 'iso8859-2', central],
  ['iso-8859-3', 'iso8859-3', 'Ĝentila ĥoro'],
  ['iso-8859-4', 'iso8859-4', 'Ātrā ziņa'],
  ['iso-8859-5', 'iso8859-5', cyrillic],
  ['iso-8859-6', 'iso8859-6', 'مرحبا'],
  ['iso-8859-7', 'iso8859-7', greek],
  ['iso-8859-8', 'iso8859-8', 'שלום'],
  ['iso-8859-8-i', 'iso8859-8', 'שלום'],
  ['iso-8859-9', 'iso8859-9', 'Şık İstanbul ğ'],
  ['iso-8859-10', 'iso8859-10', 'Þórður Ŧ'],
  ['iso-8859-11', 'iso8859-11', 'สวัสดี'],
  ['iso-8859-13', 'iso8859-13', 'Ątvyksta žinia'],
  ['iso-8859-14', 'iso8859-14', 'Ŵyn ŷd'],
  ['iso-8859-15', 'iso8859-15', 'Crème à 3 €'],
  ['iso-8859-16', 'iso8859-16', 'Știri în țară, 3 €'],
  ['windows-1250', 'cp1250', central],
  ['windows-1251', 'cp1251', cyrillic],
  ['windows-1252', 'cp1252', '“Crème” – 3 €'],
  ['win-1252', 'cp1252', '“Crème” – 3 €'],
  ['windows-1253', 'cp1253', greek],
  ['windows-1254', 'cp1254', 'Şık İstanbul'],
  ['windows-1255', 'cp1255', 'שלום'],
  ['windows-1256', 'cp1256', 'مرحبا'],
  ['windows-1257', 'cp1257', 'Ątvyksta žinia'],
  ['windows-1258', 'cp1258', 'Đêm tôi ơ ư'],
  ['cp437', 'cp437', western],
  ['IBM850', 'cp850', western],
  ['cp850', 'cp850', western],
  ['IBM00858', 'cp858', 'Crème à 3 €'],
  ['ibm852', 'cp852', central],
  ['cp866', 'cp866', cyrillic],
  ['koi8-r', 'koi8-r', cyrillic],
  ['koi8-u', 'koi8-u', 'Їжак і ґава'],
  ['macintosh', 'mac-roman', western],
  ['x-mac-roman', 'mac-roman', western],
  ['gb18030', 'gb18030', chinese],
  ['gb2312', 'gbk', chinese],
  ['cp936', 'gbk', chinese],
  ['hz-gb-2312', 'hz', `~ ${chinese} ~`],
  ['HZ', 'hz', chinese],
  ['big5', 'big5', '你好，新聞來了'],
  ['euc-jp', 'euc-jp', japanese],
  ['shift_jis', 'cp932', `${japanese} ソ表`],
  ['cp932', 'cp932', japanese],
  ['iso-2022-jp', 'iso2022-jp', japanese],
  ['iso-2022-jp-2', 'iso2022-jp-2', `${japanese} ${korean}`],
  ['euc-kr', 'euc-kr', korean],
  ['ks_c_5601-1987', 'cp949', korean],
  ['iso-2022-kr', 'iso2022-kr', korean],
  ['utf-7', 'utf-7', `${western} ${japanese} 1+1`],
  ['unicode-1-1-utf-7', 'utf-7', western],
  ['utf-8', 'utf-8', `${western} ${japanese}`],
  ['utf8', 'utf-8', `${western} ${japanese}`],
  ['utf-16', 'utf-16', western],
  ['utf-16le', 'utf-16-le', western],
  ['utf-16be', 'utf-16-be', western],
  ['utf-32', 'utf-32', western],
  ['utf-32be', 'utf-32-be', western],
  ['x-unknown', 'latin-1', western],
  ['unknown-8bit', 'utf-8', western],
  ['8bit', 'cp1251', cyrillic],
  ['default', 'latin-1', western],
  ['', 'latin-1', western],
]
/** Two bytes or more a character: nothing of ASCII can be put in, so the whole leaves as UTF-8. */
const isWide = (label: string) => /^utf-(?:16|32)/.test(label)
/** Those nobody knows, and one with sets that TextDecoder does not have. */
const takesPlainLetters = (label: string) => /^(?:x-unknown|unknown-8bit|8bit|default|iso-2022-jp-2|)$/.test(label)

type Answer = {
  readonly encoded: readonly string[]
  readonly mails: readonly { readonly charset: string; readonly bytes: string; readonly text: string }[]
}

function askPython(encode: readonly (readonly string[])[], mails: readonly (readonly string[])[]): Answer {
  const script = fileURLToPath(new URL('testing/charsets.py', import.meta.url))
  const input = JSON.stringify({ encode, mails })
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [script], {
    input,
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Answer
}

const isMissing = (process.env.VERZET_MISSING ?? '').split(',').includes('python3-dkim')
const encodings = {
  '8bit': (bytes: Buffer) => bytes.toString('latin1'),
  'quoted-printable': encodeQuotedPrintable,
  base64: encodeBase64,
}
type Encoding = keyof typeof encodings

function mailIn(type: string, label: string, encoding: Encoding, body: Buffer): Buffer {
  const head = `From: a@acme.example\r\nMIME-Version: 1.0\r\nContent-Type: ${type}; charset="${label}"`
  const lines = `${head}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${encodings[encoding](body)}\r\n`
  return Buffer.from(lines, 'latin1')
}

describe.skipIf(isMissing)(
  'what is put in is read by Python in the charset of the mail, and the rest is as it was',
  () => {
    const pages = charsets.map(([label, codec, words]) => {
      const page = (text: string) => `<html><body>\r\n<p>${text}</p>\r\n</body></html>`
      return { label, codec, words, texts: { plain: `${words}\r\n\r\n${words}`, html: page(words) } }
    })
    const kinds = ['plain', 'html'] as const
    const asked = pages.flatMap(({ codec, texts }) => kinds.map((kind) => [codec, texts[kind]]))
    const { encoded } = askPython(asked, [])
    const cases = pages.flatMap((page, number) =>
      kinds.flatMap((kind, place) => {
        const body = Buffer.from(encoded[number * kinds.length + place] ?? '', 'base64')
        // UTF-16 holds bytes that are lone line ends, which no mail may have as they stand.
        const ways: readonly Encoding[] = isWide(page.label) ? ['base64'] : ['8bit', 'quoted-printable', 'base64']
        return ways.flatMap((encoding) =>
          mailLanguages.map((language) => ({ ...page, kind, body, encoding, language })),
        )
      }),
    )
    const done = cases.map(({ label, kind, body, encoding, language }) =>
      rewriteMessage(mailIn(`text/${kind}`, label, encoding, body), wayOut(language)),
    )
    const messages = done.map((one) => (one.kind === 'refused' ? Buffer.alloc(0) : one.message))
    const { mails } = askPython(
      [],
      cases.map(({ codec }, index) => [codec, messages[index]?.toString('base64') ?? '']),
    )
    const all = cases.map((one, index) => ({ ...one, done: done[index], read: mails[index] }))

    it.each(charsets.map(([label]) => label))('%s', (label) => {
      for (const { kind, body, encoding, language, texts, done, read, ...one } of all) {
        if (one.label !== label) continue
        const about = `${kind} ${encoding} ${language}`
        expect(done, about).toMatchObject({
          kind: 'rewritten',
          record: { [kind === 'html' ? 'html' : 'text']: 'added' },
        })
        const text = (read?.text ?? '').replace(/^\ufeff/, '')
        const said = takesPlainLetters(label) ? waysInPlainLetters(wayOut(language)) : wayOut(language)
        const block = kind === 'html' ? waysOutHtml(wayOut(language)) : waysOutText(said)
        expect(text.split(block), about).toHaveLength(3)
        const without = (from: string) => from.replaceAll('\r\n', '')
        expect(without(text.replaceAll(block, '')), about).toBe(without(texts[kind]))
        const stays = read?.charset === label.toLowerCase()
        const bytes = Buffer.from(read?.bytes ?? '', 'base64')
        if (kind === 'html') expect(stays, about).toBe(!isWide(label))
        // Every byte that was there still is, in one piece where it was text and between the ways out where it was a page.
        if (stays && kind === 'plain') expect(bytes.includes(body), about).toBe(true)
        const inner = body.subarray(body.indexOf('<p>'), body.indexOf('</body>'))
        if (stays && kind === 'html' && inner.length > 0) expect(bytes.includes(inner), about).toBe(true)
      }
    })
  },
)

describe('a charset that shifts', () => {
  const view = (label: string, bytes: string) => {
    const found = viewBody(Buffer.from(bytes, 'latin1'), label)
    return found?.kind === 'bytes' ? found : undefined
  }
  const encoded = (label: string, bytes: string, text: string, at: number) =>
    view(label, bytes)?.encode(text, at)?.toString('latin1')

  it('hides what is not ASCII, so that no markup is seen in it', () => {
    expect(view('iso-2022-jp', 'a\x1b$B<<>>\x1b(B>')?.text).toBe(`a${'\x80'.repeat(10)}>`)
    expect(view('hz', 'a~{<<>>~}>')?.text).toBe(`a${'\x80'.repeat(8)}>`)
    expect(view('iso-2022-kr', '\x1b$)C\r\na\x0e<<\x0f>')?.text).toBe(`${'\x80'.repeat(4)}\r\na${'\x80'.repeat(4)}>`)
    expect(view('utf-7', 'a+AOk->')?.text).toBe(`a${'\x80'.repeat(5)}>`)
  })

  it('takes nothing in the midst of it', () => {
    expect(encoded('iso-2022-jp', 'a\x1b$B<<', 'x', 6)).toBeUndefined()
    expect(encoded('hz', 'a~{<<', 'x', 5)).toBeUndefined()
    expect(encoded('utf-7', '+AOkA6Q-', 'x', 3)).toBeUndefined()
    expect(encoded('iso-2022-jp', 'a\x1b$B<<\x1b(Bb', 'x', 9)).toBe('x')
  })

  it('gets its own signs escaped: a plus in UTF-7, a tilde in HZ (RFC 2152, RFC 1843)', () => {
    expect(encoded('utf-7', 'a', '1+1 é', 0)).toBe('1+-1 +AOk-')
    expect(encoded('hz', 'a', '~', 0)).toBe('~~')
  })

  it('in UTF-7 goes on after letters that nothing closed, so an addition has to begin with a line end', () => {
    expect(encoded('utf-7', '+AOk', 'x', 4)).toBeUndefined()
    expect(encoded('utf-7', '+AOk', '\r\nx', 4)).toBe('\r\nx')
  })

  it('is unreadable in UTF-7 where a plus opens nothing', () => {
    expect(view('utf-7', 'a +')).toBeUndefined()
    expect(view('utf-7', '1+-1')?.text).toBe('1\x80\x801')
  })

  it('in UTF-7 is decoded where markup or a placeholder is written in base64', () => {
    expect(viewBody(Buffer.from('+ADw-body+AD4-'), 'utf-7')).toEqual({ kind: 'decoded', text: '<body>' })
  })

  it('is none when it has bytes of eight bits or sequences nobody knows', () => {
    expect(viewBody(Buffer.from('é'), 'iso-2022-jp')).toBeUndefined()
    expect(viewBody(Buffer.from('\x1b%Ga'), 'iso-2022-jp')).toBeUndefined()
  })

  it('can be read whole where there is an encoding like it (RFC 1557, RFC 1843, RFC 1922)', () => {
    expect(decodeBody(Buffer.from('\x1b$)C\r\n\x0e0!\x0f'), 'iso-2022-kr')).toBe('\r\n가')
    expect(decodeBody(Buffer.from('~{VPND~} ~~'), 'hz-gb-2312')).toBe('中文 ~')
    expect(decodeBody(Buffer.from('\x1b$)A\x0eVPND\x0f'), 'iso-2022-cn')).toBe('中文')
    expect(decodeBody(Buffer.from('\x1b$)G\x0eVPND\x0f'), 'iso-2022-cn')).toBeUndefined()
  })
})

describe('a charset nobody knows', () => {
  it('is shown as programs guess it', () => {
    expect(showBody(Buffer.from('Crème'), 'x-unknown')).toBe('Crème')
    expect(showBody(Buffer.from('Crème', 'latin1'), 'default')).toBe('Crème')
  })

  it('is left alone when its bytes are no ASCII, or its name says so', () => {
    expect(viewBody(Buffer.from('a\0b\0'), 'x-unknown')).toBeUndefined()
    for (const label of ['ebcdic-us', 'johab', 'iso646-de', 'utf-7-imap', 'cp037']) {
      expect(viewBody(Buffer.from('abc'), label), label).toBeUndefined()
    }
  })

  it('is not one that iconv-lite takes for text and is none', () => {
    for (const label of ['base64', 'hex', 'binary'])
      expect(viewBody(Buffer.from('abc'), label)).toMatchObject({ isUnknown: true })
  })

  it('gets letters without marks, umlauts written out', () => {
    expect(inPlainLetters('Arrêter toute publicité – œuvre', 'fr')).toBe('Arreter toute publicite - oeuvre')
    expect(inPlainLetters('Meine Einstellungen ändern', 'de')).toBe('Meine Einstellungen aendern')
    for (const language of mailLanguages)
      expect(waysOutText(waysInPlainLetters(wayOut(language)))).toMatch(/^[\x20-\x7e\r\n]+$/)
  })
})

describe('the name of a charset', () => {
  it.each(['koi8\u00ff-r', 'ibm<<<850', `i${'<'.repeat(200)}bm850`, 'wind\u00caows-1252'])(
    'is no name with something else in it: %s',
    (label) => {
      expect(charsetOf(label)).toEqual({ kind: 'unknown' })
    },
  )
})
