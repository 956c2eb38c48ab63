import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { readComments } from '../services/insight/comments.ts'
import { countInsight } from '../services/insight/count-insight.ts'
import { addDays, dayOf } from '../services/insight/days.ts'
import { readInsight } from '../services/insight/read-insight.ts'
import { readCadenceLives, readKept } from '../services/insight/read-lives.ts'
import { listStaff } from '../storage/staff.ts'
import { countNoesSince, countOpenAlerts } from '../storage/today.ts'
import { demoBrand, fillDemo } from './demo-data.ts'
import { fillDemoYear } from './demo-year.ts'

const now = Date.UTC(2026, 10, 20, 15)
const year = { from: addDays(dayOf(now), -365), to: dayOf(now) }
const brand = demoBrand.id
let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
  await fillDemo(hub)
  await fillDemoYear(hub, () => {})
  await countInsight(hub.db, now)
}, 300_000)
afterAll(() => hub[Symbol.asyncDispose]())

const count = async (table: 'choices' | 'calls' | 'review_items' | 'delivery_facts' | 'register_listings') =>
  (await hub.db.query<{ count: number }>(`select count(*)::int as count from ${table}`))[0]?.count ?? 0

describe('the demo’s year', () => {
  it('has something to say on every channel, in every season and by many ways', async () => {
    const ask = { brand, measure: 'left' as const, period: year }
    const byChannel = await readInsight(hub.db, { ...ask, dimension: 'channel' })
    expect(byChannel.lines.map(({ value }) => value).sort()).toEqual(['email', 'phone', 'post', 'sms'])
    expect(byChannel.total.rate?.sent).toBeGreaterThan(5_000)
    expect(byChannel.total.count).toBeGreaterThan(80)
    expect((await readInsight(hub.db, { ...ask, dimension: 'signal' })).lines.length).toBeGreaterThan(5)
    expect((await readInsight(hub.db, { ...ask, dimension: 'reason' })).lines.length).toBeGreaterThan(4)
    expect(byChannel.scanner).toBeGreaterThan(0)
  })

  it('has words in two languages, people who stayed, and people to follow', async () => {
    const { keywords } = await readComments(hub, brand, year, {})
    expect(new Set(keywords.map(({ language }) => language))).toEqual(new Set(['nl', 'fr']))
    expect((await readKept(hub.db, brand, year)).length).toBeGreaterThan(1)
    expect((await readCadenceLives(hub.db, brand)).length).toBeGreaterThan(1)
  })

  it('has noes of today, and somebody who says they never signed up', async () => {
    const since = Date.UTC(2026, 10, 19, 23)
    const today = await countNoesSince(hub.db, since)
    expect(today.reduce((sum, { noes }) => sum + noes, 0)).toBeGreaterThan(5)
    expect(today.length).toBeGreaterThan(3)
    expect(await countNoesSince(hub.db, now)).toEqual([])
    expect(await countOpenAlerts(hub.db)).toEqual([{ kind: 'never_signed_up', open: 1 }])
  })

  it('fills the other rooms as well, and only once', async () => {
    for (const table of ['calls', 'review_items', 'delivery_facts', 'register_listings'] as const) {
      expect(await count(table)).toBeGreaterThan(3)
    }
    expect(await listStaff(hub.db)).toHaveLength(3)
    const before = await count('choices')
    await fillDemoYear(hub, () => {})
    expect(await count('choices')).toBe(before)
  })
})
