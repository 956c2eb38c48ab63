import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { beforeAll, describe, expect, it } from 'vitest'
import { greetSmarthost } from '../../../mail/greet-smarthost.ts'
import { readSmarthostUrl } from '../../../mail/smarthost.ts'
import { NextHopConnection, NextHopUnavailable } from './connection.ts'

/** On this machine, and not among the names that are spoken to in the open. */
const host = '127.0.0.2'
const user = 'relay@acme.example'
const mail = {
  from: 'news@acme.example',
  to: 'lezer@voorbeeld.example',
  message: Buffer.from('Subject: x\r\n\r\nHallo\r\n'),
  isEightBit: false,
  isSmtpUtf8: false,
}
let own: { key: string; cert: string }
let others: { key: string; cert: string }

beforeAll(() => {
  own = makeCertificate(host)
  others = makeCertificate('127.0.0.3')
})

function makeCertificate(address: string): { key: string; cert: string } {
  const directory = mkdtempSync(join(tmpdir(), 'verzet-tls-'))
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const about = ['-subj', '/CN=next-hop', '-addext', `subjectAltName=IP:${address}`]
  const files = ['-keyout', key, '-out', cert, '-days', '2']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...about], { stdio: 'ignore' })
  const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  rmSync(directory, { recursive: true })
  return pair
}

type Server = AsyncDisposable & { readonly port: number; readonly heard: string[] }

/** A mail server of somebody else's making, which wants a password and takes it over TLS alone. */
async function startServer(options: SMTPServerOptions = {}): Promise<Server> {
  const heard: string[] = []
  const server = new SMTPServer({
    ...own,
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth: ({ method, username, password }, session, done) => {
      heard.push(`${method}${session.secure ? ' over TLS' : ' in the open'}`)
      if (username === user && password === 'geheim') done(null, { user })
      else done(new Error('no'))
    },
    onData: (stream, _session, done) => {
      stream
        .on('data', () => {})
        .on('end', () => {
          heard.push('mail')
          done()
        })
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const address = server.server.address()
  return {
    heard,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}

async function sendOne(url: string, certificateAuthority?: string): Promise<string> {
  const address = { ...readSmarthostUrl(url), ...(certificateAuthority !== undefined && { certificateAuthority }) }
  const connection = await NextHopConnection.open(address, 'optout.example')
  const { kind } = await connection.deliver(mail)
  connection.quit()
  return kind
}

describe('the way to a next hop that wants a password', () => {
  const signedIn = (scheme: string, port: number, password = 'geheim') =>
    `${scheme}://${encodeURIComponent(user)}:${password}@${host}:${port}`

  it.each([['PLAIN'], ['LOGIN']])('is encrypted with STARTTLS before the %s is said', async (method) => {
    await using server = await startServer({ authMethods: [method] })
    expect(await sendOne(signedIn('smtp', server.port), own.cert)).toBe('accepted')
    expect(server.heard).toEqual([`${method} over TLS`, 'mail'])
  })

  it('is encrypted from the first byte with smtps', async () => {
    await using server = await startServer({ secure: true })
    expect(await sendOne(signedIn('smtps', server.port), own.cert)).toBe('accepted')
    expect(server.heard).toEqual(['PLAIN over TLS', 'mail'])
  })

  it('is not taken where STARTTLS is left out, whoever left it out', async () => {
    await using server = await startServer({ hideSTARTTLS: true, allowInsecureAuth: true })
    await expect(sendOne(signedIn('smtp', server.port), own.cert)).rejects.toThrow('it offers no STARTTLS')
    expect(server.heard).toEqual([])
  })

  it('is not taken to a server that nobody vouches for, or that is another one', async () => {
    await using server = await startServer()
    await expect(sendOne(signedIn('smtp', server.port))).rejects.toThrow(NextHopUnavailable)
    await expect(sendOne(signedIn('smtp', server.port), others.cert)).rejects.toThrow(NextHopUnavailable)
    await using stranger = await startServer(others)
    await expect(sendOne(signedIn('smtp', stranger.port), others.cert)).rejects.toThrow('ERR_TLS_CERT_ALTNAME_INVALID')
    expect([...server.heard, ...stranger.heard]).toEqual([])
  })

  it('says what it is when the password is wrong', async () => {
    await using server = await startServer()
    await expect(sendOne(signedIn('smtp', server.port, 'wrong'), own.cert)).rejects.toThrow('it answered 535 to AUTH')
  })
})

it('is looked at beforehand with the same trust and the same port', async () => {
  await using server = await startServer({ secure: true })
  const url = `smtps://${host}:${server.port}`
  expect(await greetSmarthost(url, 'optout.example', own.cert)).toEqual({ kind: 'ok', offersTls: true })
  expect(await greetSmarthost(url, 'optout.example')).toMatchObject({ kind: 'failed' })
})
