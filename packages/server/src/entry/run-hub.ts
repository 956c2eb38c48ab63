import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { drainable } from '../adapters/http/drain-server.ts'
import { loadTexts } from '../adapters/http/pages/text.ts'
import { registerPublicPages } from '../adapters/http/public/register.ts'
import { describeError } from '../adapters/http/request-log.ts'
import { createHttpServer } from '../adapters/http/server.ts'
import { registerStaffPages } from '../adapters/http/staff/register.ts'
import { registerSmsWebhooks } from '../adapters/http/webhooks/sms-webhooks.ts'
import { DemoMailbox } from '../adapters/mail/demo-mailbox.ts'
import { type ClaimedPort, claimPort, explainListenError } from './claim-port.ts'
import { type ComposedHub, composeHub } from './compose.ts'
import type { Config, Role } from './config.ts'
import { type DemoSummary, fillDemo } from './demo-data.ts'
import { fillDemoYear } from './demo-year.ts'
import { exitCodes } from './exit-codes.ts'
import { firstApiKey, firstApiKeyPath } from './first-api-key.ts'
import { keepListeningAt } from './listening-at.ts'
import { outsideSettings } from './outside-settings.ts'
import { packageDirectory } from './package-directory.ts'
import { packageVersion } from './package-version.ts'
import { readElement } from './read-element.ts'
import { signInProviderOf } from './staff-settings.ts'
import { startFanOut } from './start-fan-out.ts'
import { startGateMemory } from './start-gate-memory.ts'
import { startHousekeeping } from './start-housekeeping.ts'
import { startInsight } from './start-insight.ts'
import { type InsightPages, startInsightPages } from './start-insight-pages.ts'
import { type RunningMail, startMail } from './start-mail.ts'
import { claimMailPort, startMailboxPoller, startMailIntake } from './start-mail-intake.ts'
import { claimRelayPorts, startRelayOf } from './start-relay.ts'
import { startReviewDeadlines } from './start-review-deadlines.ts'
import { type RunningTexts, startTexts } from './start-texts.ts'
import { listenForStop } from './stop-signal.ts'

export type HubOptions = {
  readonly isDemo: boolean
  /** The demo begins with a year behind it. */
  readonly isDemoYear: boolean
  readonly json: boolean
  readonly roles: ReadonlySet<Role>
}

/**
 * Runs the hub until SIGTERM, SIGINT or SIGHUP: then it takes no new connections, finishes what it accepted, and ends.
 *
 *   claim the ports → database, migrations, secrets → demo → key → mail → listen → (signal) → drain → close all of it
 */
export async function runHub(given: Config, options: HubOptions): Promise<void> {
  using stop = listenForStop()
  const logger = startLog(given)
  const log = (line: string) => logger.info(line)
  await using claimed = options.roles.has('web') ? await claimPort(given.host, given.port) : undefined
  await using claimedForMail = options.roles.has('smtp') ? await claimMailPort(given) : undefined
  await using claimedForRelay = options.roles.has('smtp') ? await claimRelayPorts(given) : undefined
  const config = claimed === undefined ? given : { ...given, port: claimed.port }
  await using hub = await composeHub(config, log)
  const demo = options.isDemo ? await fillDemo(hub) : undefined
  if (options.isDemoYear) await fillDemoYear(hub, log)
  const apiKey = await firstApiKey(hub, config.dataDir, { always: options.isDemo })

  const mailbox = config.smarthost === undefined && options.isDemo ? new DemoMailbox() : undefined
  await using mail = await startMail(hub, config, {
    ...(mailbox && { mailbox }),
    sends: options.roles.has('worker'),
    log,
  })
  await using sms = startTexts(hub, { ...(mailbox && { mailbox }), works: options.roles.has('worker'), log })
  await using _deadlines = options.roles.has('worker')
    ? startReviewDeadlines(hub, (line) => logger.warn(line))
    : undefined
  await using _housekeeping = options.roles.has('worker') ? startHousekeeping(hub, log) : undefined
  await using _insight = options.roles.has('worker') ? startInsight(hub, log) : undefined
  const shown = demo && mailbox && { summary: demo, mailbox }
  const answers = claimed !== undefined || claimedForRelay !== undefined
  await using fanOut = startFanOut(hub, config, {
    publishes: options.roles.has('worker'),
    log: (line) => logger.warn(line),
  })
  const fed = fanOut === undefined ? hub : { ...hub, published: fanOut.published }
  await using memory = answers ? startGateMemory(fed, config, (line) => logger.warn(line)) : undefined
  const asked = memory === undefined ? fed : { ...fed, gateMemory: memory }
  const { connectionString, databaseKind } = hub
  await using insightPages = startInsightPages({ connectionString, yields: databaseKind === 'embedded' })
  const parts = { logger, mail, sms, insightPages }
  await using web = claimed && (await startWeb(asked, config, { ...parts, claimed, ...(shown && { demo: shown }) }))
  using _listening = web && keepListeningAt(config.dataDir, { port: config.port, url: config.url })
  await using intake =
    claimedForMail && (await startMailIntake(hub, config, { claimed: claimedForMail, wakeMail: mail.wake, log }))
  await using _mailbox = options.roles.has('worker')
    ? startMailboxPoller(hub, config, { wakeMail: mail.wake, log })
    : undefined
  await using relay = claimedForRelay && (await startRelayOf(asked, config, { claimed: claimedForRelay, log }))
  if (!stop.isHeard) {
    const listening = { mailListen: intake?.address, relayListen: relay?.addresses }
    announce({ config, options, apiKey, demo, url: web && hub.place.url, ...listening })
  }
  await stop.heard
  log('draining')
}

/** One JSON line each on stderr; stdout is for whoever started the hub. */
function startLog(config: Config): Logger {
  const destination = pino.destination({ dest: 2, sync: false })
  const logger = pino({ level: config.log_level }, destination)
  // Node would print the error's message, and that of a database may quote what a person wrote.
  process.on('uncaughtException', (error) => {
    logger.fatal(describeError(error), 'an unexpected error ended the hub')
    destination.flushSync()
    process.exit(exitCodes.internal)
  })
  return logger
}

type WebParts = {
  readonly logger: Logger
  readonly mail: RunningMail
  readonly sms: RunningTexts
  readonly insightPages: InsightPages
  readonly claimed: ClaimedPort
  readonly demo?: { readonly summary: DemoSummary; readonly mailbox: DemoMailbox }
}

/** Disposing it drains: the feeds end, requests under way are finished, and what takes too long is cut. */
async function startWeb(
  hub: ComposedHub,
  config: Config,
  { logger, mail, sms, insightPages, claimed, demo }: WebParts,
): Promise<AsyncDisposable> {
  const texts = loadTexts(join(packageDirectory(), 'locales'))
  const element = readElement()
  const app = await createHttpServer(hub, {
    logger,
    version: packageVersion(),
    ...(config.trust_proxy && { trustProxy: config.trust_proxy }),
    register: async (root) => {
      const shown = { ...(demo && { demo }), ...(element !== undefined && { element }) }
      await registerPublicPages(root, { hub, texts, wakeMail: mail.wake, ...shown })
      const provider = signInProviderOf(config, hub.place.url, hub.clock)
      await registerStaffPages(root, {
        hub,
        texts,
        outside: outsideSettings(config),
        insightElsewhere: insightPages,
        ...(provider && { provider }),
      })
      await root.register((scope) => registerSmsWebhooks(scope, { hub, wakeTexts: sms.wake }))
    },
  })
  const server = drainable(app)
  await claimed.release()
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await app.close()
    throw explainListenError(error, config.host, config.port)
  }
  return server
}

type Announced = {
  readonly config: Config
  readonly options: HubOptions
  /** Undefined in a process without the role `web`. */
  readonly url: string | undefined
  /** Undefined where the first key was revoked. */
  readonly apiKey: string | undefined
  readonly demo: DemoSummary | undefined
  /** Undefined where no opt-out mail is taken. */
  readonly mailListen: string | undefined
  /** Undefined where no mail is passed on. */
  readonly relayListen: readonly string[] | undefined
}

function announce({ config, options, url, apiKey, demo, mailListen, relayListen }: Announced): void {
  const { dataDir } = config
  if (options.json) {
    const line = {
      ...(url && { url, apiKey: apiKey ?? null }),
      dataDir,
      ...(mailListen && { mailListen }),
      ...(relayListen && { relayListen }),
      ...(demo && { demo }),
    }
    process.stdout.write(`${JSON.stringify(line)}\n`)
    return
  }
  const lines = [
    url === undefined ? 'Verzet is working in the background' : `Verzet is ready at ${url}`,
    ...(url === undefined || demo === undefined ? [] : demoLines(url, demo)),
    ...(url === undefined ? [] : apiLines(url, apiKey, options.isDemo ? undefined : firstApiKeyPath(dataDir))),
    ...(mailListen === undefined ? [] : [`  opt-out mail       ${mailListen} (${config.mail_listen_protocol})`]),
    ...(relayListen === undefined ? [] : [`  relay              ${relayListen.join(', ')}`]),
    `  data directory     ${dataDir}`,
    'Stop with Ctrl-C.',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** What a service prints is kept in a log: there the key is named by its file. */
function apiLines(url: string, apiKey: string | undefined, keptIn: string | undefined): string[] {
  const key = keptIn === undefined ? apiKey : `in ${keptIn}`
  return [
    ...(apiKey === undefined ? [] : [`  API key            ${key}`]),
    `  API description    ${url}/v1/openapi.json`,
  ]
}

function demoLines(url: string, demo: DemoSummary): string[] {
  return [
    `  the demo           ${url}/demo`,
    `  mails it sends     ${url}/demo/mailbox`,
    ...demo.relations.map(({ externalId, language, page }) => `  page of ${externalId} (${language}) ${page}`),
  ]
}
