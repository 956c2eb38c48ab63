import { generateKeyPairSync } from 'node:crypto'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { describe, expect, it } from 'vitest'
import { relaxedBody, relaxedField } from './dkim-canon.ts'
import { readDkimKey, signMessage } from './dkim-sign.ts'
import { rewriteMessage } from './rewrite-message.ts'
import { bothKeys, dnsRecords, domain, ed25519Pem, rsaPem } from './testing/dkim.ts'
import { readFixture, verdicts, wayOut } from './testing/fixtures.ts'

const now = Date.UTC(2026, 2, 2, 8)
/**
 * Not by mailauth, but by dkimpy: mailauth takes the second byte of an "à" in a UTF-8 header for white space, and looks for
 * no signature in a message without an empty line.
 */
const beyondMailauth = ['headers-utf8', 'header-without-body']
const readable = Object.keys(verdicts).filter((name) => !name.startsWith('refused') && !beyondMailauth.includes(name))

function sign(raw: Buffer): Buffer {
  const done = signMessage(raw, bothKeys, now)
  if (done.kind === 'refused') throw new Error(done.reason)
  return done.message
}

function relayed(name: string): Buffer {
  const done = rewriteMessage(readFixture(name), wayOut())
  if (done.kind === 'refused') throw new Error(done.reason)
  return sign(done.message)
}

/** What mailauth makes of the signatures of our domain. */
async function verify(message: Buffer): Promise<readonly string[]> {
  const resolver = async (name: string) => {
    const record = dnsRecords[name]
    if (record === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
    return [[record]]
  }
  const { results } = await dkimVerify(message, { resolver })
  return results
    .filter(({ signingDomain }) => signingDomain === domain)
    .map(({ selector, status }) => `${selector} ${status.result}`)
}

const bothPass = ['rsa pass', 'ed pass']

describe('mailauth', () => {
  it.each(readable)('verifies both signatures of %s', async (name) => {
    expect(await verify(relayed(name))).toEqual(bothPass)
  })

  it.each([
    [
      'a tampered List-Unsubscribe',
      (text: string) => text.replace('List-Unsubscribe: <https://', 'List-Unsubscribe: <https://x'),
    ],
    ['a tampered List-Unsubscribe-Post', (text: string) => text.replace('=One-Click', '=One-Clack')],
    ['a second List-Unsubscribe', (text: string) => `List-Unsubscribe: <https://evil.example>\r\n${text}`],
    ['a second From', (text: string) => `From: evil@evil.example\r\n${text}`],
    ['a second Subject', (text: string) => `Subject: evil\r\n${text}`],
    ['a removed List-Unsubscribe-Post', (text: string) => text.replace(/^List-Unsubscribe-Post:.*\r\n/m, '')],
    ['a changed content type', (text: string) => text.replace('boundary="alt"', 'boundary="ale"')],
    ['a changed complaint address', (text: string) => text.replace('CFBL-Address: klachten@', 'CFBL-Address: x@')],
    ['a changed body', (text: string) => text.replace('Beste Jan', 'Beste Piet')],
    ['an added line', (text: string) => `${text}nog iets\r\n`],
  ])('fails both signatures for %s', async (_what, tamper) => {
    const message = relayed('alternative')
    const tampered = Buffer.from(tamper(message.toString('latin1')), 'latin1')
    expect(tampered.equals(message)).toBe(false)
    expect((await verify(tampered)).map((result) => result.endsWith('pass'))).toEqual([false, false])
  })

  it.each([
    [
      'a Received field on top',
      (text: string) => `Received: from a by b;\r\n Mon, 2 Mar 2026 09:00:00 +0100\r\n${text}`,
    ],
    ['other folding', (text: string) => text.replace('Subject: Het nieuws', 'Subject:\tHet\r\n  nieuws')],
    ['white space at the end of lines', (text: string) => text.replace('Beste Jan,', 'Beste  Jan, \t')],
    ['empty lines at the end', (text: string) => `${text}\r\n\r\n`],
  ])('passes both signatures for %s, as relaxed allows', async (_what, travel) => {
    const message = Buffer.from(travel(relayed('alternative').toString('latin1')), 'latin1')
    expect(await verify(message)).toEqual(bothPass)
  })
})

describe('the signature field', () => {
  const signed = sign(readFixture('headers-replaced')).toString('latin1')
  const ours = signed.slice(0, signed.indexOf('Return-Path:'))

  it('stands on top, one for each key, and leaves earlier signatures where they are', () => {
    expect(ours.match(/^DKIM-Signature:/gm)).toHaveLength(2)
    expect(signed.slice(ours.length)).toBe(readFixture('headers-replaced').toString('latin1'))
  })

  it('names what it over-signs once more than it is there', () => {
    const names = /h=([^;]*);/.exec(ours)?.[1]?.replace(/\s/g, '').split(':') ?? []
    for (const name of ['from', 'subject', 'to', 'list-unsubscribe', 'list-unsubscribe-post']) {
      expect(
        names.filter((one) => one === name),
        name,
      ).toHaveLength(2)
    }
    for (const name of [
      'date',
      'message-id',
      'list-id',
      'feedback-id',
      'cfbl-address',
      'cfbl-feedback-id',
      'content-type',
    ]) {
      expect(
        names.filter((one) => one === name),
        name,
      ).toHaveLength(1)
    }
    expect(names).not.toContain('received')
  })

  it('has no body length and no end, and keeps its lines within 78 characters', () => {
    expect(ours).not.toMatch(/[ ;](?:l|x)=/)
    expect(ours).toContain(`t=${now / 1000};`)
    expect(Math.max(...ours.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78)
  })

  it('is refused for a header that nobody reads alike', () => {
    expect(signMessage(Buffer.from('no field\r\n\r\nbody'), bothKeys, now)).toEqual({
      kind: 'refused',
      reason: 'unreadable_header',
    })
  })
})

describe('a key', () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = (key: typeof short.privateKey) => key.export({ type: 'pkcs8', format: 'pem' }).toString()

  it.each([
    ['unreadable_key', { domain, selector: 'a', privateKeyPem: 'no key' }],
    ['rsa_key_too_short', { domain, selector: 'a', privateKeyPem: pem(short.privateKey) }],
    ['unsupported_key', { domain, selector: 'a', privateKeyPem: pem(curve.privateKey) }],
    ['malformed_name', { domain: 'a; d=evil.example', selector: 'a', privateKeyPem: rsaPem }],
    ['malformed_name', { domain, selector: 'a\r\nX: y', privateKeyPem: ed25519Pem }],
  ])('is refused: %s', (reason, wanted) => {
    expect(readDkimKey(wanted)).toEqual({ kind: 'refused', reason })
  })
})

describe('relaxed form (RFC 6376 §3.4.5)', () => {
  it('is that of the example', () => {
    expect(relaxedField('A: X\r\n')).toBe('a:X')
    expect(relaxedField('B : Y\t\r\n\tZ  \r\n')).toBe('b:Y Z')
    expect(relaxedBody(Buffer.from(' C \r\nD \t E\r\n\r\n\r\n')).toString()).toBe(' C\r\nD E\r\n')
  })

  it.each([
    ['', ''],
    ['\r\n\r\n', ''],
    [' \t\r\n', ''],
    ['a', 'a\r\n'],
    ['a\r\n\r\nb  ', 'a\r\n\r\nb\r\n'],
    ['a\rb\nc\r\n', 'a\rb\nc\r\n'],
  ])('makes of %j %j', (body, relaxed) => {
    expect(relaxedBody(Buffer.from(body)).toString()).toBe(relaxed)
  })

  it('keeps bytes beyond ASCII, a no-break space included', () => {
    expect(relaxedField('Subject: caf\u00c3\u00a9\u00a0\r\n')).toBe('subject:caf\u00c3\u00a9\u00a0')
  })
})
