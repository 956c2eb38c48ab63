import type { Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { Hub } from '../../../services/hub.ts'
import { RelayCredentialVerifier } from '../../../services/relay-credentials.ts'
import type { WayOutLabels } from '../../mail/way-out-labels.ts'
import { AuthThrottle } from './auth-throttle.ts'
import { ByteBudget } from './byte-budget.ts'
import type { OwnedDkimKey } from './choose-dkim-keys.ts'
import type { NextHopAddress } from './next-hop/address.ts'
import { NextHopPool } from './next-hop/pool.ts'
import {
  commandCharactersMax,
  connectionsMax,
  drainMsMax,
  heldBytesMax,
  lmtpRecipientsMax,
  messageBytesDefault,
  silenceMsMax,
  smtpRecipientsMax,
} from './relay-limits.ts'
import { batchedGate } from './relay-parts.ts'
import { RelaySessions } from './relay-sessions.ts'

export type RelayListen = {
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  /** TLS from the first byte (RFC 8314 §3.3); else STARTTLS where there is a certificate. */
  readonly implicitTls: boolean
}

export type RelayOptions = {
  readonly listen: readonly RelayListen[]
  readonly protocol: 'smtp' | 'lmtp'
  /** Without it passwords are taken from this machine alone. */
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly nextHop: NextHopAddress
  readonly nextHopConnectionsMax?: number
  readonly dkimKeys: readonly OwnedDkimKey[]
  readonly labels: Readonly<Record<'nl' | 'fr' | 'de' | 'en', WayOutLabels>>
  readonly messageBytesMax?: number
  readonly log: (line: string) => void
}

export type RunningRelay = AsyncDisposable & {
  /** In the order they were asked for. */
  readonly ports: readonly number[]
  /** False while the next hop has never been reached. */
  readonly hasReachedNextHop: () => boolean
}

/**
 * The relay: takes mail by submission (RFC 6409) from those who sign in, and passes it on to the next hop with the ways
 * out. It holds no queue: a mail is answered 250 only after the next hop did. Disposing it takes no new mail and
 * finishes those under way.
 * @throws the error of `listen` where a port or an address cannot be taken.
 */
export async function startRelay(hub: Hub, options: RelayOptions): Promise<RunningRelay> {
  const { dkimKeys, labels, log } = options
  const servers: SMTPServer[] = []
  let hasReached = false
  const nextHop = new NextHopPool(options.nextHop, {
    ownName: hub.place.mailDomain,
    ...(options.nextHopConnectionsMax !== undefined && { connectionsMax: options.nextHopConnectionsMax }),
    onCapabilities({ smtpUtf8, eightBit }) {
      hasReached = true
      // What the next hop cannot carry is not offered to clients (RFC 6531 §3.1): they then send it another way.
      for (const server of servers) Object.assign(server.options, { hideSMTPUTF8: !smtpUtf8, hide8BITMIME: !eightBit })
    },
  })
  const sessions = new RelaySessions({
    parts: { hub, nextHop, dkimKeys, labels, log, ...batchedGate(hub) },
    disabledCommands: disabledCommands(options),
    protocol: options.protocol,
    verifier: new RelayCredentialVerifier(hub.db, hub.clock),
    throttle: new AuthThrottle(hub.clock),
    budget: new ByteBudget(heldBytesMax),
    onIdle() {
      if (sessions.isDraining) endIdle(servers, sessions)
    },
  })
  const sockets = new Set<Socket>()
  const ports: number[] = []
  try {
    for (const listen of options.listen) {
      const server = new SMTPServer({ ...serverOptions(hub, options, listen), ...sessions.handlers() })
      servers.push(server)
      watchSockets(server, sockets)
      ports.push(await listenOn(server, listen))
    }
  } catch (error) {
    await stop(servers, sockets, sessions)
    await nextHop[Symbol.asyncDispose]()
    throw error
  }
  if (!(await nextHop.probe())) log('the next hop cannot be reached yet; mails are asked to come again')
  return {
    ports,
    hasReachedNextHop: () => hasReached,
    async [Symbol.asyncDispose]() {
      await stop(servers, sockets, sessions)
      await nextHop[Symbol.asyncDispose]()
    },
  }
}

/** The last three are relics the library plays along with. */
function disabledCommands({ tls }: RelayOptions): string[] {
  return [...(tls ? [] : ['STARTTLS']), 'WIZ', 'SHELL', 'KILL']
}

function serverOptions(hub: Hub, options: RelayOptions, { implicitTls }: RelayListen) {
  const { protocol, tls, messageBytesMax } = options
  return {
    lmtp: protocol === 'lmtp',
    name: hub.place.mailDomain,
    // The greeting of the library repeats the client's address.
    heloResponse: '%s',
    secure: implicitTls,
    ...tls,
    disabledCommands: disabledCommands(options),
    authMethods: ['PLAIN', 'LOGIN'],
    // Who may sign in where, and that nobody sends without, is decided in relay-sessions.ts.
    allowInsecureAuth: true,
    authOptional: true,
    hideENHANCEDSTATUSCODES: false,
    // Until the next hop has said what it can.
    hideSMTPUTF8: true,
    size: messageBytesMax ?? messageBytesDefault,
    maxClients: connectionsMax,
    maxRecipients: protocol === 'lmtp' ? lmtpRecipientsMax : smtpRecipientsMax,
    maxCommandLength: commandCharactersMax,
    socketTimeout: silenceMsMax,
    closeTimeout: drainMsMax,
    disableReverseLookup: true,
    // Some providers give out addresses that RFC 5321 does not know, like `a..b@`; their readers are customers as well.
    lenientAddressParsing: true,
    logger: false,
  }
}

async function stop(
  servers: readonly SMTPServer[],
  sockets: ReadonlySet<Socket>,
  sessions: RelaySessions,
): Promise<void> {
  sessions.isDraining = true
  const overdue = setTimeout(() => {
    for (const socket of sockets) socket.destroy()
  }, drainMsMax)
  const listening = servers.filter((server) => server.server.listening)
  const closed = listening.map((server) => new Promise<void>((resolve) => server.close(resolve)))
  endIdle(listening, sessions)
  await Promise.all(closed)
  clearTimeout(overdue)
}

/** Those with a mail under way are ended when it is answered. */
function endIdle(servers: readonly SMTPServer[], sessions: RelaySessions): void {
  for (const server of servers) {
    for (const connection of server.connections) {
      if (!sessions.isBusy(connection.session.id)) connection.send(421, 'Shutting down, please try again')
    }
  }
}

function watchSockets(server: SMTPServer, sockets: Set<Socket>): void {
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    // Replies are short, and a client waits for each.
    socket.setNoDelay(true)
    socket.once('close', () => sockets.delete(socket))
  })
}

async function listenOn(server: SMTPServer, { host, port }: RelayListen): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // A connection that broke: what was not answered is sent again by whoever sent it.
  server.on('error', () => {})
  const address = server.server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}
