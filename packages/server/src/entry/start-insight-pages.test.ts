import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../../../scripts/build.mjs'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { email, spoken } from '../../test/people.ts'
import { texts } from '../../test/public-pages.ts'
import type { StaffVisit } from '../adapters/http/staff/access.ts'
import { insightPages } from '../adapters/http/staff/insight/insight-pages.ts'
import type { StaffAsking } from '../adapters/http/staff/staff-page.ts'
import { countInsight } from '../services/insight/count-insight.ts'
import { startInsightPages } from './start-insight-pages.ts'

let hub: TestHub
let connectionString: string
beforeAll(async () => {
  await ensureBuilt()
  hub = await createTestHub()
  connectionString = hub.testDatabase.connectionString
  const said = spoken(hub, email('jan@voorbeeld.be'), { kind: 'objection' })
  const origin = { brand: 'acme', topic: 'news', channel: 'email' } as const
  await hub.committer.record([{ ...said, context: { signal: 'page', origin, reason: 'too_many' } }])
  await countInsight(hub.db, hub.clock())
})
afterAll(() => hub[Symbol.asyncDispose]())

const visit = (role: string): StaffVisit => ({
  session: { id: 's', staffId: 'm', email: 'm@acme.example', roles: [role], authenticatedAt: 0, method: 'password' },
  token: 'secret',
})

const asking = (path: string, query: Readonly<Record<string, string>>, staff?: StaffVisit): StaffAsking => ({
  method: 'GET',
  url: `${path}?${new URLSearchParams(query)}`,
  query,
  headers: { 'accept-language': 'fr' },
  staff,
})

describe('pages of insight in a thread of their own', () => {
  it('are those that the hub puts together itself, for each who looks', async () => {
    await using pages = startInsightPages({ connectionString, yields: false })
    const paths = ['/insight', '/insight/table.csv', '/insight/chart.png', '/insight/words', '/insight/report']
    for (const path of [...paths, '/insight/people']) {
      for (const role of ['marketer', 'privacy_officer']) {
        const asked = asking(path, { by: 'reason', value: 'too_many' }, visit(role))
        const own = await insightPages.get(path)?.read({ hub, texts }, asked)
        expect(own?.status, path).toBe(200)
        expect(await pages.read(path, asked), path).toEqual(own)
      }
    }
    const shown = await Promise.all(
      ['marketer', 'privacy_officer'].map((role) => pages.read('/insight', asking('/insight', {}, visit(role)))),
    )
    expect(shown.map(({ body }) => String(body).includes('/insight/people'))).toEqual([false, true])
  })

  it('are prepared for as soon as somebody is at work who may look at them', async () => {
    await using pages = startInsightPages({ connectionString, yields: false })
    const connections = async () => {
      const [counted] = await hub.db.query<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity
         where datname = current_database() and application_name like 'verzet-%'`,
      )
      return counted?.count
    }
    await expect.poll(connections, { timeout: 10_000 }).toBe(0)
    pages.prepare()
    await expect.poll(connections, { timeout: 10_000 }).toBeGreaterThan(0)
  })

  it('leave no connection open when the hub ends', async () => {
    const pages = startInsightPages({ connectionString, yields: false })
    await pages.read('/insight', asking('/insight', {}))
    const others = `select count(*)::int as others from pg_stat_activity
      where datname = current_database() and application_name like 'verzet-%'`
    const before = await hub.db.query<{ others: number }>(others)
    await pages[Symbol.asyncDispose]()
    const after = await hub.db.query<{ others: number }>(others)
    expect([before[0]?.others, after[0]?.others]).toEqual([expect.any(Number), 0])
    expect(before[0]?.others).toBeGreaterThan(0)
  })

  it('fail one at a time: the next one is answered', async () => {
    await using pages = startInsightPages({ connectionString, yields: false })
    await expect(pages.read('/insight/nowhere', asking('/insight/nowhere', {}))).rejects.toThrow('failed')
    expect((await pages.read('/insight', asking('/insight', {}))).status).toBe(200)
  })

  it('fail rather than wait where the database is out of reach, and say why', async () => {
    const nowhere = new URL(connectionString)
    nowhere.pathname = '/no_such_database'
    await using pages = startInsightPages({ connectionString: nowhere.href, yields: false })
    for (const _ of ['first', 'again']) {
      const failing = pages.read('/insight', asking('/insight', {}))
      await expect(failing).rejects.toMatchObject({
        message: 'the thread of insight broke',
        code: 'database_unavailable',
      })
    }
  })
})
