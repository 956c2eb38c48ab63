import { readFile } from 'node:fs/promises'
import { type ConnectionOptions, connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node'

export type NatsPlace = {
  /** `nats://user:password@host:4222`, or `tls://`; several servers of one cluster separated by commas. */
  readonly url: string
  /** A file with a user's JWT and seed, as `nsc` writes it, in place of a user in the URL. */
  readonly credentialsFile?: string
  /** A file in PEM: who signed the servers' certificates, in place of the public authorities. */
  readonly caFile?: string
}

const connectMsMax = 3_000
const reconnectWaitMs = 500
/** A server that answers neither of two pings is gone: noticed within ten seconds. */
const pingEveryMs = 5_000
const pingsOutMax = 2

/** A connection that is made when it is first asked for, and then keeps itself alive. */
export class NatsLink implements AsyncDisposable {
  readonly #place: NatsPlace
  readonly #name: string
  #connection: Promise<NatsConnection> | undefined
  #isClosed = false

  constructor(place: NatsPlace, name: string) {
    this.#place = place
    this.#name = name
  }

  /** Throws when no server answers; asked again it tries again. */
  async connection(): Promise<NatsConnection> {
    if (this.#isClosed) throw new Error('the connection to NATS was closed')
    this.#connection ??= this.#connect().catch((error: unknown) => {
      this.#connection = undefined
      throw error
    })
    const connection = await this.#connection
    if (!connection.isClosed()) return connection
    this.#connection = undefined
    return this.connection()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    const connection = await this.#connection?.catch(() => undefined)
    await connection?.close()
  }

  async #connect(): Promise<NatsConnection> {
    const { credentialsFile, caFile } = this.#place
    const credentials = credentialsFile === undefined ? undefined : await readFile(credentialsFile)
    return connect({
      ...serversOf(this.#place.url),
      name: this.#name,
      timeout: connectMsMax,
      maxReconnectAttempts: -1,
      reconnectTimeWait: reconnectWaitMs,
      pingInterval: pingEveryMs,
      maxPingOut: pingsOutMax,
      ...(credentials && { authenticator: credsAuthenticator(credentials) }),
      ...(caFile !== undefined && { tls: { caFile } }),
    })
  }
}

/** The client takes servers without their users: the first user that is named speaks to all of them. */
export function serversOf(url: string): Pick<ConnectionOptions, 'servers' | 'user' | 'pass' | 'token' | 'tls'> {
  const urls = url.split(',').map((entry) => new URL(entry.trim()))
  const named = urls.find(({ username }) => username !== '')
  const user = decodeURIComponent(named?.username ?? '')
  const pass = decodeURIComponent(named?.password ?? '')
  return {
    servers: urls.map(({ host }) => host),
    ...(user !== '' && pass !== '' && { user, pass }),
    // A name without a password is a token.
    ...(user !== '' && pass === '' && { token: user }),
    ...(urls.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
  }
}

export function isNatsUrl(text: string): boolean {
  return text.split(',').every((entry) => {
    const trimmed = entry.trim()
    if (!URL.canParse(trimmed)) return false
    const { protocol, hostname, pathname } = new URL(trimmed)
    return (protocol === 'nats:' || protocol === 'tls:') && hostname !== '' && (pathname === '' || pathname === '/')
  })
}
