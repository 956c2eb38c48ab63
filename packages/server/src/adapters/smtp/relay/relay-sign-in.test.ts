import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../../test/hub.ts'
import { email, saveTestRelation } from '../../../../test/people.ts'
import { openDialogue } from '../../../../test/smtp-dialogue.ts'
import { removeRelayCredential } from '../../../services/relay-credentials.ts'
import { authFailuresMax } from './relay-limits.ts'
import { type SignIn, sendThrough, signInFor, startTestRelay } from './testing/relay.ts'

let hub: TestHub
let signIn: SignIn
let tls: { key: string; cert: string }
const letter = { from: 'a@acme.example', to: 'lezer@voorbeeld.example', subject: 'x', text: 'y' }
const plain = ({ user, pass }: SignIn) => Buffer.from(`\0${user}\0${pass}`).toString('base64')

beforeAll(async () => {
  hub = await createTestHub()
  signIn = await signInFor(hub, { topic: 'news' })
  await saveTestRelation(hub, 'S-1', [email(letter.to)], { customerSince: '2024-01-01' })
  tls = makeCertificate()
})
afterAll(() => hub[Symbol.asyncDispose]())

function makeCertificate(): { key: string; cert: string } {
  const directory = mkdtempSync(join(tmpdir(), 'verzet-tls-'))
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
    ],
    { stdio: 'ignore' },
  )
  const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  rmSync(directory, { recursive: true })
  return pair
}

/** An address of this machine that is not loopback; none in a closed sandbox. */
const outside = Object.values(networkInterfaces())
  .flat()
  .find((one) => one !== undefined && one.family === 'IPv4' && !one.internal)?.address

describe('signing in', () => {
  it('is needed before anything is sent', async () => {
    await using relay = await startTestRelay(hub)
    await using client = await openDialogue(relay.port)
    expect(await client.say('EHLO x.example')).toMatch(/AUTH PLAIN LOGIN/)
    expect(await client.say('MAIL FROM:<a@acme.example>')).toMatch(/^530 5\.7\.0 /)
    expect(await client.say(`AUTH PLAIN ${plain(signIn)}`)).toMatch(/^235/)
    expect(await client.say('MAIL FROM:<a@acme.example>')).toMatch(/^250/)
  })

  it.each(['PLAIN', 'LOGIN'])('works with %s', async (method) => {
    await using relay = await startTestRelay(hub)
    const sent = await sendThrough(relay.port, signIn, letter, { authMethod: method })
    expect(sent.response).toMatch(/^250/)
  })

  it.each([
    ['a wrong password', () => ({ ...signIn, pass: 'wrong' })],
    ['an unknown name', () => ({ user: 'nobody', pass: signIn.pass })],
    ['an empty password', () => ({ ...signIn, pass: '' })],
  ])('fails with %s, in the same words', async (_, auth) => {
    await using relay = await startTestRelay(hub)
    await using client = await openDialogue(relay.port)
    await client.say('EHLO x.example')
    expect(await client.say(`AUTH PLAIN ${plain(auth())}`)).toBe('535 5.7.8 Wrong name or password')
    expect(await client.say('MAIL FROM:<a@acme.example>')).toMatch(/^530/)
  })

  it('is stopped after too many wrong passwords, a right one too', async () => {
    await using relay = await startTestRelay(hub)
    for (let count = 0; count < authFailuresMax; count++) {
      await using client = await openDialogue(relay.port)
      await client.say('EHLO x.example')
      await client.say(`AUTH PLAIN ${plain({ ...signIn, pass: `guess ${count}` })}`)
    }
    await using client = await openDialogue(relay.port)
    await client.say('EHLO x.example')
    expect(await client.say(`AUTH PLAIN ${plain(signIn)}`)).toMatch(/^421 4\.4\.2 Too many wrong passwords/)
    expect(await client.reply()).toBe('')
  })

  it('ends for a credential that was removed, on a connection that is open', async () => {
    const removed = await signInFor(hub, { topic: 'news' })
    await using relay = await startTestRelay(hub)
    await using client = await openDialogue(relay.port)
    await client.say('EHLO x.example')
    await client.say(`AUTH PLAIN ${plain(removed)}`)
    await removeRelayCredential(hub.db, removed.user, hub.clock())
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    expect(await client.say('MAIL FROM:<a@acme.example>')).toMatch(/^535/)
  })
})

describe('TLS', () => {
  it('is offered by STARTTLS with a certificate, and not with the one every copy of the library has', async () => {
    await using without = await startTestRelay(hub)
    await using bare = await openDialogue(without.port)
    expect(await bare.say('EHLO x.example')).not.toMatch(/STARTTLS/)
    expect(await bare.say('STARTTLS')).toMatch(/^500/)
    await using relay = await startTestRelay(hub, { tls })
    const options = { host: '127.0.0.1', port: relay.port, requireTLS: true, auth: signIn, tls: { ca: tls.cert } }
    const transport = createTransport({ ...options, tls: { ca: tls.cert, servername: 'localhost' } })
    expect((await transport.sendMail(letter)).response).toMatch(/^250/)
    expect(relay.nextHop.taken[0]?.data.replace(/\r\n /g, ' ')).toMatch(/with ESMTPSA id/)
  })

  it('may be there from the first byte', async () => {
    const listen = [{ host: '127.0.0.1', port: 0, implicitTls: true }]
    await using relay = await startTestRelay(hub, { tls, listen })
    const transport = createTransport({
      host: '127.0.0.1',
      port: relay.port,
      secure: true,
      auth: signIn,
      tls: { ca: tls.cert, servername: 'localhost' },
    })
    expect((await transport.sendMail(letter)).response).toMatch(/^250/)
  })

  it.skipIf(outside === undefined)('is needed for a password from anywhere but this machine', async () => {
    const listen = [{ host: '0.0.0.0', port: 0, implicitTls: false }]
    for (const withTls of [{}, { tls }]) {
      await using relay = await startTestRelay(hub, { listen, ...withTls })
      const open = { host: outside ?? '', port: relay.port, auth: signIn }
      await expect(createTransport({ ...open, ignoreTLS: true }).sendMail(letter)).rejects.toMatchObject({
        responseCode: expect.any(Number),
      })
      expect(relay.nextHop.taken).toEqual([])
    }
    await using relay = await startTestRelay(hub, { listen, tls })
    const trusted = { ca: tls.cert, servername: 'localhost' }
    const transport = createTransport({ host: outside ?? '', port: relay.port, auth: signIn, tls: trusted })
    expect((await transport.sendMail(letter)).response).toMatch(/^250/)
  })

  it('forgets a sign-in that was made before it (RFC 3207 §4.2)', async () => {
    await using relay = await startTestRelay(hub, { tls })
    await using client = await openDialogue(relay.port)
    await client.say('EHLO x.example')
    await client.say(`AUTH PLAIN ${plain(signIn)}`)
    expect(await client.say('STARTTLS')).toMatch(/^220/)
  })
})
