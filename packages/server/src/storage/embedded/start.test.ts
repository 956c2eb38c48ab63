import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../database.ts'
import { sleep } from '../retry.ts'
import { findPostmaster } from './postmaster.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start.ts'

const repository = fileURLToPath(new URL('../../../../../', import.meta.url))
let base: string
let childScript: string
/** A data directory whose cluster is already made, for every test that does not ask how it is made. */
let made: string
const children: ChildProcess[] = []

/** Another process that starts the embedded database, says so in a line of JSON and leaves when its input ends. */
const childSource = `
  import { startEmbeddedPostgres } from './start.ts'
  const embedded = await startEmbeddedPostgres({ dataDir: process.argv[2] })
  console.log(JSON.stringify({ adopted: embedded.adopted, connectionString: embedded.connectionString }))
  process.stdin.on('end', () => embedded[Symbol.asyncDispose]()).resume()
`

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'verzet-embedded-'))
  await chmod(base, 0o711)
  // Inside node_modules, so that the script finds its packages.
  childScript = join(repository, 'node_modules', '.cache', `verzet-embedded-${process.pid}`, 'child.mjs')
  await build({
    stdin: { contents: childSource, loader: 'ts', resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    outfile: childScript,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  })
  made = await newDataDir('made')
  await (await startEmbeddedPostgres({ dataDir: made }))[Symbol.asyncDispose]()
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const name of await readdir(base)) await stopServer(join(base, name))
  await rm(base, { recursive: true })
  await rm(join(childScript, '..'), { recursive: true })
})

async function newDataDir(name: string): Promise<string> {
  const dataDir = join(base, name)
  await mkdir(dataDir, { mode: 0o711 })
  return dataDir
}

async function findPid(dataDir: string): Promise<number | undefined> {
  return (await findPostmaster(join(dataDir, 'postgres')))?.pid
}

/** For a test that failed before its own end. */
async function stopServer(dataDir: string): Promise<void> {
  const pid = await findPid(dataDir)
  if (pid !== undefined) process.kill(pid, 'SIGQUIT')
  while ((await findPid(dataDir)) !== undefined) await sleep(10)
}

async function startChild(dataDir: string): Promise<{ child: ChildProcess; adopted: boolean; ended: Promise<void> }> {
  const child = spawn(process.execPath, [childScript, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const [line] = await Promise.race([
    new Promise<string[]>((resolve) =>
      createInterface({ input: child.stdout }).once('line', (text) => resolve([text])),
    ),
    ended.then((): string[] => []),
  ])
  const said: unknown = JSON.parse(line ?? 'null')
  return {
    child,
    adopted: typeof said === 'object' && said !== null && 'adopted' in said && said.adopted === true,
    ended,
  }
}

async function withDatabase<T>(embedded: EmbeddedPostgres, work: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase({ connectionString: embedded.connectionString, poolSize: 2 })
  try {
    return await work(db)
  } finally {
    await db[Symbol.asyncDispose]()
  }
}

describe('the embedded database', () => {
  it('keeps its data over a restart, and starts again in less than a second', async () => {
    const dataDir = made
    const first = await startEmbeddedPostgres({ dataDir })
    await withDatabase(first, (db) => db.execute(`create table kept as select 'nee' as word`))
    await first[Symbol.asyncDispose]()
    expect(await findPid(dataDir)).toBeUndefined()

    const startedAt = performance.now()
    const second = await startEmbeddedPostgres({ dataDir })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    expect(second.adopted).toBe(false)
    expect(await withDatabase(second, (db) => db.query('select word from kept'))).toEqual([{ word: 'nee' }])
    await second[Symbol.asyncDispose]()
  })

  it('works as a role that is no superuser, so that a revoked right is gone', async () => {
    const embedded = await startEmbeddedPostgres({ dataDir: made })
    await withDatabase(embedded, async (db) => {
      expect(
        await db.query('select rolname, rolsuper, rolcreatedb from pg_roles where rolname = current_user'),
      ).toEqual([{ rolname: 'verzet', rolsuper: false, rolcreatedb: false }])
      await db.execute('create table evidence (id int); revoke update, delete on evidence from verzet')
      await db.execute('insert into evidence values (1)')
      await expect(db.execute('delete from evidence')).rejects.toThrow('permission denied for table evidence')
    })
    await embedded[Symbol.asyncDispose]()
  })

  it('is durable, checks its pages, listens on no port and writes no statement into its log', async () => {
    const dataDir = made
    const embedded = await startEmbeddedPostgres({ dataDir })
    await withDatabase(embedded, async (db) => {
      const rows = await db.query<{ name: string; setting: string }>(
        `select name, setting from pg_settings where name = any($1)`,
        [['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'listen_addresses', 'server_encoding']],
      )
      expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual({
        fsync: 'on',
        synchronous_commit: 'on',
        full_page_writes: 'on',
        data_checksums: 'on',
        listen_addresses: '',
        server_encoding: 'UTF8',
      })
      await expect(db.query(`select 'jan@voorbeeld.be'::int`)).rejects.toThrow('invalid input syntax')
      await expect(db.query('select $1::uuid', ['piet@voorbeeld.be'])).rejects.toThrow('invalid input syntax')
    })
    await embedded[Symbol.asyncDispose]()
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).not.toContain('voorbeeld')
  })

  it('takes a data directory whose path is too long for a socket', async () => {
    const dataDir = await newDataDir('lang'.repeat(25))
    const embedded = await startEmbeddedPostgres({ dataDir })
    expect(embedded.socketDir.startsWith(join(tmpdir(), 'verzet-'))).toBe(true)
    expect(await withDatabase(embedded, (db) => db.query('select 1 as one'))).toEqual([{ one: 1 }])
    await embedded[Symbol.asyncDispose]()
    await rm(embedded.socketDir, { recursive: true })
  })

  it('refuses in plain words a cluster of another major version', async () => {
    const versionFile = join(made, 'postgres', 'PG_VERSION')
    const version = await readFile(versionFile, 'utf8')
    await writeFile(versionFile, '15\n')
    await expect(startEmbeddedPostgres({ dataDir: made })).rejects.toThrow(
      /was made by PostgreSQL 15, and this Verzet brings 18\..*DATABASE_URL/,
    )
    await writeFile(versionFile, version)
  })
})

describe('a process that dies', () => {
  it('leaves a server that the next one adopts, with everything in it', async () => {
    const dataDir = made
    const { child, ended } = await startChild(dataDir)
    const pid = await findPid(dataDir)
    child.kill('SIGKILL')
    await ended
    expect(await findPid(dataDir)).toBe(pid)
    const embedded = await startEmbeddedPostgres({ dataDir })
    expect(embedded.adopted).toBe(true)
    await embedded[Symbol.asyncDispose]()
    expect(await findPid(dataDir)).toBeUndefined()
  })

  it('while it makes the cluster leaves nothing that stops the next one', async () => {
    const dataDir = await newDataDir('half')
    const unfinished = () => readdirSync(dataDir).filter((entry) => entry.startsWith('postgres.new'))
    const { child, ended } = await killWhen(dataDir, () => existsSync(dataDir) && unfinished().length > 0)
    await ended
    expect(child.signalCode).toBe('SIGKILL')
    const embedded = await startEmbeddedPostgres({ dataDir })
    expect(await withDatabase(embedded, (db) => db.query('select 1 as one'))).toEqual([{ one: 1 }])
    await embedded[Symbol.asyncDispose]()
    expect(unfinished()).toEqual([])
  })

  it('with a pid file whose number another process has now does not stop the next one', async () => {
    const dataDir = made
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), `${process.pid}\n${dataDir}/postgres\n1\n5432\n/tmp\n`)
    const embedded = await startEmbeddedPostgres({ dataDir })
    expect(embedded.adopted).toBe(false)
    await embedded[Symbol.asyncDispose]()
  })
})

async function killWhen(dataDir: string, isReached: () => boolean) {
  const child = spawn(process.execPath, [childScript, dataDir], { stdio: 'ignore' })
  children.push(child)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  while (!isReached() && child.exitCode === null) await sleep(2)
  child.kill('SIGKILL')
  return { child, ended }
}

describe('a server that is killed', () => {
  it('is started again, and everything committed is there', async () => {
    const dataDir = made
    const lines: string[] = []
    const embedded = await startEmbeddedPostgres({ dataDir, log: (line) => lines.push(line) })
    const db = await openDatabase({ connectionString: embedded.connectionString, poolSize: 2 })
    await db.execute('create table said (id int primary key)')
    await db.execute('insert into said select generate_series(1, 1000)')
    const pid = await findPid(dataDir)
    process.kill(pid ?? 0, 'SIGKILL')
    // For a moment a child of the dead server may still answer; so first wait for the new one.
    while ([undefined, pid].includes(await findPid(dataDir))) await sleep(20)
    expect(await untilAnswered(db)).toEqual([{ count: 1000n }])
    expect(lines).toEqual(['the embedded database ended unexpectedly; starting it again'])
    await db[Symbol.asyncDispose]()
    await embedded[Symbol.asyncDispose]()
    expect(await findPid(dataDir)).toBeUndefined()
  })
})

describe('leaving a server that was killed a moment ago', () => {
  it('ends its starting again, and leaves nothing running', async () => {
    const embedded = await startEmbeddedPostgres({ dataDir: made })
    process.kill((await findPid(made)) ?? 0, 'SIGKILL')
    await embedded[Symbol.asyncDispose]()
    await sleep(300)
    expect(await findPid(made)).toBeUndefined()
  })
})

async function untilAnswered(db: Database): Promise<unknown> {
  for (;;) {
    try {
      return await db.query('select count(*) from said')
    } catch {
      await sleep(50)
    }
  }
}

describe('two processes', () => {
  it('that start at once on an empty data directory both come up, on one server, and the last to leave stops it', async () => {
    const dataDir = await newDataDir('two')
    const [one, two] = await Promise.all([startChild(dataDir), startChild(dataDir)])
    expect([one.adopted, two.adopted].sort()).toEqual([false, true])
    one.child.stdin?.end()
    await one.ended
    expect(await findPid(dataDir)).toBeDefined()
    two.child.stdin?.end()
    await two.ended
    expect(await findPid(dataDir)).toBeUndefined()
  })

  it('of which one leaves while the other starts never meet a server that is going away', async () => {
    const dataDir = made
    let embedded = await startEmbeddedPostgres({ dataDir })
    for (let round = 0; round < 5; round++) {
      const [next] = await Promise.all([startEmbeddedPostgres({ dataDir }), embedded[Symbol.asyncDispose]()])
      expect(await withDatabase(next, (db) => db.query('select 1 as one'))).toEqual([{ one: 1 }])
      embedded = next
    }
    await embedded[Symbol.asyncDispose]()
    expect(await findPid(dataDir)).toBeUndefined()
  })
})
