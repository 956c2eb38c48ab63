import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConnectionLost, MailboxRefused } from './imap-failures.ts'
import type { ImapMailbox } from './imap-url.ts'
import { openMailbox } from './mailbox-connection.ts'

const directory = mkdtempSync(join(tmpdir(), 'verzet-imap-token-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

type Refusing = AsyncDisposable & { readonly port: number; readonly said: string[] }

/** A server that lets nobody in and remembers what it was told. */
async function startRefusing(capabilities: string): Promise<Refusing> {
  const said: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.write(`* OK [CAPABILITY IMAP4rev1 ${capabilities}] ready\r\n`)
    socket.setEncoding('latin1').on('data', (text: string) => {
      for (const line of text.split('\r\n').filter((part) => part !== '')) {
        said.push(line)
        const [tag = '*', word = ''] = line.split(' ')
        if (/^(?:AUTHENTICATE|LOGIN)$/i.test(word)) {
          socket.write(`${tag} NO [AUTHENTICATIONFAILED] no entry for optout@example.com\r\n`)
        } else {
          socket.write(`${tag} OK done\r\n`)
        }
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    said,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function open(port: number, encryption: ImapMailbox['encryption'], path: string): Promise<unknown> {
  return openMailbox({
    mailbox: { host: '127.0.0.1', port, encryption, user: 'optout@example.com', folder: 'INBOX' },
    credential: { kind: 'token_file', path },
    afterHeard: { kind: 'keep' },
  }).catch((error: unknown) => error)
}

describe('signing in', () => {
  it('gives the token that its file holds now', async () => {
    await using server = await startRefusing('SASL-IR AUTH=XOAUTH2')
    const path = join(directory, 'token')
    for (const token of ['first-token', 'second-token']) {
      writeFileSync(path, `${token}\n`)
      const error = await open(server.port, 'none', path)
      expect(error).toBeInstanceOf(MailboxRefused)
      expect(error).toMatchObject({ isSignIn: true, code: 'AUTHENTICATIONFAILED' })
    }
    const given = server.said
      .flatMap((line) => line.split(' '))
      .map((word) => Buffer.from(word, 'base64').toString('latin1'))
      .filter((text) => text.includes('auth=Bearer'))
    expect(given).toHaveLength(2)
    expect(given[0]).toContain('user=optout@example.com')
    expect(given[0]).toContain('Bearer first-token')
    expect(given[1]).toContain('Bearer second-token')
  })

  it('gives nothing to a server elsewhere that offers no encryption', async () => {
    await using server = await startRefusing('SASL-IR AUTH=XOAUTH2 AUTH=PLAIN')
    const path = join(directory, 'secret')
    writeFileSync(path, 'never-said')
    expect(await open(server.port, 'starttls', path)).toBeInstanceOf(Error)
    expect(server.said.join('\n')).not.toMatch(/AUTHENTICATE|LOGIN/i)
  })

  it('tells a server that is not there, or speaks no TLS, from one that refuses', async () => {
    const path = join(directory, 'token')
    writeFileSync(path, 'token')
    await using server = await startRefusing('AUTH=PLAIN')
    expect(await open(server.port, 'tls', path)).toBeInstanceOf(ConnectionLost)
    expect(await open(1, 'none', path)).toMatchObject({ name: 'ConnectionLost', code: 'ECONNREFUSED' })
  })
})
