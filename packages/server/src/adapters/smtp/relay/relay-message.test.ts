import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../../test/hub.ts'
import { email, keyed, type Point, saveTestRelation } from '../../../../test/people.ts'
import { openDialogue } from '../../../../test/smtp-dialogue.ts'
import { listRelayedMails } from '../../../storage/relayed-mails.ts'
import { makeDkimKeys, type SignIn, signInFor, startTestRelay, type TestRelay } from './testing/relay.ts'
import { verifyWithMailauth } from './testing/verify.ts'

let hub: TestHub
let relay: TestRelay
let news: SignIn
let orders: SignIn
let number = 0
let reader: Point
const keys = [...makeDkimKeys('acme.example'), ...makeDkimKeys('globex.example', 'globex')]

beforeAll(async () => {
  hub = await createTestHub()
  relay = await startTestRelay(hub, { dkimKeys: keys, messageBytesMax: 200_000 })
  news = await signInFor(hub, { topic: 'news' })
  orders = await signInFor(hub, { topic: 'orders' })
})
afterAll(async () => {
  await relay[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
})
beforeEach(async () => {
  relay.nextHop.script = {}
  number += 1
  reader = email(`lezer${number}@voorbeeld.example`)
  await saveTestRelation(hub, `M-${number}`, [reader], { customerSince: '2024-01-01', language: 'fr' })
})

/** Sends these very bytes. */
async function sendRaw(raw: string | Buffer, auth = news, to = reader.value) {
  const transport = createTransport({ host: '127.0.0.1', port: relay.port, ignoreTLS: true, auth })
  await transport.sendMail({ envelope: { from: 'news@acme.example', to }, raw })
  return relay.nextHop.taken.at(-1)?.data ?? ''
}

const top = (more: readonly string[] = []) =>
  [
    'From: "Acme, \\"x\\" <a@other.example>" <news@acme.example>',
    'X-Odd-Folding:  two',
    '\tlines ',
    `To: <${'lezer@voorbeeld.example'}>`,
    'Subject: =?utf-8?q?caf=C3=A9?=',
    'Message-ID: <1@acme.example>',
    'Date: Mon, 02 Mar 2026 09:00:00 +0100',
    ...more,
  ].join('\r\n')
const simple = `${top()}\r\n\r\n..dots\r\n.one dot\r\nbody  \r\n`
const recordOf = async () => (await listRelayedMails(hub.db, [keyed(hub, reader).key]))[0]

describe('what the relay does not change', () => {
  it('leaves byte for byte, dots and odd folding too', async () => {
    const data = await sendRaw(`${top(['X-Verzet-Campaign: spring'])}\r\n\r\n..dots\r\n.one dot\r\nbody  \r\n`, orders)
    const rest = data.slice(data.indexOf('From: '))
    expect(rest).toBe(simple)
    expect(data.slice(0, data.indexOf('From: '))).toMatch(/^Received: [\s\S]*DKIM-Signature: [\s\S]*\r\n$/)
  })

  it('is an attachment beside the letter', async () => {
    const bytes = Buffer.from(Array.from({ length: 3_000 }, (_, index) => index % 251)).toString('base64')
    const attachment = bytes.replace(/.{76}/g, '$&\r\n')
    const body = [
      top(['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b']),
      '',
      '--b\r\nContent-Type: text/plain\r\n\r\nHello',
      `--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n${attachment}`,
      '--b--\r\n',
    ].join('\r\n')
    expect(await sendRaw(body)).toContain(attachment)
  })
})

describe('a mail without Date and Message-ID', () => {
  const bare = 'From: Acme <news@acme.example>\r\nSubject: x\r\n\r\nHallo\r\n'

  it('gets both, signed, and the same name when it is tried again (RFC 6409 §8)', async () => {
    const data = await sendRaw(bare)
    expect(data).toMatch(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000\r$/m)
    const name = /^Message-ID: (<[0-9a-f-]{36}@optout\.verzet\.example>)\r$/m.exec(data)?.[1]
    expect(name).toBeDefined()
    expect(await verifyWithMailauth(data, keys)).toEqual(['rsa pass', 'ed pass'])
    const changed = data.replace(/^Date: .../m, 'Date: Xxx')
    expect(await verifyWithMailauth(changed, keys)).toEqual(['rsa fail', 'ed fail'])
    expect(await sendRaw(bare)).toContain(name)
    expect(await sendRaw(bare.replace('Hallo', 'Dag'))).not.toContain(name)
  })

  it('gets them as service mail too', async () => {
    expect(await sendRaw(bare, orders)).toMatch(/^Date: [^\r]+\r\nMessage-ID: <[^\r]+>\r\n\r\nHallo/m)
  })
})

describe('signatures', () => {
  it('verify with RSA and Ed25519, and not once a List-Unsubscribe was changed', async () => {
    const data = await sendRaw(simple)
    expect(await verifyWithMailauth(data, keys)).toEqual(['rsa pass', 'ed pass'])
    const changed = data.replace(/(List-Unsubscribe: <https:\/\/)verzet/, '$1forged')
    expect(await verifyWithMailauth(changed, keys)).toEqual(['rsa fail', 'ed fail'])
  })

  it('are by the keys of the domain in From, and never by those of another brand', async () => {
    const data = await sendRaw(simple.replace('<news@acme.example>', '<news@globex.example>'))
    expect(data).not.toContain('DKIM-Signature')
    expect(await sendRaw(simple.replace('<news@acme.example>', '<news@mail.acme.example>'))).toContain('d=acme.example')
  })
})

describe('a body that cannot be changed', () => {
  const signed = [
    top(['MIME-Version: 1.0', 'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=s']),
    '',
    '--s\r\nContent-Type: text/plain\r\n\r\nHello',
    '--s\r\nContent-Type: application/pgp-signature\r\n\r\nxx',
    '--s--\r\n',
  ].join('\r\n')

  it('keeps its signature: the ways out stand in the header, and the record says so', async () => {
    const data = await sendRaw(signed)
    expect(data.endsWith(signed.slice(signed.indexOf('\r\n\r\n')))).toBe(true)
    expect(data).toMatch(/^List-Unsubscribe: /m)
    expect(await recordOf()).toMatchObject({ outcome: 'sent', headersOnly: true })
  })

  it('is refused when it is only broken, unless the sign-in lets it go', async () => {
    const broken = `${top(['MIME-Version: 1.0', 'Content-Type: text/html; charset=johab'])}\r\n\r\n<p>\xe9</p>\r\n`
    await expect(sendRaw(Buffer.from(broken, 'latin1'))).rejects.toMatchObject({
      response: '550 5.6.0 Advertising must carry a way out, and this body cannot (unknown_charset)',
    })
    const lenient = await signInFor(hub, { topic: 'news', headersOnly: true })
    expect(await sendRaw(Buffer.from(broken, 'latin1'), lenient)).toMatch(/^List-Unsubscribe: /m)
    expect(await recordOf()).toMatchObject({ headersOnly: true })
  })
})

describe('what the sender says', () => {
  it.each([
    ['two topics', ['X-Verzet-Topic: news', 'X-Verzet-Topic: offers'], 'repeated_control_field'],
    ['another topic than its sign-in', ['X-Verzet-Topic: offers'], 'other_topic'],
    ['another brand', ['X-Verzet-Brand: globex'], 'other_brand'],
    ['a policy nobody knows', ['X-Verzet-Policy: maybe'], 'unknown_policy'],
  ])('is refused with %s', async (_, fields, reason) => {
    await expect(sendRaw(`${top(fields)}\r\n\r\nx\r\n`)).rejects.toMatchObject({
      response: expect.stringContaining(`(${reason})`),
    })
  })

  it.each([
    ['no topic', [], 'no_topic'],
    ['a topic the brand has not', ['X-Verzet-Topic: nonsense'], 'unknown_topic'],
  ])('is refused with %s (rule 6)', async (_, fields, reason) => {
    const unbound = await signInFor(hub)
    await expect(sendRaw(`${top(fields)}\r\n\r\nx\r\n`, unbound)).rejects.toMatchObject({
      response: expect.stringContaining(`(${reason})`),
    })
  })

  it('puts the ways out into service mail where the sign-in wants them', async () => {
    const both = await signInFor(hub, { topic: 'orders', linksInService: true })
    expect(await sendRaw(simple, both)).toMatch(/^List-Unsubscribe: /m)
  })
})

describe('what is too large', () => {
  it('is refused by its announced size, and when it turns out', async () => {
    const large = `${simple}${`${'x'.repeat(998)}\r\n`.repeat(300)}`
    await using client = await openDialogue(relay.port)
    await client.say('EHLO x.example')
    await client.say(`AUTH PLAIN ${Buffer.from(`\0${news.user}\0${news.pass}`).toString('base64')}`)
    expect(await client.say('MAIL FROM:<news@acme.example> SIZE=300000')).toMatch(/^552 5\.3\.4 /)
    await client.say('MAIL FROM:<news@acme.example>')
    await client.say(`RCPT TO:<${reader.value}>`)
    await client.say('DATA')
    client.write(large)
    expect(await client.say('.')).toBe('552 5.3.4 This mail is too large')
    expect(await client.say('NOOP')).toMatch(/^250/)
  })
})

describe('international mail', () => {
  const to = 'лезер@voorbeeld.example'
  beforeAll(async () => {
    await saveTestRelation(hub, 'U-1', [email(to)], { customerSince: '2024-01-01' })
  })
  const hello = async () => {
    await using client = await openDialogue(relay.port)
    return await client.say('EHLO x.example')
  }

  it('passes with SMTPUTF8 where the next hop has it, and is offered only then (RFC 6531 §3.1)', async () => {
    expect(await hello()).toMatch(/SMTPUTF8/)
    await sendRaw(simple, news, to)
    const mail = relay.nextHop.taken.at(-1)
    expect(Buffer.from(mail?.to[0] ?? '', 'latin1').toString('utf8')).toBe(to)
    expect(relay.nextHop.commands.findLast((line) => line.startsWith('MAIL'))).toMatch(/ SMTPUTF8$/)
  })

  it('is refused with 5.6.7 where it has not, and never made to fit', async () => {
    await using plain = await startTestRelay(hub)
    await plain.nextHop.kill()
    plain.nextHop.script = { capabilities: ['PIPELINING'] }
    await plain.nextHop.revive()
    await using client = await openDialogue(plain.port)
    await client.say('EHLO x.example')
    await client.say(`AUTH PLAIN ${Buffer.from(`\0${news.user}\0${news.pass}`).toString('base64')}`)
    await client.say('MAIL FROM:<news@acme.example> SMTPUTF8')
    expect(await client.say(`RCPT TO:<${to}>`)).toMatch(/^250/)
    await client.say('DATA')
    expect(await client.say(`${simple}.`)).toMatch(/^553 5\.6\.7 /)
    expect(await client.say('EHLO x.example')).not.toMatch(/SMTPUTF8|8BITMIME/)
  })
})
