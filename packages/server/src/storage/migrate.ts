import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, type Queryable, type Transaction, transact } from './database.ts'
import { readSqlState, retry, sleep, sqlState } from './retry.ts'

type Migration = { number: number; file: string; text: string; checksum: string }
type AppliedRow = { number: number; file: string; checksum: string }

/** The files and the database do not belong together; the message is a sentence for the operator. */
export class MigrationRefused extends Error {
  readonly code = 'migration_refused'
  override readonly name = 'MigrationRefused'
}

/** A killed process is waited for this long; a live one renews its lease three times within it. */
const leaseDurationMs = 60_000
const leaseRenewalMs = leaseDurationMs / 3
const leasePollMs = 100
/** A table of 100 million rows is rewritten within an hour; who waits longer waits for something that has gone wrong. */
const leaseWaitMaxMs = 3_600_000

/**
 * Brings the database up to the files of `migrationsDir` (`NNNN-name.sql`), each in its own transaction, in order.
 *
 * Two processes that start at once both come up: one holds the lease and applies, the other waits and finds it done. The
 * lease only saves work; that no file runs twice is held by the primary key of `migrations`, inserted first. A process
 * killed half-way leaves nothing of the file it was in, and its lease ends by itself.
 * @throws {MigrationRefused} when an applied file was changed or left out, or the database is newer than the files.
 */
export async function migrate(
  db: Database,
  options: { migrationsDir: string; log?: (line: string) => void },
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(options.migrationsDir)
  await createOwnTables(db)
  const holder = randomUUID()
  const giveUpAt = Date.now() + leaseWaitMaxMs
  let waiting = false
  while ((await findPending(db, migrations)).length > 0) {
    if (await takeLease(db, holder)) return await applyUnderLease(db, migrations, holder, options.log)
    if (!waiting) options.log?.('another process is migrating the database; waiting for it')
    waiting = true
    if (Date.now() > giveUpAt) throw new MigrationRefused('Another process has held the migration lease for an hour.')
    await sleep(leasePollMs)
  }
  return { applied: [] }
}

async function applyUnderLease(
  db: Database,
  migrations: Migration[],
  holder: string,
  log?: (line: string) => void,
): Promise<{ applied: string[] }> {
  // A renewal that fails is not an error: at worst a second process tries the same file and finds its number taken.
  const renewal = setInterval(() => void takeLease(db, holder).catch(() => false), leaseRenewalMs)
  const applied: string[] = []
  try {
    for (const migration of await findPending(db, migrations)) {
      if (!(await applyOne(db, migration))) continue
      applied.push(migration.file)
      log?.(`applied ${migration.file}`)
    }
    return { applied }
  } finally {
    clearInterval(renewal)
    await releaseLease(db, holder).catch(() => {})
  }
}

/** False when another process applied the same file meanwhile. */
async function applyOne(db: Database, migration: Migration): Promise<boolean> {
  return await transact(db, async (tx) => {
    const claimed = await insertMigration(tx, migration)
    if (!claimed) return false
    // An index on a large table takes longer than any statement of a request.
    await tx.execute('set local statement_timeout = 0')
    try {
      await tx.execute(migration.text)
    } catch (error) {
      if (readSqlState(error) === undefined || !(error instanceof Error)) throw error
      error.message = `${migration.file}: ${error.message}`
      throw error
    }
    return true
  })
}

/** Compares the files with what the database says was applied, and returns what is still to be done, in order. */
async function findPending(db: Database, migrations: Migration[]): Promise<Migration[]> {
  const applied = await findApplied(db)
  const byNumber = new Map(migrations.map((migration) => [migration.number, migration]))
  for (const row of applied) {
    const known = byNumber.get(row.number)
    if (!known) {
      const newest = migrations.at(-1)?.file ?? 'none'
      throw new MigrationRefused(
        `The database holds migration ${row.file}, which this version of Verzet does not know (its newest is ${newest}). Start the version that wrote it, or a later one.`,
      )
    }
    if (known.checksum !== row.checksum) {
      throw new MigrationRefused(
        `Migration ${known.file} was changed after it was applied to this database. Put the released file back, and make the change in a new migration.`,
      )
    }
  }
  const newestApplied = applied.at(-1)
  const pending = migrations.filter((migration) => !applied.some((row) => row.number === migration.number))
  const early = pending.find((migration) => newestApplied !== undefined && migration.number < newestApplied.number)
  if (early && newestApplied) {
    throw new MigrationRefused(
      `Migration ${early.file} comes before ${newestApplied.file}, which the database already holds. Give it a later number.`,
    )
  }
  return pending
}

async function readMigrations(migrationsDir: string): Promise<Migration[]> {
  const files = (await readdir(migrationsDir)).filter((file) => file.endsWith('.sql')).sort()
  const migrations: Migration[] = []
  for (const file of files) {
    const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(file)?.[1] ?? Number.NaN)
    if (Number.isNaN(number)) throw new MigrationRefused(`Migration ${file} is not named like 0001-name.sql.`)
    if (migrations.at(-1)?.number === number) throw new MigrationRefused(`Two migrations have the number of ${file}.`)
    // A checkout on Windows may change line ends; that is not a changed migration.
    const text = (await readFile(join(migrationsDir, file), 'utf8')).replaceAll('\r\n', '\n')
    migrations.push({ number, file, text, checksum: createHash('sha256').update(text).digest('hex') })
  }
  return migrations
}

/** `if not exists` looks before it creates, so two processes may both create: the loser gets one of these two errors. */
async function createOwnTables(db: Database): Promise<void> {
  await retry(
    () =>
      db.execute(`
        create table if not exists migrations (
          number int primary key,
          file text not null,
          checksum text not null,
          applied_at timestamptz not null default now()
        );
        create table if not exists migration_lease (
          name text primary key,
          holder uuid not null,
          lease_until timestamptz not null
        )`),
    {
      attemptsMax: 10,
      isPassing: (error) =>
        [sqlState.uniqueViolation, sqlState.duplicateTable, sqlState.duplicateObject].some(
          (state) => state === readSqlState(error),
        ),
    },
  )
}

function findApplied(db: Queryable): Promise<AppliedRow[]> {
  return db.query<AppliedRow>('select number, file, checksum from migrations order by number')
}

async function insertMigration(tx: Transaction, migration: Migration): Promise<boolean> {
  const inserted = await tx.execute(
    'insert into migrations (number, file, checksum) values ($1, $2, $3) on conflict (number) do nothing',
    [migration.number, migration.file, migration.checksum],
  )
  return inserted === 1
}

/** Takes the lease when it is free or has ended, and renews it when it is already the holder's. */
async function takeLease(db: Queryable, holder: string): Promise<boolean> {
  const taken = await db.execute(
    `insert into migration_lease (name, holder, lease_until)
     values ('migrate', $1, now() + $2::int * interval '1 millisecond')
     on conflict (name) do update set holder = excluded.holder, lease_until = excluded.lease_until
     where migration_lease.holder = excluded.holder or migration_lease.lease_until < now()`,
    [holder, leaseDurationMs],
  )
  return taken === 1
}

function releaseLease(db: Queryable, holder: string): Promise<number> {
  return db.execute(`delete from migration_lease where name = 'migrate' and holder = $1`, [holder])
}
