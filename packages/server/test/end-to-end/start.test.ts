import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, transact } from '../../src/storage/database.ts'
import {
  addBrand,
  buildHub,
  call,
  embeddedConnectionString,
  failToStart,
  type HubProcess,
  makeDataDir,
  postmasterOf,
  repository,
  spawnHub,
  startHub,
  until,
} from './hub-process.ts'
import { sayNoes } from './one-click-line.ts'

const startScript = join(repository, 'scripts/start.mjs')
const npmStart = [process.execPath, startScript] as const
/** What people are promised. It is printed, not asserted: a test machine does other things too. */
const promisedMs = 5_000
/** Below the ten seconds after which a draining hub cuts what is left. */
const idleWaitMsMax = 5_000

const objection = (value: string) => ({
  contactPoint: { type: 'email', value },
  kind: 'objection',
  scope: {},
  author: 'person',
})
const question = (value: string) => ({
  contactPoint: { type: 'email', value },
  brand: 'proef',
  channel: 'email',
  topic: 'nieuws',
})

async function decisionAbout(hub: HubProcess, value: string): Promise<unknown> {
  const answer = await call(hub, 'POST', '/v1/gate', question(value))
  expect(answer.status, answer.text).toBe(200)
  return answer.body.reason
}

/** The moment of the first accepted connection is the moment the hub is ready. */
function portOf(hub: HubProcess): number {
  return Number(new URL(hub.ready.url).port)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

beforeAll(buildHub)

describe('npm start', () => {
  it('prints one line of JSON when it is ready, and the pages and the key in it work', async () => {
    await using directory = await makeDataDir()
    await using hub = await startHub({ program: npmStart, dataDir: directory.path })
    process.stdout.write(`ready ${Math.round(hub.readyMs)} ms after a first start (promised: ${promisedMs} ms)\n`)
    expect(hub.stdout().split('\n')).toHaveLength(2)
    const { url, dataDir, demo } = hub.ready
    expect(dataDir).toBe(realpathSync(directory.path))
    expect(url).toMatch(/^http:\/\/localhost:\d+$/)
    expect(demo?.brand).toBe('duinroos')
    expect(demo?.topics.map(({ purpose }) => purpose).sort()).toEqual([
      'marketing',
      'marketing',
      'marketing',
      'service',
    ])
    expect(demo?.relations.map(({ language }) => language)).toEqual(['nl', 'fr', 'de'])
    for (const { page, language } of demo?.relations ?? []) {
      const response = await fetch(page)
      expect(response.status).toBe(200)
      expect(await response.text()).toContain(`<html lang="${language}"`)
    }
    for (const path of ['/demo', '/demo/mailbox', '/c', '/healthz', '/readyz', '/metrics', '/v1/openapi.json']) {
      expect((await fetch(`${url}${path}`)).status, path).toBe(200)
    }
    expect((await call(hub, 'GET', '/v1/brands')).status).toBe(200)
    expect((await call(hub, 'GET', '/v1/brands', undefined, 'vz_wrong')).status).toBe(401)
    expect(await hub.stop()).toEqual({ code: 0, signal: null })
    expect(hub.stdout().split('\n')).toHaveLength(2)
  })

  it('keeps its data, its key and what people said or corrected over a restart', async () => {
    await using directory = await makeDataDir()
    const first = await startHub({ program: npmStart, dataDir: directory.path })
    const page = first.ready.demo?.relations[0]?.page ?? ''
    expect(
      (await fetch(page, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })).status,
    ).toBe(200)
    const details = new URLSearchParams({ name: 'Jan P.', language: 'en' })
    expect((await fetch(`${page}/details`, { method: 'POST', body: details })).status).toBe(200)
    expect((await call(first, 'DELETE', '/v1/relations/K-1003')).status).toBeLessThan(300)
    expect((await first.stop()).code).toBe(0)

    await using second = await startHub({ program: npmStart, dataDir: directory.path })
    process.stdout.write(`ready ${Math.round(second.readyMs)} ms after a restart\n`)
    expect(second.ready.apiKey).toBe(first.ready.apiKey)
    const gate = {
      contactPoint: { type: 'phone', value: '+32470123456' },
      brand: 'duinroos',
      channel: 'sms',
      topic: 'nieuws',
    }
    expect((await call(second, 'POST', '/v1/gate', gate)).body).toMatchObject({ decision: 'deny', reason: 'objection' })
    expect((await call(second, 'GET', '/v1/relations/K-1001')).body).toMatchObject({ name: 'Jan P.', language: 'en' })
    expect((await call(second, 'GET', '/v1/relations/K-1003')).status).toBe(404)
    const oldLink = page.replace(first.ready.url, second.ready.url)
    expect((await fetch(oldLink)).status).toBe(200)
  })

  it('runs without the demo, on the port and in the directory that were asked for', async () => {
    await using directory = await makeDataDir()
    const port = await freePort()
    const dataDir = join(directory.path, 'not', 'there', 'yet')
    await using hub = await startHub({ program: npmStart, dataDir, args: ['--no-demo'], port })
    expect(hub.ready).toEqual({ url: `http://localhost:${port}`, apiKey: hub.ready.apiKey, dataDir })
    expect((await call(hub, 'GET', '/v1/brands')).text).toBe('{"brands":[]}')
    expect((await fetch(`${hub.ready.url}/demo`)).status).toBe(404)
    expect(readdirSync(dataDir)).toEqual(expect.arrayContaining(['api-key', 'secrets.json', 'postgres.log']))
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600)
  })

  it('says nothing on stdout but that line when npm is silent, and one Ctrl-C ends all of it', async () => {
    await using directory = await makeDataDir()
    const program = ['npm', 'start', '--silent', '--'] as const
    await using hub = await startHub({ program, dataDir: directory.path, cwd: repository, detached: true })
    // A terminal tells every process of the group, and npm tells its child once more.
    process.kill(-hub.pid, 'SIGINT')
    await hub.ended
    expect(hub.stdout().split('\n')).toHaveLength(2)
    expect(postmasterOf(directory.path)).toBeUndefined()
  })
})

describe('a start that cannot be', () => {
  it('says in a sentence that the port is taken, before it starts anything', async () => {
    await using directory = await makeDataDir()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const failed = await failToStart({ dataDir: directory.path, port })
    server.close()
    expect(failed).toMatchObject({ code: 69, stdout: '' })
    expect(failed.stderr).toMatch(
      new RegExp(`^verzet: Port ${port} on 127\\.0\\.0\\.1 is in use by another program\\..*--port.*\\n$`),
    )
    expect(readdirSync(directory.path)).toEqual([])
  })

  it.each([
    ['a setting that is wrong', { VERZET_LOG_LEVEL: 'loud' }, 78, /VERZET_LOG_LEVEL: /],
    [
      'a database that is not there',
      { DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/db' },
      69,
      /The database "db" at 127\.0\.0\.1:1 cannot be reached/,
    ],
  ])('says in a sentence what is wrong: %s', async (_, env, code, sentence) => {
    await using directory = await makeDataDir()
    const failed = await failToStart({ dataDir: directory.path, env })
    expect(failed).toMatchObject({ code, stdout: '' })
    expect(failed.stderr).toMatch(sentence)
    expect(failed.stderr).not.toMatch(/hunter2|\n\s+at /)
  })

  it('leaves nothing running when it is stopped in the middle', async () => {
    await using directory = await makeDataDir()
    const starting = spawnHub({ dataDir: directory.path })
    while (postmasterOf(directory.path) === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
    starting.kill('SIGTERM')
    expect(await starting.ended).toEqual({ code: 0, signal: null })
    expect(starting.stdout()).toBe('')
    expect(postmasterOf(directory.path)).toBeUndefined()
  })
})

describe('SIGTERM', () => {
  it('finishes what was accepted, ends with 0 and takes the embedded database along', async () => {
    await using directory = await makeDataDir()
    const hub = await startHub({ dataDir: directory.path })
    await addBrand(hub)
    await call(hub, 'POST', '/v1/choices', objection('before@voorbeeld.be'))
    const db = await openDatabase({ connectionString: embeddedConnectionString(directory.path), poolSize: 1 })
    // A slow request: it waits for a lock until after the signal.
    let answered: ReturnType<typeof call> | undefined
    await transact(db, async (tx) => {
      await tx.query('select from partitions for update')
      answered = call(hub, 'POST', '/v1/choices', objection('under-way@voorbeeld.be'))
      await new Promise((resolve) => setTimeout(resolve, 300))
      hub.kill('SIGTERM')
      await new Promise((resolve) => setTimeout(resolve, 500))
      await expect(fetch(`${hub.ready.url}/healthz`), 'a draining hub takes no new connection').rejects.toThrow()
    })
    expect((await answered)?.status).toBe(201)
    const answeredAt = performance.now()
    await db[Symbol.asyncDispose]()
    expect(await hub.ended).toEqual({ code: 0, signal: null })
    expect(performance.now() - answeredAt, 'kept open by a connection that is done').toBeLessThan(idleWaitMsMax)
    expect(postmasterOf(directory.path)).toBeUndefined()
    await using again = await startHub({ dataDir: directory.path })
    expect(await decisionAbout(again, 'under-way@voorbeeld.be')).toBe('objection')
  })

  it('does not wait for idle connections or for who follows the feed', async () => {
    await using directory = await makeDataDir()
    const hub = await startHub({ dataDir: directory.path })
    const idle = sayNoes(portOf(hub), [].values())
    await idle.ready
    const feed = await fetch(`${hub.ready.url}/v1/changes`, {
      headers: { authorization: `Bearer ${hub.ready.apiKey}`, accept: 'text/event-stream' },
    })
    expect(feed.status).toBe(200)
    const stoppedAt = performance.now()
    expect((await hub.stop()).code).toBe(0)
    expect(performance.now() - stoppedAt).toBeLessThan(idleWaitMsMax)
    await feed.text().catch(() => '')
    await idle.ended
  })
})

describe('a process with one role', () => {
  it('sends mail beside one that serves, and listens nowhere', async () => {
    await using directory = await makeDataDir()
    await using web = await startHub({ dataDir: directory.path, args: ['--role', 'web'] })
    // The same port: a worker does not take it.
    const worker = spawnHub({ dataDir: directory.path, args: ['--role', 'worker'], port: portOf(web) })
    await until(async () => worker.stdout().includes('\n'), 15_000)
    expect(JSON.parse(worker.stdout())).toEqual({ dataDir: web.ready.dataDir })
    expect(worker.stderr()).toContain('no smarthost is configured')
    expect(web.stderr()).not.toContain('no smarthost is configured')
    worker.kill('SIGTERM')
    expect((await worker.ended).code).toBe(0)
    expect((await fetch(`${web.ready.url}/readyz`)).status).toBe(200)
  })
})

describe('processes that start at once', () => {
  it('all come up on one empty data directory and see what was said to the other', async () => {
    await using directory = await makeDataDir()
    const start = () => startHub({ dataDir: directory.path, program: npmStart })
    const [one, other] = await Promise.all([start(), start()])
    expect(one.ready.apiKey).toBe(other.ready.apiKey)
    expect(one.ready.url).not.toBe(other.ready.url)
    await addBrand(one)
    await until(async () => !String(await decisionAbout(other, 'one@voorbeeld.be')).startsWith('unknown'), 5_000)
    expect((await call(one, 'POST', '/v1/choices', objection('one@voorbeeld.be'))).status).toBe(201)
    expect((await call(other, 'POST', '/v1/choices', objection('other@voorbeeld.be'))).status).toBe(201)
    expect(await decisionAbout(other, 'one@voorbeeld.be')).toBe('objection')
    expect(await decisionAbout(one, 'other@voorbeeld.be')).toBe('objection')
    expect((await one.stop()).code).toBe(0)
    expect(postmasterOf(directory.path), 'the other still needs it').toBeDefined()
    expect(await decisionAbout(other, 'one@voorbeeld.be')).toBe('objection')
    expect((await other.stop()).code).toBe(0)
    expect(postmasterOf(directory.path)).toBeUndefined()
  })

  it('make the secrets once', async () => {
    await using directory = await makeDataDir()
    const program = [
      join(repository, 'packages/server/dist/verzet.mjs'),
      'keys',
      'show',
      '--json',
      '--data',
      directory.path,
    ]
    const shown = await Promise.all([1, 2, 3, 4].map(() => promisify(execFile)(process.execPath, program)))
    expect(new Set(shown.map(({ stdout }) => stdout)).size).toBe(1)
    expect(readdirSync(directory.path)).toEqual(['secrets.json'])
    expect(JSON.parse(readFileSync(join(directory.path, 'secrets.json'), 'utf8'))).toHaveProperty('pepper')
  })
})
