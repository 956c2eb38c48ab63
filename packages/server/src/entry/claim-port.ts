import { createServer, type Server } from 'node:net'
import { CommandFailed, exitCodes } from './exit-codes.ts'

export type ClaimedPort = AsyncDisposable & {
  readonly port: number
  /** Lets go, so that the hub can listen there in the next moment. */
  release(): Promise<void>
}

/** How whoever starts the hub chooses a port and an address. */
export type PortSettings = { readonly port: string; readonly host: string }

const httpPort: PortSettings = { port: '--port', host: '--host' }
export const mailPort: PortSettings = { port: 'VERZET_MAIL_LISTEN', host: 'VERZET_MAIL_LISTEN' }

/**
 * Takes a port before anything else is started: one in use is told at once, and of two hubs that start with any free
 * port (0) each keeps its own, which its links must know before it listens. Who calls meanwhile is turned away.
 */
export async function claimPort(host: string, port: number, settings: PortSettings = httpPort): Promise<ClaimedPort> {
  const holder = createServer((socket) => socket.destroy())
  try {
    await new Promise<void>((resolve, reject) => holder.once('error', reject).listen(port, host, resolve))
  } catch (error) {
    throw explainListenError(error, host, port, settings)
  }
  const address = holder.address()
  const release = () => close(holder)
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    release,
    [Symbol.asyncDispose]: release,
  }
}

/** In words for whoever starts the hub; any other error is returned as it is. */
export function explainListenError(
  error: unknown,
  host: string,
  port: number,
  settings: PortSettings = httpPort,
): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const say = (sentence: string) => new CommandFailed(exitCodes.unavailable, sentence, { cause: error })
  switch (code) {
    case 'EADDRINUSE':
      return say(
        `Port ${port} on ${host} is in use by another program. Stop that one, or choose another port with ${settings.port} (0 picks a free one).`,
      )
    case 'EACCES':
      return say(`This user may not listen on port ${port}. Choose one above 1023 with ${settings.port}.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return say(
        `This machine has no address ${host}. Choose one of its own with ${settings.host} (0.0.0.0 means all).`,
      )
    default:
      return error
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => (server.listening ? server.close(() => resolve()) : resolve()))
}
