import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Stands between a client and a server and sees what is said. */
export type TamperingProxy = AsyncDisposable & {
  readonly port: number
  /** Ends every connection, as a network does. */
  cut(): void
}

/** `onSaid` is given what a client says before it is passed on; where it answers `drop`, the server never hears it. */
export async function startProxy(to: number, onSaid: (text: string) => 'pass' | 'drop'): Promise<TamperingProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (bytes: Buffer) => {
      if (onSaid(bytes.toString('latin1')) === 'pass') upstream.write(bytes)
      else client.destroy()
    })
    upstream.pipe(client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut,
    async [Symbol.asyncDispose]() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
