import { createGate } from '@verzet/gate'
import { type NatsFeedOptions, natsFeed } from '@verzet/gate-nats'
import { pino } from 'pino'
import { type MailTopic, startPolicyServer } from '../adapters/sidecar/policy-server.ts'
import { createSidecarMetrics } from '../adapters/sidecar/sidecar-metrics.ts'
import { type SidecarPlace, SocketInUse, startSidecarServer } from '../adapters/sidecar/sidecar-server.ts'
import { explainListenError } from './claim-port.ts'
import type { ListenAddress } from './config.ts'
import { CommandFailed, exitCodes } from './exit-codes.ts'
import { packageVersion } from './package-version.ts'
import { listenForStop } from './stop-signal.ts'

export type SidecarSettings = {
  readonly hub: string
  readonly key: string
  readonly socket?: string
  readonly listen?: ListenAddress
  readonly policy?: { readonly listen: ListenAddress; readonly topic: MailTopic }
  readonly cacheFile?: string
  readonly staleAfterMs?: number
  /** Where changes are heard from, beside the hub's own feed. */
  readonly nats?: NatsFeedOptions
  readonly json: boolean
}

/**
 * Runs a replica of the gate for the programs of this host until SIGTERM, SIGINT or SIGHUP. It answers from the first
 * moment: with `deny: stale` until everything the hub knows is here, and whenever the hub was silent for too long.
 */
export async function runSidecar(settings: SidecarSettings): Promise<void> {
  using stop = listenForStop()
  const logger = pino({ level: 'info' }, pino.destination({ dest: 2, sync: false }))
  await using feed = settings.nats && natsFeed(settings.nats)
  await using gate = createGate({
    url: settings.hub,
    key: settings.key,
    onError: (error) => logger.warn({ code: codeOf(error) }, error.message),
    ...(settings.cacheFile !== undefined && { cacheFile: settings.cacheFile }),
    ...(feed && { feed }),
    ...(settings.staleAfterMs !== undefined && { staleAfterMs: settings.staleAfterMs }),
  })
  const metrics = createSidecarMetrics(gate)
  const parts = { gate, metrics, version: packageVersion() }
  const places: string[] = []
  const open = async (place: SidecarPlace) => {
    const server = await startSidecarServer(parts, place).catch((error: unknown) => {
      throw explained(error, place)
    })
    places.push('path' in place ? `unix:${place.path}` : `http://${hostPart(place.host)}:${server.port}`)
    return server
  }
  await using _socket = settings.socket === undefined ? undefined : await open({ path: settings.socket })
  await using _loopback = settings.listen && (await open(settings.listen))
  await using policy = settings.policy && (await openPolicy(settings.policy))
  gate.ready.then(
    () => logger.info('the copy of the gate is up to date'),
    () => {},
  )
  announce(settings.json, places, policy?.place)
  await stop.heard

  async function openPolicy({ listen, topic }: NonNullable<SidecarSettings['policy']>) {
    const count = () => metrics.count('policy')
    const log = (line: string) => logger.warn(line)
    try {
      const server = await startPolicyServer({ ...listen, gate, topic, count, log })
      return Object.assign(server, { place: `${hostPart(listen.host)}:${server.port}` })
    } catch (error) {
      throw explained(error, listen)
    }
  }
}

function explained(error: unknown, place: SidecarPlace): unknown {
  if (error instanceof SocketInUse) return new CommandFailed(exitCodes.unavailable, `${error.message}.`)
  if (!('path' in place)) return explainListenError(error, place.host, place.port, listenOptions)
  return new CommandFailed(exitCodes.unavailable, `The socket ${place.path} cannot be made (${codeOf(error)}).`)
}

const listenOptions = { port: '--listen or --policy-listen', host: '--listen or --policy-listen' }

function announce(json: boolean, places: readonly string[], policy: string | undefined): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ places, ...(policy !== undefined && { policy }) })}\n`)
    return
  }
  const lines = [
    ...(places.length === 0 ? [] : [`Verzet answers at ${places.join(' and ')}`]),
    ...(policy === undefined ? [] : [`Verzet answers Postfix at inet:${policy}`]),
    'Stop with Ctrl-C.',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

function hostPart(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
