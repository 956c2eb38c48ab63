import { describe, expect, it } from 'vitest'
import { mailBytesMax, partsMax } from './mail-limits.ts'
import { allHeaders, firstHeader, shownHeader } from './read-headers.ts'
import { addressIn, enclosedMessages, type MailPart, ownParts, readMail, senderOf } from './read-mail.ts'

const crlf = (text: string) => text.replaceAll('\n', '\r\n')
const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(crlf(text), encoding)
const read = (text: string, encoding?: BufferEncoding) => readMail(bytes(text, encoding))
const body = async (type: string, words: Buffer, encoding = '8bit') =>
  (await readMail(Buffer.concat([bytes(`Content-Type: ${type}\nContent-Transfer-Encoding: ${encoding}\n\n`), words])))
    .text

describe('the header', () => {
  it('is unfolded, kept in order and read whatever its case', async () => {
    const { headers } = await read('Received: one\nreceived: two\nSUBJECT: a\n  folded\n\tone\nX-Empty:\n\n')
    expect(allHeaders(headers, 'received')).toEqual(['one', 'two'])
    expect(firstHeader(headers, 'subject')).toBe('a folded one')
    expect(firstHeader(headers, 'x-empty')).toBe('')
  })

  it('is shown decoded (RFC 2047), also where it is raw UTF-8 or Latin-1', async () => {
    const shown = async (text: string, encoding?: BufferEncoding) =>
      shownHeader((await read(`Subject: ${text}\n\n`, encoding)).headers, 'subject')
    expect(await shown('=?utf-8?Q?D=C3=A9sabonnement?= =?iso-8859-1?B?6ek=?=')).toBe('Désabonnementéé')
    expect(await shown('désabonnement')).toBe('désabonnement')
    expect(await shown('désabonnement', 'latin1')).toBe('désabonnement')
  })

  it('begins after what a mailbox or an editor put before it', async () => {
    const marks = ['\ufeff', 'From jan@voorbeeld.example Sat Nov 21 2026\r\n']
    for (const before of [...marks, marks.join('')]) {
      const mail = await readMail(Buffer.from(`${before}From: jan@voorbeeld.example\r\n\r\nstop\r\n`))
      expect([senderOf(mail), mail.text]).toEqual(['jan@voorbeeld.example', 'stop'])
    }
  })

  it('gives the writer by From, else Sender, else the envelope', async () => {
    expect(senderOf(await read('From: "A, B" <a@b.example>\n\n'))).toBe('a@b.example')
    expect(senderOf(await read('Sender: c@d.example\n\n'))).toBe('c@d.example')
    expect(senderOf(await read('Return-Path: <e@f.example>\n\n'))).toBe('e@f.example')
    expect(senderOf(await read('From: nobody\nReturn-Path: <>\n\n'))).toBeUndefined()
    expect(addressIn('Team: g@h.example, i@j.example;')).toBe('g@h.example')
  })
})

describe('the words', () => {
  it('are read in the charsets people write in', async () => {
    expect(await body('text/plain; charset=iso-8859-15', Buffer.from([0xa4, 0xe9]))).toBe('€é')
    expect(await body('text/plain; charset=windows-1252', Buffer.from([0x80, 0x92]))).toBe('€’')
    expect(await body('text/plain; charset=koi8-r', Buffer.from([0xf3, 0xf4, 0xef, 0xf0]))).toBe('СТОП')
    expect(await body('text/plain; charset=iso-2022-jp', Buffer.from('\x1b$B;_$a$F\x1b(B', 'latin1'))).toBe('止めて')
    const wide = Buffer.from(Buffer.from('\ufeffgraag', 'utf16le').toString('base64'))
    expect(await body('text/plain; charset=utf-16', wide, 'base64')).toBe('graag')
    expect(await body('text/plain; charset=made-up', Buffer.from('stop'))).toBe('stop')
    expect(await body('text/plain; charset=ibm850', Buffer.from('d\x82sabonnez', 'latin1'))).toBe('désabonnez')
    expect(await body('text/plain; charset=utf-7', Buffer.from('d+AOk-sabonnez'))).toBe('désabonnez')
    expect(await body('text/html; charset=iso-8859-16', Buffer.from('<p>\xe9\xa4</p>', 'latin1'))).toBe('é€')
  })

  it('are read as they were written where their program declared another charset', async () => {
    const said = 'désabonnez-moi, ça suffit'
    const asLatin1 = Buffer.from(said, 'latin1')
    expect(await body('text/plain; charset=utf-8', asLatin1)).toBe(said)
    expect(await body('text/plain; charset=utf-8', Buffer.from(asLatin1.toString('base64')), 'base64')).toBe(said)
    expect(await body('text/plain; charset="iso-8859-1"; format=flowed', Buffer.from(said))).toBe(said)
    expect(await body('text/html; charset=windows-1252', Buffer.from(`<p>${said}</p>`))).toBe(said)
    const damaged = Buffer.concat([Buffer.from(said), Buffer.from([0xe9]), Buffer.from(' stop')])
    expect(await body('text/plain; charset=utf-8', damaged)).toContain('désabonnez-moi')
  })

  it('are those of the HTML where the plain text only says that there is one', async () => {
    const alternative = (plain: string) =>
      `Content-Type: multipart/alternative; boundary=b\n\n--b\n\n${plain}\n--b\nContent-Type: text/html\n\n<p>Stop</p>\n--b--\n`
    expect((await read(alternative('This message is in HTML.'))).text).toBe('Stop')
    expect((await read(alternative('Thanks'))).text).toBe('Thanks')
  })

  it('are read in every transfer encoding, also a broken one', async () => {
    expect(await body('text/plain; charset=utf-8', Buffer.from('c3RvcCE='), 'base64')).toBe('stop!')
    expect(await body('text/plain; charset=utf-8', Buffer.from('st=6Fp=\r\n, =C3=A9'), 'Quoted-Printable')).toBe(
      'stop, é',
    )
    expect(await body('text/plain; charset=utf-8', Buffer.from('stop =ZZ'), 'quoted-printable')).toContain('stop')
    expect(await body('text/plain; charset=utf-8', Buffer.from('stop'), 'x-unknown')).toBe('stop')
  })

  it('are joined where the writer’s program wrapped them (RFC 3676)', async () => {
    expect(await body('text/plain; format=flowed', Buffer.from('schrijf mij \r\nuit\r\n'))).toBe('schrijf mij uit')
  })

  it('are those of HTML as its reader sees it', async () => {
    const html =
      '<style>p{}</style><p>Stop&nbsp;<b>nu</b></p><p style="display:none">hidden</p><blockquote>quoted</blockquote>'
    expect(await body('text/html', Buffer.from(html))).toMatch(/^Stop nu\n+> ?quoted/)
  })

  it('are the plain ones of an alternative, unless they are empty; attachments are not words', async () => {
    const alternative = (plain: string) => `Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain

${plain}
--a
Content-Type: text/html

<p>rich</p>
--a--
`
    expect((await read(alternative('plain'))).text).toBe('plain')
    expect((await read(alternative(''))).text).toBe('rich')
    const attached =
      'Content-Type: multipart/mixed; boundary=m\n\n--m\n\nwords\n--m\nContent-Disposition: attachment\n\nfile\n--m--\n'
    expect((await read(attached)).text).toBe('words')
  })
})

describe('the parts', () => {
  const report = `Content-Type: multipart/report; report-type=delivery-status; boundary="=_r"

preamble
--=_r
Content-Type: text/plain

words
--=_r  
Content-Type: message/delivery-status

Reporting-MTA: dns; a.example

Final-Recipient: rfc822; b@c.example
Action: failed

--=_r
Content-Type: message/rfc822

Subject: inner
Content-Type: multipart/mixed; boundary="=_r2"

--=_r2

cut off
--=_r--
epilogue`

  it('are told apart: words, blocks of fields, the message that is returned', async () => {
    const mail = await read(report)
    expect(ownParts(mail.root).map((part) => part.kind)).toEqual(['multipart', 'text', 'fields', 'message'])
    const status = ownParts(mail.root).find((part): part is MailPart & { kind: 'fields' } => part.kind === 'fields')
    expect(status?.blocks.map((block) => block[0]?.name)).toEqual(['reporting-mta', 'final-recipient'])
    expect(enclosedMessages(mail).map(({ headers }) => firstHeader(headers, 'subject'))).toEqual(['inner'])
    expect(mail.text).toBe('words')
    expect(mail.endsEarly).toBe(false)
  })

  it('say when the mail was cut off, in its header or before its last boundary', async () => {
    expect((await read(report.slice(0, report.indexOf('--=_r--')))).endsEarly).toBe(true)
    expect((await read('Subject: a\nTo: b')).endsEarly).toBe(true)
    expect((await read('Subject: a\n\n')).endsEarly).toBe(false)
  })

  it('are read up to their limits and no further', async () => {
    const many = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(partsMax * 3)}--b--\n`
    expect(ownParts((await read(many)).root).length).toBeLessThanOrEqual(partsMax + 1)
    const large = await readMail(Buffer.concat([bytes('Subject: a\n\n'), Buffer.alloc(mailBytesMax, 'x')]))
    expect([large.isCut, large.endsEarly]).toEqual([true, false])
  })
})

describe('the envelope', () => {
  it('is the listener’s, else what the servers noted on delivery', async () => {
    const raw = bytes('Return-Path: <>\nDelivered-To: a@b.example\n\n')
    expect((await readMail(raw)).envelope).toEqual({ from: '', recipients: ['a@b.example'] })
    const known = { from: 'c@d.example', recipients: ['e@f.example'] }
    expect((await readMail(raw, known)).envelope).toEqual(known)
  })
})
