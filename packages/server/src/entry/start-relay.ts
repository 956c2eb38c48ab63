import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSmarthostUrl } from '../adapters/mail/smarthost.ts'
import { loadWayOutLabels } from '../adapters/mail/way-out-labels.ts'
import { type RelayListen, startRelay } from '../adapters/smtp/relay/relay-server.ts'
import type { Hub } from '../services/hub.ts'
import { type ClaimedPort, claimPort, explainListenError, type PortSettings } from './claim-port.ts'
import { type Config, ConfigInvalid, parseListenAddress } from './config.ts'
import { loadDkimKeys } from './dkim-keys.ts'
import { readMailAuthority } from './mail-authority.ts'
import { packageDirectory } from './package-directory.ts'

const relayPort: PortSettings = { port: 'VERZET_RELAY_LISTEN', host: 'VERZET_RELAY_LISTEN' }
const relayTlsPort: PortSettings = { port: 'VERZET_RELAY_LISTEN_TLS', host: 'VERZET_RELAY_LISTEN_TLS' }

type ClaimedListen = { readonly host: string; readonly implicitTls: boolean; readonly claimed: ClaimedPort }
export type ClaimedRelayPorts = AsyncDisposable & { readonly ports: readonly ClaimedListen[] }

/** Undefined where no mail is passed on. */
export async function claimRelayPorts(config: Config): Promise<ClaimedRelayPorts | undefined> {
  const ports: ClaimedListen[] = []
  const release = async () => {
    for (const { claimed } of ports) await claimed.release()
  }
  try {
    for (const { text, settings, implicitTls } of [
      { text: config.relay_listen, settings: relayPort, implicitTls: false },
      { text: config.relay_listen_tls, settings: relayTlsPort, implicitTls: true },
    ]) {
      const wanted = text === undefined ? undefined : parseListenAddress(text)
      if (wanted === undefined) continue
      ports.push({ host: wanted.host, implicitTls, claimed: await claimPort(wanted.host, wanted.port, settings) })
    }
  } catch (error) {
    await release()
    throw error
  }
  return ports.length === 0 ? undefined : { ports, [Symbol.asyncDispose]: release }
}

type StartOptions = { readonly claimed: ClaimedRelayPorts; readonly log: (line: string) => void }

/** Passes mail on as the configuration says; disposing it finishes the mails under way. */
export async function startRelayOf(
  hub: Hub,
  config: Config,
  { claimed, log }: StartOptions,
): Promise<AsyncDisposable & { readonly addresses: readonly string[] }> {
  const tls = readTls(config)
  const dkimKeys = loadDkimKeys(config.dataDir)
  const certificateAuthority = readMailAuthority(config)
  if (dkimKeys.length === 0) {
    log(
      'the relay has no DKIM keys: mail clients show no one-click opt-out for mails nobody signs ("verzet relay keys")',
    )
  }
  await claimed[Symbol.asyncDispose]()
  const listen: readonly RelayListen[] = claimed.ports.map((one) => ({
    host: one.host,
    port: one.claimed.port,
    implicitTls: one.implicitTls,
  }))
  try {
    const relay = await startRelay(hub, {
      listen,
      protocol: config.relay_listen_protocol,
      ...(tls && { tls }),
      nextHop: {
        ...readSmarthostUrl(config.relay_next_hop ?? config.smarthost ?? ''),
        ...(certificateAuthority !== undefined && { certificateAuthority }),
      },
      dkimKeys,
      labels: loadWayOutLabels(join(packageDirectory(), 'locales')),
      ...(config.relay_bytes_max !== undefined && { messageBytesMax: config.relay_bytes_max }),
      log,
    })
    return { addresses: listen.map(describe), [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose]() }
  } catch (error) {
    const [first] = listen
    throw first === undefined ? error : explainListenError(error, first.host, first.port, relayPort)
  }
}

/** Read once: whoever renews the certificate starts the hub again. */
export function readTls(config: Config): { key: string; cert: string } | undefined {
  const { relay_tls_cert: certPath, relay_tls_key: keyPath } = config
  if (certPath === undefined || keyPath === undefined) return undefined
  return { cert: readText(certPath, 'VERZET_RELAY_TLS_CERT'), key: readText(keyPath, 'VERZET_RELAY_TLS_KEY') }
}

function readText(path: string, setting: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new ConfigInvalid(`${setting}: the file ${path} cannot be read (${code}).`)
  }
}

function describe({ host, port, implicitTls }: RelayListen): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}${implicitTls ? ' (TLS)' : ''}`
}
