import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Requests under way get this long after SIGTERM; an opt-out takes milliseconds. */
const drainMsMax = 10_000
const lookEveryMs = 50

/**
 * Closes a server without waiting for its keep-alive connections. Node closes those that are idle, but looks only once
 * and overlooks those that have never asked anything; a browser keeps such a one open in reserve.
 */
export function drainable(app: { readonly server: Server; close(): PromiseLike<unknown> }): AsyncDisposable {
  const sockets = watchSockets(app.server)
  return {
    async [Symbol.asyncDispose]() {
      const closeIdle = () => {
        app.server.closeIdleConnections()
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
      }
      const looking = setInterval(closeIdle, lookEveryMs)
      const overdue = setTimeout(() => app.server.closeAllConnections(), drainMsMax)
      await app.close()
      clearInterval(looking)
      clearTimeout(overdue)
    },
  }
}

function watchSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}
