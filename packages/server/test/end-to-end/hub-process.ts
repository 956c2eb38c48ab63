import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { z } from 'zod'

export const repository = fileURLToPath(new URL('../../../../', import.meta.url))
const bundle = join(repository, 'packages/server/dist/verzet.mjs')
/** The reference machine needs half a second; this is for one that is busy with other tests. */
const readyWithinMs = 20_000

/** The line that `--json` prints, member by member: an unknown one fails. */
export const readyLine = z.strictObject({
  url: z.url(),
  apiKey: z.string().regex(/^vz_/),
  dataDir: z.string(),
  mailListen: z.string().optional(),
  relayListen: z.array(z.string()).optional(),
  demo: z
    .strictObject({
      brand: z.string(),
      topics: z.array(z.strictObject({ id: z.string(), purpose: z.enum(['marketing', 'service']) })),
      relations: z.array(
        z.strictObject({
          externalId: z.string(),
          language: z.string(),
          contactPoints: z.array(z.strictObject({ type: z.string(), value: z.string() })),
          page: z.url(),
        }),
      ),
    })
    .optional(),
})
export type ReadyLine = z.infer<typeof readyLine>

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type HubProcess = AsyncDisposable & {
  readonly pid: number
  readonly ready: ReadyLine
  readonly readyMs: number
  stdout(): string
  stderr(): string
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<Ended>
  /** SIGTERM, and its end. */
  stop(): Promise<Ended>
}

export type StartOptions = {
  readonly dataDir?: string
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** By default Node with the built hub and `serve`. */
  readonly program?: readonly [string, ...string[]]
  readonly port?: number
  readonly cwd?: string
  /** In a process group of its own, as a terminal starts it. */
  readonly detached?: boolean
}

/** Builds the hub from the sources as they are now. */
export async function buildHub(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(repository, 'scripts/build.mjs')])
}

/** Starts a hub on any free port and waits until it says that it is ready. */
export async function startHub(options: StartOptions = {}): Promise<HubProcess> {
  const startedAt = performance.now()
  const running = spawnHub(options)
  const line = await Promise.race([firstLine(running), running.ended.then(() => undefined), after(readyWithinMs)])
  if (line === undefined) {
    running.kill('SIGKILL')
    throw new Error(`the hub did not start: ${running.stderr()}`)
  }
  const readyMs = performance.now() - startedAt
  return {
    ...running,
    ready: readyLine.parse(JSON.parse(line)),
    readyMs,
    async stop() {
      running.kill('SIGTERM')
      return running.ended
    },
    async [Symbol.asyncDispose]() {
      running.kill('SIGTERM')
      await running.ended
    },
  }
}

/** A start that is expected to fail: its end and what it said. */
export async function failToStart(options: StartOptions): Promise<Ended & { stdout: string; stderr: string }> {
  const running = spawnHub(options)
  const ended = await running.ended
  return { ...ended, stdout: running.stdout(), stderr: running.stderr() }
}

export function spawnHub(options: StartOptions) {
  const { dataDir, args = [], env = {}, cwd = tmpdir(), port = 0, detached = false } = options
  const [command, ...before] = options.program ?? [process.execPath, bundle, 'serve']
  const given = [
    ...before,
    '--json',
    '--port',
    String(port),
    ...(dataDir === undefined ? [] : ['--data', dataDir]),
    ...args,
  ]
  const child = spawn(command, given, {
    cwd,
    detached,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stdout = collect(child, 'stdout')
  const stderr = collect(child, 'stderr')
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal }))
  return {
    child,
    pid: child.pid ?? 0,
    stdout,
    stderr,
    ended,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
  }
}

/** Without settings of whoever runs the tests. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VERZET_|DATABASE_URL$|PG|npm_|VITEST|NODE_OPTIONS$)/.test(name),
  )
  return Object.fromEntries(kept)
}

function collect(child: ChildProcess, name: 'stdout' | 'stderr'): () => string {
  const chunks: Buffer[] = []
  child[name]?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}

async function firstLine({ child, stdout }: ReturnType<typeof spawnHub>): Promise<string> {
  while (!stdout().includes('\n')) await once(child.stdout, 'data')
  return stdout().split('\n')[0] ?? ''
}

function after(delayMs: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, delayMs, undefined).unref())
}

/** A directory of its own that the account of the embedded server can pass through; stops what still runs there. */
export async function makeDataDir(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'verzet-end-to-end-'))
  await chmod(path, 0o711)
  return {
    path,
    async [Symbol.asyncDispose]() {
      const pid = postmasterOf(path)
      if (pid !== undefined) killIfAlive(pid, 'SIGQUIT')
      while (postmasterOf(path) !== undefined) await new Promise((resolve) => setTimeout(resolve, 20))
      await rm(path, { recursive: true, force: true })
    },
  }
}

/** The living first process of the embedded server. */
export function postmasterOf(dataDir: string): number | undefined {
  const path = join(dataDir, 'postgres/postmaster.pid')
  if (!existsSync(path)) return undefined
  const pid = Number(readFileSync(path, 'utf8').split('\n')[0])
  return pid > 1 && isAlive(pid) ? pid : undefined
}

/** For looking into the embedded database from outside while the hub runs. */
export function embeddedConnectionString(dataDir: string): string {
  const socketDir = readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[4] ?? ''
  return `postgresql://verzet@localhost:5432/verzet?host=${encodeURIComponent(socketDir)}&sslmode=disable`
}

export function killIfAlive(pid: number, signal: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, signal)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** One call of the API; the body of the answer as it is. */
export async function call(
  hub: { ready: ReadyLine },
  method: string,
  path: string,
  body?: unknown,
  key = hub.ready.apiKey,
) {
  const response = await fetch(`${hub.ready.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    text,
    body: /json/.test(response.headers.get('content-type') ?? '')
      ? z.record(z.string(), z.unknown()).parse(JSON.parse(text))
      : {},
  }
}

/** A brand with one topic for advertising and one for service, of a country where a customer may be written to. */
export async function addBrand(hub: { ready: ReadyLine }, brand = 'proef'): Promise<void> {
  const made = await call(hub, 'PUT', `/v1/brands/${brand}`, { name: 'Proef', controller: 'Proef NV', country: 'BE' })
  expect(made.status, made.text).toBeLessThan(300)
  for (const [topic, purpose] of [
    ['nieuws', 'marketing'],
    ['facturen', 'service'],
  ] as const) {
    const added = await call(hub, 'PUT', `/v1/brands/${brand}/topics/${topic}`, {
      purpose,
      names: { nl: topic, en: topic },
    })
    expect(added.status, added.text).toBeLessThan(300)
  }
}

export async function until(isTrue: () => Promise<boolean>, withinMs: number): Promise<void> {
  const giveUpAt = Date.now() + withinMs
  while (!(await isTrue())) {
    expect(Date.now(), 'in time').toBeLessThan(giveUpAt)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
