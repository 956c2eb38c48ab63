import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/storage/database.ts'
import { findBinaries, type OwnServer, ownerPassword, startOwnServer } from './debian-postgres.ts'
import {
  addBrand,
  buildHub,
  call,
  cleanEnvironment,
  type HubProcess,
  makeDataDir,
  repository,
  startHub,
  until,
} from './hub-process.ts'

const isMissing = process.env.VERZET_MISSING?.split(',').includes('postgres') === true || findBinaries() === undefined
const point = (value: string) => ({ type: 'email', value })

async function gate(hub: HubProcess, value: string) {
  return call(hub, 'POST', '/v1/gate', {
    contactPoint: point(value),
    brand: 'proef',
    channel: 'email',
    topic: 'nieuws',
  })
}

async function pageOf(hub: HubProcess, value: string): Promise<string> {
  const links = await call(hub, 'POST', '/v1/links', {
    contactPoint: point(value),
    brand: 'proef',
    channel: 'email',
    topic: 'nieuws',
  })
  return String(links.body.page)
}

function oneClick(page: string): Promise<Response> {
  return fetch(page, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })
}

describe.skipIf(isMissing)('the hub on a PostgreSQL server of its own', () => {
  let server: OwnServer
  let started: OwnServer | undefined
  beforeAll(async () => {
    await buildHub()
    server = started = await startOwnServer(findBinaries() ?? '')
    process.stdout.write(`${server.version}\n`)
  })
  afterAll(() => started?.[Symbol.asyncDispose]())

  it('hears, refuses, erases and remembers as a role that owns its database and is no superuser', async () => {
    await using directory = await makeDataDir()
    const DATABASE_URL = await server.createDatabase('whole')
    await using hub = await startHub({ dataDir: directory.path, env: { DATABASE_URL } })
    expect(existsSync(join(directory.path, 'postgres')), 'no embedded database beside it').toBe(false)
    await addBrand(hub)
    const person = {
      language: 'nl',
      contactPoints: [point('jan@voorbeeld.be'), { type: 'phone', value: '0470 12 34 56' }],
    }
    expect((await call(hub, 'PUT', '/v1/relations/K-1', person)).status).toBe(201)
    expect((await oneClick(await pageOf(hub, 'jan@voorbeeld.be'))).status).toBe(200)
    expect((await gate(hub, 'jan@voorbeeld.be')).body).toMatchObject({ decision: 'deny', reason: 'objection' })
    const bySms = {
      contactPoint: { type: 'phone', value: '+32470123456' },
      brand: 'proef',
      channel: 'sms',
      topic: 'nieuws',
    }
    expect((await call(hub, 'POST', '/v1/gate', bySms)).body).toMatchObject({ reason: 'objection' })

    expect((await call(hub, 'DELETE', '/v1/relations/K-1')).status).toBeLessThan(300)
    expect((await call(hub, 'GET', '/v1/relations/K-1')).status).toBe(404)
    expect((await call(hub, 'PUT', '/v1/relations/K-1', person)).status).toBeLessThan(300)
    expect((await gate(hub, 'jan@voorbeeld.be')).body).toMatchObject({ decision: 'deny', reason: 'objection' })

    const db = await openDatabase({ connectionString: DATABASE_URL, poolSize: 1 })
    for (const statement of [`update evidence set body = ''`, 'delete from evidence', 'truncate evidence']) {
      await expect(db.execute(statement)).rejects.toThrow(/permission denied/)
    }
    await db[Symbol.asyncDispose]()
    expect(hub.stderr() + hub.stdout()).not.toContain(ownerPassword)
  })

  it.each(['fast', 'immediate'] as const)(
    'answers neither allow nor done while the server is down (%s), and goes on when it is back',
    async (mode) => {
      await using directory = await makeDataDir()
      const DATABASE_URL = await server.createDatabase(`outage_${mode}`)
      await using hub = await startHub({ dataDir: directory.path, env: { DATABASE_URL } })
      await addBrand(hub)
      const [stopped, other] = [await pageOf(hub, 'stopped@voorbeeld.be'), await pageOf(hub, 'other@voorbeeld.be')]
      expect((await oneClick(stopped)).status).toBe(200)

      await server.stop(mode)
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const asked = await gate(hub, 'other@voorbeeld.be')
        expect(asked.status).toBe(503)
        expect(asked.text).not.toContain('allow"')
        expect((await oneClick(other)).status).toBe(503)
        expect((await fetch(other)).status).toBe(503)
        const choice = { contactPoint: point('other@voorbeeld.be'), kind: 'objection', scope: {}, author: 'person' }
        expect((await call(hub, 'POST', '/v1/choices', choice)).status).toBe(503)
        expect((await fetch(`${hub.ready.url}/readyz`)).status).toBe(503)
        expect((await fetch(`${hub.ready.url}/healthz`)).status).toBe(200)
      }

      await server.start()
      await until(async () => (await fetch(`${hub.ready.url}/readyz`)).status === 200, 15_000)
      expect((await gate(hub, 'stopped@voorbeeld.be')).body).toMatchObject({ decision: 'deny', reason: 'objection' })
      expect((await gate(hub, 'other@voorbeeld.be')).body.reason).not.toBe('objection')
      expect((await oneClick(other)).status).toBe(200)
      expect((await gate(hub, 'other@voorbeeld.be')).body).toMatchObject({ decision: 'deny', reason: 'objection' })
      expect((await hub.stop()).code).toBe(0)
    },
  )

  it('comes up twice at once on one empty database, and one hears what the other was told', async () => {
    await using directory = await makeDataDir()
    const DATABASE_URL = await server.createDatabase('at_once')
    const start = () => startHub({ dataDir: directory.path, env: { DATABASE_URL } })
    const [one, other] = await Promise.all([start(), start()])
    await using _one = one
    await using _other = other
    expect(one.ready.apiKey).toBe(other.ready.apiKey)
    await addBrand(one)
    await until(async () => !String((await gate(other, 'a@voorbeeld.be')).body.reason).startsWith('unknown'), 5_000)
    expect((await oneClick(await pageOf(one, 'a@voorbeeld.be'))).status).toBe(200)
    expect((await oneClick(await pageOf(other, 'b@voorbeeld.be'))).status).toBe(200)
    expect((await gate(other, 'a@voorbeeld.be')).body.reason).toBe('objection')
    expect((await gate(one, 'b@voorbeeld.be')).body.reason).toBe('objection')
  })

  it('passes the tests of the services', async () => {
    const VERZET_TEST_DATABASE_URL = await server.createDatabase('suites')
    // Histories by chance ask the same statements over and over.
    const suites = [join(repository, 'packages/server/src/services'), '--exclude', '**/*.property.test.ts']
    const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
    const env = { ...cleanEnvironment(), VERZET_TEST_DATABASE_URL }
    const run = await runToEnd(process.execPath, [vitest, 'run', '--project', 'server', '--reporter=dot', ...suites], {
      cwd: repository,
      env,
    })
    expect(run.code, run.output).toBe(0)
    expect(run.output).toMatch(/Tests\s+\d{2,} passed/)
  }, 240_000)
})

function runToEnd(program: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('close', (code) =>
      resolve({ code, output: stripVTControlCharacters(Buffer.concat(chunks).toString('utf8')) }),
    )
  })
}
