import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { isNatsUrl, NatsLink, serversOf } from './nats-link.ts'
import { isNatsName, natsNames } from './nats-names.ts'

describe('the address of a broker', () => {
  it('names servers, and one user for all of them', () => {
    expect(serversOf('nats://jan:ge%3Aheim@a.example:4222, nats://b.example:4223')).toEqual({
      servers: ['a.example:4222', 'b.example:4223'],
      user: 'jan',
      pass: 'ge:heim',
    })
  })

  it('takes a name alone for a token, and asks for TLS', () => {
    expect(serversOf('tls://s3cret@a.example')).toEqual({ servers: ['a.example'], token: 's3cret', tls: {} })
  })

  it.each(['http://a.example', 'a.example:4222', 'nats://', 'nats://a.example/path', 'nats://a.example,', ''])(
    'is not: %s',
    (text) => {
      expect(isNatsUrl(text)).toBe(false)
    },
  )

  it.each(['nats://a.example', 'tls://u:p@10.0.0.1:4222', 'nats://a:1,nats://b:2'])('is: %s', (text) => {
    expect(isNatsUrl(text)).toBe(true)
  })
})

describe('the name of a deployment', () => {
  it('is one token of a subject', () => {
    expect(natsNames('proef').changesOf(17)).toBe('proef.changes.17')
    expect(['verzet', 'acme-2', 'a_b'].every(isNatsName)).toBe(true)
    expect(['', 'a.b', 'a b', '*', '>', 'x'.repeat(65)].some(isNatsName)).toBe(false)
  })
})

describe('a connection', () => {
  it('fails while no server answers, and is tried again when it is asked for again', async () => {
    let asked = 0
    const server = createServer((socket) => {
      asked += 1
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const link = new NatsLink({ url: `nats://127.0.0.1:${port}` }, 'test')
    await expect(link.connection()).rejects.toThrow()
    const before = asked
    await expect(link.connection()).rejects.toThrow()
    expect(asked).toBeGreaterThan(before)
    await link[Symbol.asyncDispose]()
    await expect(link.connection()).rejects.toThrow('closed')
    await new Promise((resolve) => server.close(resolve))
  })
})
