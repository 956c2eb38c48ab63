import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { loadTexts } from '../adapters/http/pages/text.ts'
import { brandPages } from '../adapters/http/public/brand-pages.ts'
import { loadMailCatalogues } from '../adapters/mail/mail-catalogue.ts'
import { Catalog } from '../services/catalog.ts'
import { ChoiceCommitter } from '../services/choice-committer.ts'
import type { Hub } from '../services/hub.ts'
import type { RandomBytes } from '../services/ports.ts'
import { PrintWatch } from '../services/print/on-the-way.ts'
import { type Database, openDatabase } from '../storage/database.ts'
import { matchPepperCheck } from '../storage/deployment.ts'
import { startEmbeddedPostgres } from '../storage/embedded/start.ts'
import { migrate } from '../storage/migrate.ts'
import { type Config, ConfigInvalid } from './config.ts'
import { packageDirectory } from './package-directory.ts'
import { dropMadeSecrets, loadSecrets, type Secrets } from './secrets.ts'

export type ComposedHub = Hub &
  AsyncDisposable & {
    readonly databaseKind: 'embedded' | 'server'
    /** For another thread's connections; it may hold a password. */
    readonly connectionString: string
  }

/** Opens the database, migrated, and makes the hub's parts once. Disposing finishes what was accepted and closes them. */
export async function composeHub(config: Config, log: (line: string) => void = () => {}): Promise<ComposedHub> {
  await using stack = new DisposalStack()
  const secrets = loadSecrets(config)
  const embedded = config.database_url
    ? undefined
    : stack.use(await startEmbeddedPostgres({ dataDir: config.dataDir, log }))
  const connectionString = config.database_url ?? embedded?.connectionString ?? ''
  const db = stack.use(await openDatabase({ connectionString, applicationName: `verzet-${process.pid}` }))
  await migrate(db, { migrationsDir: join(packageDirectory(), 'migrations'), log })
  await assertSamePepper(db, secrets, config.dataDir)
  const catalog = stack.use(await Catalog.open(db))
  const recording = stack.use(
    await openDatabase({
      connectionString,
      applicationName: `verzet-${process.pid}`,
      poolSize: 2,
      pipeline: true,
      plansByKey: true,
    }),
  )
  const insightDb = stack.use(
    await openDatabase({
      connectionString,
      applicationName: `verzet-${process.pid}`,
      poolSize: 2,
      yields: embedded !== undefined,
    }),
  )
  const random = pooledRandom()
  // Disposed after the committer, which tells it of the last noes.
  const printWatch = stack.use(new PrintWatch(db, Date.now, random))
  const committer = stack.use(new ChoiceCommitter(recording, secrets.hash.pepper))
  committer.onCommit(printWatch.heard)
  const owned = stack.move()
  const locales = join(packageDirectory(), 'locales')
  const texts = loadTexts(locales)
  return {
    db,
    insightDb,
    catalog,
    committer,
    secrets: secrets.hash,
    linkRing: secrets.linkRing,
    confirmationRing: secrets.confirmationRing,
    place: publicPlace(config),
    pages: brandPages(texts, loadMailCatalogues(locales)),
    sayInEnglish: texts.for('en'),
    ...(config.privacy_mail && { privacyMail: config.privacy_mail }),
    staffPasswords: config.staff_passwords,
    hasFourEyes: config.four_eyes === 'on',
    clock: Date.now,
    random,
    databaseKind: embedded ? 'embedded' : 'server',
    connectionString,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

export function publicPlace(config: Config) {
  const url = config.url ?? `http://localhost:${config.port}`
  const mailDomain = config.mail_domain ?? new URL(url).hostname
  return { url, mailDomain, ...(config.short_url && { shortUrl: config.short_url }) }
}

/** Another pepper would give everybody a new key and so forget every no: refuse to start. */
async function assertSamePepper(db: Database, secrets: Secrets, dataDir: string): Promise<void> {
  if (await matchPepperCheck(db, secrets.pepperCheck, Date.now())) return
  if (secrets.source === 'made') {
    // Left behind, they would look like the ones that are missing.
    dropMadeSecrets(dataDir)
    throw new ConfigInvalid(
      `This database was filled with secrets that are not in ${dataDir}. ` +
        'Put them back ("verzet keys restore"), or set VERZET_PEPPER and VERZET_LINK_KEYS.',
    )
  }
  throw new ConfigInvalid(
    'This database was filled with another pepper: with this one no earlier no would be recognised. ' +
      'Restore the secrets file of this deployment ("verzet keys restore") or set VERZET_PEPPER to the old value.',
  )
}

/** Node 20 has `Symbol.asyncDispose` but no `AsyncDisposableStack` yet. */
class DisposalStack implements AsyncDisposable {
  #resources: AsyncDisposable[] = []

  use<T extends AsyncDisposable>(resource: T): T {
    this.#resources.push(resource)
    return resource
  }

  move(): DisposalStack {
    const moved = new DisposalStack()
    moved.#resources = this.#resources
    this.#resources = []
    return moved
  }

  /** The last one first. One that fails does not keep the others open: the database server above all is to be left. */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = []
    for (const resource of this.#resources.splice(0).reverse()) {
      try {
        await resource[Symbol.asyncDispose]()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
}

/** An opt-out takes three ids of ten bytes; asking the system for each costs more than making them. */
const randomPoolBytes = 4_096

/** Random bytes from a pool that is filled anew when it is used up; no byte is given out twice. */
function pooledRandom(): RandomBytes {
  let pool = randomBytes(randomPoolBytes)
  let used = 0
  return (count) => {
    if (count > randomPoolBytes) return randomBytes(count)
    if (used + count > randomPoolBytes) {
      pool = randomBytes(randomPoolBytes)
      used = 0
    }
    used += count
    return pool.subarray(used - count, used)
  }
}
