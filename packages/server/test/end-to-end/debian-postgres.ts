import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openDatabase } from '../../src/storage/database.ts'
import { findUnprivilegedAccount, isRoot } from '../../src/storage/embedded/account.ts'
import { sleep } from '../../src/storage/retry.ts'

const home = '/usr/lib/postgresql'
const oldest = 15
const startWithinMs = 30_000

/** A server as an operator has it: over TCP, with passwords, and a role that owns its database and is no superuser. */
export type OwnServer = AsyncDisposable & {
  readonly version: string
  /** Of an empty database of its own. */
  createDatabase(name: string): Promise<string>
  stop(mode: 'fast' | 'immediate'): Promise<void>
  start(): Promise<void>
}

export const ownerPassword = 'geheim-van-de-eigenaar'

/** The oldest version that the hub supports and this machine has; the suite skips itself where there is none. */
export function findBinaries(): string | undefined {
  const versions = existsSync(home) ? readdirSync(home).map(Number) : []
  const version = versions.filter((found) => found >= oldest).sort((a, b) => a - b)[0]
  return version === undefined ? undefined : join(home, String(version), 'bin')
}

export async function startOwnServer(binaries: string): Promise<OwnServer> {
  const directory = await mkdtemp(join(tmpdir(), 'verzet-own-server-'))
  const account = isRoot() ? await findUnprivilegedAccount() : undefined
  const data = join(directory, 'data')
  const passwords = join(directory, 'password')
  await writeFile(passwords, 'geheim-van-de-beheerder')
  if (account) for (const path of [directory, passwords]) await chown(path, account.uid, account.gid)
  await chmod(directory, 0o711)
  const asAccount = { ...account, cwd: '/' }
  const run = (program: string, ...args: string[]) => promisify(execFile)(join(binaries, program), args, asAccount)
  await run(
    'initdb',
    '-D',
    data,
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C',
    '--auth=scram-sha-256',
    '--no-sync',
    `--pwfile=${passwords}`,
  )
  const port = await freePort()
  const url = (role: string, password: string, name: string) =>
    `postgres://${role}:${password}@127.0.0.1:${port}/${name}?sslmode=disable`
  const admin = url('postgres', 'geheim-van-de-beheerder', 'postgres')

  const start = async () => {
    const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${directory}`]
    const child = spawn(join(binaries, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
      ...asAccount,
      stdio: 'ignore',
    })
    const giveUpAt = Date.now() + startWithinMs
    while (!(await answers(admin))) {
      if (child.exitCode !== null || Date.now() > giveUpAt)
        throw new Error('the PostgreSQL server of the test did not start')
      await sleep(50)
    }
    return child
  }
  let child = await start()
  const stop = async (mode: 'fast' | 'immediate') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await once(child, 'exit')
  }
  await execute(admin, `create role verzet login createdb password '${ownerPassword}'`)
  return {
    version: (await run('postgres', '--version')).stdout.trim(),
    async createDatabase(name) {
      await execute(admin, `create database ${name} owner verzet`)
      return url('verzet', ownerPassword, name)
    },
    stop,
    async start() {
      child = await start()
    },
    async [Symbol.asyncDispose]() {
      await stop('immediate')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function answers(connectionString: string): Promise<boolean> {
  try {
    await execute(connectionString, 'select 1')
    return true
  } catch {
    return false
  }
}

async function execute(connectionString: string, statement: string): Promise<void> {
  const db = await openDatabase({ connectionString, poolSize: 1 })
  try {
    await db.execute(statement)
  } finally {
    await db[Symbol.asyncDispose]()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
