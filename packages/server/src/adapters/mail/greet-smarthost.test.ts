import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { greetSmarthost } from './greet-smarthost.ts'

async function withServer<T>(greet: (socket: Socket) => void, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(greet)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The address of a server that listens on TCP is never a string.
  const { port } = server.address() as AddressInfo
  try {
    return await work(`smtp://127.0.0.1:${port}`)
  } finally {
    server.close()
  }
}

it('says hello and goodbye, and notices STARTTLS', async () => {
  const heard: string[] = []
  const greeting = await withServer(
    (socket) => {
      socket.write('220-mail.example\r\n220 ready\r\n')
      socket.on('data', (bytes) => {
        heard.push(bytes.toString().trim())
        if (heard.length === 1) socket.write('250-mail.example\r\n250-STARTTLS\r\n250 SIZE 1000\r\n')
        else socket.end('221 bye\r\n')
      })
    },
    async (url) => {
      const answer = await greetSmarthost(url, 'optout.example')
      await expect.poll(() => heard).toEqual(['EHLO optout.example', 'QUIT'])
      return answer
    },
  )
  expect(greeting).toEqual({ kind: 'ok', offersTls: true })
})

it('passes on why a server refuses', async () => {
  const greeting = await withServer(
    (socket) => socket.end('554 no service for you\r\n'),
    (url) => greetSmarthost(url, 'x'),
  )
  expect(greeting).toEqual({ kind: 'failed', reason: 'it answered 554 no service for you' })
})

it('notices a server that closes without a word', async () => {
  const greeting = await withServer(
    (socket) => socket.end(),
    (url) => greetSmarthost(url, 'x'),
  )
  expect(greeting).toEqual({ kind: 'failed', reason: 'it closed the connection' })
})
