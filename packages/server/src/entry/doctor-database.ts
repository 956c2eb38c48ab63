import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { HashSecrets } from '@verzet/core'
import { type Database, openDatabase } from '../storage/database.ts'
import { startEmbeddedPostgres } from '../storage/embedded/start.ts'
import { findPepperCheck, listAppliedMigrations, mayChangeEvidence, readServerFacts } from '../storage/server-facts.ts'
import type { Config } from './config.ts'
import { type Check, fail, ok, reasonOf, warn } from './doctor-check.ts'
import { checkMailboxReading } from './doctor-mailbox.ts'
import { checkTextAccounts } from './doctor-texts.ts'
import { packageDirectory } from './package-directory.ts'

const versionMin = 150_000
/** A no is dated by the hub's clock and compared with dates of others; more than this is a clock that nobody sets. */
const clockSkewMaxMs = 2_000

/** Looks only: neither migrates nor makes an embedded database that is not there yet. */
export async function checkDatabase(
  config: Config,
  pepperCheck: Buffer | undefined,
  hash?: HashSecrets,
): Promise<Check[]> {
  if (config.database_url === undefined && !existsSync(join(config.dataDir, 'postgres'))) {
    return [
      warn(
        'database',
        'the embedded one is not made yet',
        'The first start makes it; or set DATABASE_URL to a PostgreSQL of your own.',
      ),
    ]
  }
  try {
    await using embedded = config.database_url ? undefined : await startEmbeddedPostgres({ dataDir: config.dataDir })
    const connectionString = config.database_url ?? embedded?.connectionString ?? ''
    await using db = await openDatabase({ connectionString, poolSize: 1, applicationName: 'verzet-doctor' })
    return await checkOpened(db, config, pepperCheck, hash)
  } catch (error) {
    return [fail('database', reasonOf(error), 'Check DATABASE_URL, and that the server runs and lets this machine in.')]
  }
}

async function checkOpened(
  db: Database,
  config: Config,
  pepperCheck: Buffer | undefined,
  hash: HashSecrets | undefined,
): Promise<Check[]> {
  const before = Date.now()
  const facts = await readServerFacts(db)
  const halfway = (before + Date.now()) / 2
  const checks = [
    facts.versionNumber >= versionMin
      ? ok('database', `PostgreSQL ${facts.version}${config.database_url === undefined ? ' (embedded)' : ''}`)
      : fail('database', `PostgreSQL ${facts.version} is too old`, 'Use 15 or later.'),
    checkClock(facts.clock.getTime() - halfway),
    checkDurability(facts),
  ]
  const migrations = await checkMigrations(db)
  checks.push(migrations)
  if ((await listAppliedMigrations(db)) === undefined) return checks
  const pepper = await checkPepper(db, pepperCheck)
  checks.push(await checkRole(db, facts.isSuperuser), pepper)
  if (migrations.status !== 'ok') return checks
  checks.push(...(await checkMailboxReading(db, config, Date.now())))
  // With another pepper no secret of an account opens, and one finding says it all.
  if (pepper.status === 'ok') checks.push(...(await checkTextAccounts(db, hash, Date.now())))
  return checks
}

export function checkClock(skewMs: number): Check {
  const seconds = (Math.abs(skewMs) / 1000).toFixed(1)
  if (Math.abs(skewMs) <= clockSkewMaxMs) return ok('clock', `the same as the database's (${seconds} s apart)`)
  const order = skewMs > 0 ? 'behind' : 'ahead of'
  return warn(
    'clock',
    `this machine is ${seconds} s ${order} the database`,
    'Let both follow a time server (NTP): the latest word decides.',
  )
}

function checkDurability(facts: { fsync: string; synchronousCommit: string; fullPageWrites: string }): Check {
  const off = [
    ...(facts.fsync === 'off' ? ['fsync'] : []),
    ...(facts.synchronousCommit === 'off' ? ['synchronous_commit'] : []),
    ...(facts.fullPageWrites === 'off' ? ['full_page_writes'] : []),
  ]
  if (off.length === 0) return ok('durability', 'what was answered is on the disk')
  return fail(
    'durability',
    `${off.join(' and ')} off: a no that was answered may be lost when the power goes`,
    'Turn it on in postgresql.conf.',
  )
}

async function checkMigrations(db: Database): Promise<Check> {
  const files = readdirSync(join(packageDirectory(), 'migrations')).filter((file) => file.endsWith('.sql'))
  const applied = await listAppliedMigrations(db)
  const advice = 'The next start applies them; or run "verzet migrate".'
  if (applied === undefined) return warn('migrations', 'the database is empty', advice)
  const newer = applied.filter((file) => !files.includes(file))
  if (newer.length > 0)
    return fail(
      'migrations',
      `the database holds ${newer.join(', ')}, newer than this version`,
      'Start the newer version of Verzet.',
    )
  const pending = files.filter((file) => !applied.includes(file))
  return pending.length === 0
    ? ok('migrations', 'all applied')
    : warn('migrations', `${pending.length} to be applied`, advice)
}

async function checkRole(db: Database, isSuperuser: boolean): Promise<Check> {
  const advice = 'Use a role of its own that is no superuser (docs/operate/database.md).'
  if (isSuperuser) return fail('role', 'Verzet connects as a superuser, who can change the evidence', advice)
  if (await mayChangeEvidence(db))
    return warn('role', 'the role may change the evidence table', 'Revoke update, delete and truncate on it.')
  return ok('role', 'can add evidence and never change it')
}

async function checkPepper(db: Database, pepperCheck: Buffer | undefined): Promise<Check> {
  const stored = await findPepperCheck(db)
  if (stored === undefined) return ok('pepper', 'the database is not tied to one yet')
  const restore = 'Run "verzet keys restore" with the backup of this deployment.'
  if (pepperCheck === undefined)
    return fail('pepper', 'the database was filled with a pepper that is not here', restore)
  if (stored.equals(pepperCheck)) return ok('pepper', 'the one this database was filled with')
  return fail(
    'pepper',
    'another than the one this database was filled with: no earlier no would be recognised',
    restore,
  )
}
