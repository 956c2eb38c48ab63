import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmptyDatabase, type TestDatabase } from '../../test/database.ts'
import { openDatabase } from './database.ts'
import { MigrationRefused, migrate } from './migrate.ts'
import { sleep } from './retry.ts'

let test: TestDatabase
let migrationsDir: string

beforeEach(async () => {
  test = await createEmptyDatabase()
  migrationsDir = await mkdtemp(join(tmpdir(), 'verzet-migrations-'))
  await write('0001-start.sql', 'create table brands (id text primary key);\ninsert into brands values ($$bakker$$);\n')
  await write('0002-topics.sql', 'create table topics (id text primary key);\n')
})
afterEach(async () => {
  await test[Symbol.asyncDispose]()
  await rm(migrationsDir, { recursive: true })
})

function write(file: string, text: string): Promise<void> {
  return writeFile(join(migrationsDir, file), text)
}

function run(): Promise<{ applied: string[] }> {
  return migrate(test.db, { migrationsDir })
}

async function tables(): Promise<string[]> {
  const rows = await test.db.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'migration%' order by 1`,
  )
  return rows.map((row) => row.name)
}

describe('migrate', () => {
  it('applies every file once, in order', async () => {
    expect(await run()).toEqual({ applied: ['0001-start.sql', '0002-topics.sql'] })
    expect(await run()).toEqual({ applied: [] })
    expect(await test.db.query('select id from brands')).toEqual([{ id: 'bakker' }])
  })

  it('applies only what is new after an upgrade', async () => {
    await run()
    await write('0003-campaigns.sql', 'create table campaigns (id text primary key);')
    expect(await run()).toEqual({ applied: ['0003-campaigns.sql'] })
  })

  it('lets many processes that start at once on an empty database all come up, and applies each file once', async () => {
    await write('0003-slow.sql', 'select pg_sleep(0.3); create table slow (id int primary key);')
    const others = await Promise.all(
      [1, 2, 3, 4, 5].map(() => openDatabase({ connectionString: test.connectionString, poolSize: 3 })),
    )
    const outcomes = await Promise.all(others.map((db) => migrate(db, { migrationsDir })))
    await Promise.all(others.map((db) => db[Symbol.asyncDispose]()))
    expect(outcomes.flatMap((outcome) => outcome.applied)).toEqual([
      '0001-start.sql',
      '0002-topics.sql',
      '0003-slow.sql',
    ])
  })

  it('keeps nothing of a file that fails, says which it was, and goes on where it stopped', async () => {
    await write('0003-broken.sql', 'create table half (id int); select nonsense;')
    await expect(run()).rejects.toThrow('0003-broken.sql: column "nonsense" does not exist')
    expect(await tables()).toEqual(['brands', 'topics'])
    await write('0003-broken.sql', 'create table whole (id int);')
    expect(await run()).toEqual({ applied: ['0003-broken.sql'] })
  })

  it('keeps nothing of a file whose process was killed, and the next one takes over when the lease ends', async () => {
    await run()
    await write('0003-long.sql', 'create table long (id int); select pg_sleep(30);')
    const killed = migrate(test.db, { migrationsDir }).catch((error: unknown) => error)
    const pid = await findSleeper()
    await test.db.query('select pg_terminate_backend($1)', [pid])
    expect(await killed).toBeInstanceOf(Error)
    expect(await tables()).toEqual(['brands', 'topics'])

    // The killed process could not release its lease: this is what it leaves.
    await test.db.execute(
      `insert into migration_lease values ('migrate', gen_random_uuid(), now() + interval '1 second')`,
    )
    await write('0003-long.sql', 'create table long (id int);')
    const lines: string[] = []
    expect(await migrate(test.db, { migrationsDir, log: (line) => lines.push(line) })).toEqual({
      applied: ['0003-long.sql'],
    })
    expect(lines).toEqual(['another process is migrating the database; waiting for it', 'applied 0003-long.sql'])
  })

  it('refuses a file that was changed after it was applied', async () => {
    await run()
    await write('0002-topics.sql', 'create table topics (id uuid primary key);')
    await expect(run()).rejects.toThrow('Migration 0002-topics.sql was changed after it was applied')
  })

  it('does not take other line ends for a change', async () => {
    await run()
    await write('0002-topics.sql', 'create table topics (id text primary key);\r\n')
    expect(await run()).toEqual({ applied: [] })
  })

  it('refuses a database that is newer than the files', async () => {
    await run()
    await rm(join(migrationsDir, '0002-topics.sql'))
    await expect(run()).rejects.toThrow(
      'holds migration 0002-topics.sql, which this version of Verzet does not know (its newest is 0001-start.sql)',
    )
  })

  it('refuses a new file that comes before an applied one', async () => {
    await write('0005-late.sql', 'select 1;')
    await run()
    await write('0004-early.sql', 'select 1;')
    await expect(run()).rejects.toThrow('Migration 0004-early.sql comes before 0005-late.sql')
  })

  it('refuses files it cannot put in order', async () => {
    await write('0002-again.sql', 'select 1;')
    await expect(run()).rejects.toThrow(MigrationRefused)
    await rm(join(migrationsDir, '0002-again.sql'))
    await write('three.sql', 'select 1;')
    await expect(run()).rejects.toThrow('three.sql is not named like 0001-name.sql')
  })
})

async function findSleeper(): Promise<number> {
  for (;;) {
    const [row] = await test.db.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
    )
    if (row) return row.pid
    await sleep(10)
  }
}
