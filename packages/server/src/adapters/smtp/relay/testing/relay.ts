import { generateKeyPairSync } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createTransport, type SendMailOptions } from 'nodemailer'
import type { TestHub } from '../../../../../test/hub.ts'
import { addRelayCredential, type CredentialWish } from '../../../../services/relay-credentials.ts'
import { readSmarthostUrl } from '../../../mail/smarthost.ts'
import { loadWayOutLabels } from '../../../mail/way-out-labels.ts'
import { readDkimKey } from '../../message/dkim-sign.ts'
import type { OwnedDkimKey } from '../choose-dkim-keys.ts'
import { type RelayOptions, type RunningRelay, startRelay } from '../relay-server.ts'
import { startTestNextHop, type TestNextHop } from './next-hop.ts'

export type SignIn = { readonly user: string; readonly pass: string }

export type TestRelay = AsyncDisposable & {
  readonly port: number
  readonly running: RunningRelay
  readonly nextHop: TestNextHop
  readonly log: readonly string[]
}

const labels = loadWayOutLabels(fileURLToPath(new URL('../../../../../locales', import.meta.url)))

/** The relay of a hub with a next hop that does what a test tells it to. */
export async function startTestRelay(hub: TestHub, options: Partial<RelayOptions> = {}): Promise<TestRelay> {
  const nextHop = await startTestNextHop()
  const log: string[] = []
  const running = await startRelay(hub, {
    listen: [{ host: '127.0.0.1', port: 0, implicitTls: false }],
    protocol: 'smtp',
    nextHop: readSmarthostUrl(`smtp://127.0.0.1:${nextHop.port}`),
    dkimKeys: [],
    labels,
    log: (line) => void log.push(line),
    ...options,
  })
  return {
    port: running.ports[0] ?? 0,
    running,
    nextHop,
    log,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]()
      await nextHop[Symbol.asyncDispose]()
    },
  }
}

export async function signInFor(hub: TestHub, wish: Partial<CredentialWish> = {}): Promise<SignIn> {
  const whole: CredentialWish = {
    brand: { id: 'acme' },
    whenRefused: 'refuse',
    headersOnly: false,
    linksInService: false,
    ...wish,
  }
  const made = await addRelayCredential(hub.db, whole, hub.clock(), hub.random)
  if (made.kind !== 'made') throw new Error('the name is taken')
  return { user: made.name, pass: made.password }
}

export function sendThrough(port: number, auth: SignIn, mail: SendMailOptions, more: object = {}) {
  return createTransport({ host: '127.0.0.1', port, ignoreTLS: true, auth, ...more }).sendMail(mail)
}

/** An RSA and an Ed25519 key of a domain. */
export function makeDkimKeys(domain: string, brand?: string): readonly OwnedDkimKey[] {
  const pairs = [generateKeyPairSync('rsa', { modulusLength: 2048 }), generateKeyPairSync('ed25519')]
  return pairs.map((pair, index) => {
    const privateKeyPem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const key = readDkimKey({ domain, selector: index === 0 ? 'rsa' : 'ed', privateKeyPem })
    if (key.kind !== 'key') throw new Error(key.reason)
    return { ...key, ...(brand !== undefined && { brand }) }
  })
}
