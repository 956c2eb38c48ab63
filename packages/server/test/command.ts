import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database } from '../src/storage/database.ts'
import { createTestDatabase } from './database.ts'

const command = fileURLToPath(new URL('../bin/verzet.mjs', import.meta.url))

export type Ended = { code: number | null; out: string; err: string }
type RunOptions = { killOn?: RegExp; env?: Record<string, string>; input?: string }

export type CommandLine = AsyncDisposable & {
  /** The database the commands work on. */
  readonly db: Database
  readonly directory: string
  run(args: string[], options?: RunOptions): Promise<Ended>
  file(name: string, content: string): string
}

/** The command line as somebody types it, on a database and in a directory of its own, with one brand set up. */
export async function createCommandLine(): Promise<CommandLine> {
  const database = await createTestDatabase()
  const directory = mkdtempSync(join(tmpdir(), 'verzet-cli-'))
  const line = {
    db: database.db,
    directory,
    run: (args: string[], options: RunOptions = {}) => run(args, options, directory, database.connectionString),
    file(name: string, content: string) {
      const path = join(directory, name)
      writeFileSync(path, content)
      return path
    },
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      rmSync(directory, { recursive: true, force: true })
    },
  }
  const brand = { id: 'shop', name: 'The Shop', controller: 'Shop NV', country: 'BE' }
  const topics = [
    { brand: 'shop', id: 'news', purpose: 'marketing', names: { en: 'News' } },
    { brand: 'shop', id: 'orders', purpose: 'service', names: { en: 'Orders' } },
  ]
  await line.run(['brands', 'set', line.file('brand.json', JSON.stringify(brand))])
  await line.run(['topics', 'set', line.file('topics.json', JSON.stringify(topics))])
  return line
}

/** With nothing of this machine's own settings. */
function run(args: string[], options: RunOptions, directory: string, databaseUrl: string): Promise<Ended> {
  const env = {
    PATH: process.env.PATH ?? '',
    VERZET_DATA: join(directory, 'data'),
    DATABASE_URL: databaseUrl,
    ...options.env,
  }
  const child = spawn(process.execPath, [command, ...args], { env, cwd: directory })
  child.stdin.end(options.input ?? '')
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
    if (options.killOn?.test(text)) child.kill('SIGINT')
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}
