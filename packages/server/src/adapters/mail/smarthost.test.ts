import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type SinkScript, type SmtpSink, startSmtpSink } from '../../../test/smtp-sink.ts'
import type { OutgoingMail } from '../../services/ports.ts'
import { createSmarthost, readSmarthostUrl } from './smarthost.ts'

const mail: OutgoingMail = {
  id: '019d0b3e-7a00-7c11-8d22-3344556677ff',
  to: 'jan@voorbeeld.be',
  fromName: 'Chez Zoë, "Fils"',
  subject: 'Confirmation : votre désinscription est enregistrée',
  text: 'Vous n’avez rien à faire.\n.\nhttps://verzet.example/u/abc\n',
  html: '<!doctype html><html lang="fr"><body><p>Vous n’avez rien à faire.</p></body></html>',
  language: 'fr',
  autoSubmitted: 'auto-generated',
}

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource[Symbol.asyncDispose]()
})

async function smarthostFor(
  script: SinkScript = {},
  options: { envelopeFrom?: string; url?: (sink: SmtpSink) => string } = {},
) {
  const sink = await startSmtpSink(script)
  const port = createSmarthost({
    url: options.url?.(sink) ?? sink.url,
    from: 'no-reply@acme.example',
    mailDomain: 'optout.acme.example',
    ...(options.envelopeFrom && { envelopeFrom: options.envelopeFrom }),
  })
  open.push(sink, port)
  return { sink, port }
}

/** Unfolded header fields in order. */
function headersOf(data: string): string[] {
  return data
    .slice(0, data.indexOf('\r\n\r\n'))
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
}

describe('a mail handed to the smarthost', () => {
  it('has the null sender, one recipient and exactly these header fields', async () => {
    const { sink, port } = await smarthostFor()
    expect(await port.send(mail)).toEqual({ kind: 'sent' })
    const [received] = sink.received
    expect(sink.commands.filter((line) => line.startsWith('MAIL'))).toEqual(['MAIL FROM:<>'])
    expect(received?.to).toEqual(['jan@voorbeeld.be'])
    const headers = headersOf(received?.data ?? '')
    expect(headers.map((line) => line.slice(0, line.indexOf(':'))).sort()).toEqual([
      'Auto-Submitted',
      'Content-Language',
      'Content-Type',
      'Date',
      'From',
      'MIME-Version',
      'Message-ID',
      'Subject',
      'To',
      'X-Auto-Response-Suppress',
    ])
    expect(headers).toContain('Auto-Submitted: auto-generated')
    expect(headers).toContain('X-Auto-Response-Suppress: All')
    expect(headers).toContain('Content-Language: fr')
    expect(headers).toContain('Message-ID: <019d0b3e-7a00-7c11-8d22-3344556677ff@optout.acme.example>')
    expect(headers).toContain('To: jan@voorbeeld.be')
    expect(headers.find((line) => line.startsWith('From:'))).toMatch(/ <no-reply@acme\.example>$/)
    expect(headers.find((line) => line.startsWith('Content-Type:'))).toMatch(/^Content-Type: multipart\/alternative;/)
    expect(Date.parse(headers.find((line) => line.startsWith('Date:'))?.slice(5) ?? '')).not.toBeNaN()
  })

  it('carries text before HTML, in ASCII lines of at most 998 octets', async () => {
    const { sink, port } = await smarthostFor()
    await port.send(mail)
    const data = sink.received[0]?.data ?? ''
    expect(data.indexOf('text/plain')).toBeGreaterThan(0)
    expect(data.indexOf('text/html')).toBeGreaterThan(data.indexOf('text/plain'))
    expect(data).toMatch(/^[\r\n\t\x20-\x7e]*$/)
    expect(Math.max(...data.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
    expect(data).toContain('https://verzet.example/u/abc')
  })

  it('says when it answers a mail, and takes a no-answer sender where one is configured', async () => {
    const { sink, port } = await smarthostFor({}, { envelopeFrom: 'bounces@acme.example' })
    await port.send({ ...mail, autoSubmitted: 'auto-replied' })
    expect(sink.received[0]?.from).toBe('bounces@acme.example')
    expect(headersOf(sink.received[0]?.data ?? '')).toContain('Auto-Submitted: auto-replied')
  })

  it('lets no name break into the header', async () => {
    const { sink, port } = await smarthostFor()
    await port.send({ ...mail, fromName: 'A\r\nBcc: x@y.example', subject: 'B\r\nX-Evil: 1' })
    const headers = headersOf(sink.received[0]?.data ?? '')
    expect(headers.filter((line) => /^(?:Bcc|X-Evil)/.test(line))).toEqual([])
    expect(sink.received[0]?.to).toEqual(['jan@voorbeeld.be'])
  })
})

describe('what the server says', () => {
  const cases: readonly (readonly [string, SinkScript, 'refused' | 'unavailable', string])[] = [
    [
      'a recipient refused for good',
      { onRecipient: () => '550 5.1.1 <jan@voorbeeld.be> unknown' },
      'refused',
      'smtp 550 5.1.1',
    ],
    [
      'a recipient refused for now',
      { onRecipient: () => '451 4.7.1 <jan@voorbeeld.be> greylisted' },
      'unavailable',
      'smtp 451 4.7.1',
    ],
    ['content refused for good', { onData: () => '554 jan@voorbeeld.be does not want this' }, 'refused', 'smtp 554'],
    ['content refused for now', { onData: () => '452 4.3.1 full' }, 'unavailable', 'smtp 452 4.3.1'],
    ['a connection dropped after the message', { onData: () => 'drop' }, 'unavailable', 'smtp ECONNECTION'],
    [
      'a connection dropped during the message',
      { dropsDuringData: () => true, onData: () => 'drop' },
      'unavailable',
      'smtp ECONNECTION',
    ],
  ]
  it.each(cases)('%s is told without the address', async (_, script, kind, reason) => {
    const { port } = await smarthostFor(script)
    expect(await port.send(mail)).toEqual({ kind, reason })
  })

  it('a password it refuses is the operator’s to mend: the mail waits', async () => {
    const script = { onAuth: () => '535 5.7.8 no' }
    const url = (sink: SmtpSink) => `smtp://user%40acme:p%3Ass@127.0.0.1:${sink.port}`
    const { sink, port } = await smarthostFor(script, { url })
    expect(await port.send(mail)).toEqual({ kind: 'unavailable', reason: 'smtp 535 5.7.8' })
    const credentials = sink.commands.find((line) => line.startsWith('AUTH PLAIN'))?.split(' ')[2] ?? ''
    expect(Buffer.from(credentials, 'base64').toString()).toBe('\0user@acme\0p:ss')
  })

  it('nobody listening means later', async () => {
    const probe = createServer()
    const free = await new Promise<number>((resolve) => {
      probe.listen(0, '127.0.0.1', () => {
        const address = probe.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
    await new Promise((resolve) => probe.close(resolve))
    const port = createSmarthost({ url: `smtp://127.0.0.1:${free}`, from: 'a@b.example', mailDomain: 'b.example' })
    open.push(port)
    expect((await port.send(mail)).kind).toBe('unavailable')
  })
})

describe('the address of a smarthost', () => {
  it('says host, port and encryption, each with its default', () => {
    expect(readSmarthostUrl('smtp://relay')).toMatchObject({
      host: 'relay',
      port: 25,
      secure: false,
      requireTLS: false,
    })
    expect(readSmarthostUrl('smtps://u:p@relay')).toMatchObject({ port: 465, secure: true, requireTLS: false })
    expect(readSmarthostUrl('smtp://relay:2525')).toMatchObject({ port: 2525 })
    expect(readSmarthostUrl('smtp://[::1]')).toMatchObject({ host: '::1' })
  })

  it('sends a password over an encrypted connection only, except on this machine', () => {
    expect(readSmarthostUrl('smtp://u:p@relay')).toMatchObject({ port: 587, requireTLS: true })
    expect(readSmarthostUrl('smtp://u:p@localhost')).toMatchObject({ requireTLS: false })
  })
})
