import { createServer } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { registerPublicPages } from '../adapters/http/public/register.ts'
import { loadTexts } from '../adapters/http/pages/text.ts'
import { createHttpServer } from '../adapters/http/server.ts'
import { DemoMailbox } from '../adapters/mail/demo-mailbox.ts'
import type { DemoSummary } from './demo-data.ts'
import { fillDemo } from './demo-data.ts'
import { firstApiKey } from './first-api-key.ts'
import { composeHub, packageDirectory } from './compose.ts'
import type { Config, Role } from './config.ts'
import { packageVersion } from './package-version.ts'
import { startMail } from './start-mail.ts'

export type HubOptions = { readonly isDemo: boolean; readonly json: boolean; readonly roles: ReadonlySet<Role> }

/** Requests under way get this long after SIGTERM; an opt-out takes milliseconds. */
const drainMsMax = 10_000

/**
 * Runs the hub until SIGTERM, SIGINT or SIGHUP: then it takes no new connections, finishes what it accepted, and ends.
 * A second signal ends at once; what was acknowledged is durable either way.
 */
export async function runHub(given: Config, options: HubOptions): Promise<void> {
  const config = await withFreePort(given)
  const logger = pino({ level: config.log_level }, pino.destination({ dest: 2, sync: false }))
  const log = (line: string) => logger.info(line)
  await using hub = await composeHub(config, log)
  const demo = options.isDemo ? await fillDemo(hub) : undefined
  const apiKey = await firstApiKey(hub, config.dataDir)

  const mailbox = config.smarthost === undefined && options.isDemo ? new DemoMailbox() : undefined
  await using mail = await startMail(hub, config, { ...(mailbox && { mailbox }), sends: options.roles.has('worker'), log })
  const texts = loadTexts(join(packageDirectory(), 'locales'))
  const app = await createHttpServer(hub, {
    logger,
    version: packageVersion(),
    ...(config.trust_proxy && { trustProxy: config.trust_proxy }),
    register: (server) =>
      registerPublicPages(server, { hub, texts, wakeMail: mail.wake, ...(demo && mailbox && { demo: { summary: demo, mailbox } }) }),
  })
  await app.listen({ host: config.host, port: config.port })
  announce(config, hub.place.url, apiKey, demo, options.json)
  await untilSignal()
  log('draining')
  const overdue = setTimeout(() => process.exit(0), drainMsMax)
  overdue.unref()
  await app.close()
}

function announce(config: Config, url: string, apiKey: string, demo: DemoSummary | undefined, json: boolean): void {
  const { dataDir } = config
  if (json) {
    process.stdout.write(`${JSON.stringify({ url, apiKey, dataDir, ...(demo && { demo }) })}\n`)
    return
  }
  const lines = [
    `Verzet is ready at ${url}`,
    ...(demo === undefined ? [] : demoLines(url, demo)),
    `  API key            ${apiKey}`,
    `  API description    ${url}/v1/openapi.json`,
    `  data directory     ${dataDir}`,
    'Stop with Ctrl-C.',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

function demoLines(url: string, demo: DemoSummary): string[] {
  return [
    `  the demo           ${url}/demo`,
    `  mails it sends     ${url}/demo/mailbox`,
    ...demo.relations.map(({ externalId, language, page }) => `  page of ${externalId} (${language}) ${page}`),
  ]
}

/** Port 0 asks for any free one; links need to know which before the server listens. */
async function withFreePort(config: Config): Promise<Config> {
  if (config.port !== 0) return config
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, config.host, resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return { ...config, port: typeof address === 'object' && address !== null ? address.port : config.port }
}

async function untilSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    let heard = 0
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => {
        heard += 1
        if (heard > 1) process.exit(1)
        resolve()
      })
    }
  })
}
