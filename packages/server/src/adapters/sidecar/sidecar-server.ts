import { chmod, lstat, rm } from 'node:fs/promises'
import { connect, type Server, type Socket } from 'node:net'
import { createSidecarHttp, type HttpParts } from './serve-http.ts'
import { type LineSession, serveLines } from './serve-lines.ts'

/** Each open connection costs some kilobytes; a host has fewer workers than this. */
const connectionsMax = 4_096
/** Requests under way take microseconds, or a claim at the hub. */
const drainMsMax = 3_000
/** Its group may ask too: the directory and the group say who that is. */
const socketMode = 0o660
const openBrace = '{'.charCodeAt(0)

export type SidecarPlace = { readonly path: string } | { readonly host: string; readonly port: number }

/** The path is held by a program that answers there. */
export class SocketInUse extends Error {
  override readonly name = 'SocketInUse'
  readonly code = 'EADDRINUSE'
}

/**
 * Answers HTTP and the line protocol in one place; the first byte of a connection tells which it speaks, since a line
 * begins with a brace and no HTTP method does. Disposing it takes no more connections, finishes what was asked, and ends.
 * @throws {SocketInUse} and the errors of `listen`.
 */
export async function startSidecarServer(
  parts: HttpParts,
  place: SidecarPlace,
): Promise<AsyncDisposable & { readonly port: number | undefined }> {
  const server = createSidecarHttp(parts)
  const serveHttp = server.listeners('connection')
  server.removeAllListeners('connection')
  const open = new Set<Socket>()
  const lines = new Set<LineSession>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy())
    // The server leaves its side open when the other one is done, which is for HTTP alone.
    const leave = () => socket.end()
    socket.once('end', leave).once('data', (first: Buffer) => {
      socket.off('end', leave)
      if (first[0] === openBrace) {
        const session = serveLines(socket, first, parts.gate, () => parts.metrics.count('line'))
        lines.add(session)
        socket.on('end', () => void session.leave()).on('close', () => lines.delete(session))
        return
      }
      // Put back, it is read again as if nobody had looked.
      socket.pause()
      socket.unshift(first)
      for (const serve of serveHttp) Reflect.apply(serve, server, [socket])
      process.nextTick(() => socket.resume())
    })
  })
  server.maxConnections = connectionsMax
  await listen(server, place)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : undefined,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const session of lines) void session.leave()
      const timer = setTimeout(() => {
        for (const socket of open) socket.destroy()
      }, drainMsMax)
      await closed
      clearTimeout(timer)
    },
  }
}

async function listen(server: Server, place: SidecarPlace): Promise<void> {
  if ('path' in place) await removeLeftBehind(place.path)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(place, resolve))
  if ('path' in place) await chmod(place.path, socketMode)
}

/** A sidecar that was killed leaves its socket; one that still answers, and what is no socket, is not pushed aside. */
async function removeLeftBehind(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return
  const isLeftBehind = found.isSocket() && !(await isAnswered(path))
  if (!isLeftBehind) throw new SocketInUse(`${path} is in use by another program, or is no socket`)
  await rm(path)
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path)
  const answers = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  })
  socket.destroy()
  return answers
}
