import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'
import { email, keyed, saveTestRelation } from '../../../../test/people.ts'
import { confirmLeave, readLeave } from '../../../services/leaving/leave-by-link.ts'
import { mintLinks } from '../../../services/mint-links.ts'
import { openPathLink } from '../../../services/open-link.ts'
import { stopByLink } from '../../../services/person-acts.ts'

let api: TestApi
let now = Date.UTC(2026, 10, 21, 9)
beforeAll(async () => {
  api = await createTestApi({ now: () => now })
})
afterAll(async () => api[Symbol.asyncDispose]())

const acme = { name: 'Acme', controller: 'Acme NV', country: 'BE' }

async function linkOf(externalId: string) {
  const { hub } = api
  const point = email(`${externalId}@voorbeeld.be`)
  await saveTestRelation(hub, externalId, [point], { country: 'BE', customerSince: '2024-01-01' })
  const brand = hub.catalog.brand('acme')
  const topic = hub.catalog.topic('acme', 'news')
  if (brand === undefined || topic === undefined) throw new Error('there is no brand')
  const wanted = { keyed: keyed(hub, point), brand, topic, campaignNumber: 0, channel: 'email' as const, offered: [] }
  const [links] = await mintLinks(hub.db, hub.linkRing, hub.random, hub.place, [wanted], now)
  const link = openPathLink(hub.linkRing, hub.catalog, links?.page.split('/u/')[1] ?? '')
  if (link === undefined) throw new Error('no link was made')
  return link
}

describe('what a brand decides about leaving', () => {
  it('is set with the brand and with a topic, and read back', async () => {
    const leaving = {
      policy: 'confirm_on_page',
      alternatives: [
        { kind: 'pause', days: 30, labels: { nl: 'Een maand rust' } },
        { kind: 'digest', reasons: ['too_many'] },
      ],
    }
    const saved = await api.ask('PUT', '/v1/brands/acme', { body: { ...acme, settings: { leaving } } })
    expect([saved.status, at(saved.body, 'settings', 'leaving')]).toEqual([200, leaving])
    const topic = { purpose: 'marketing', names: { en: 'News' }, settings: { leaving: { policy: 'immediate' } } }
    const set = await api.ask('PUT', '/v1/brands/acme/topics/news', { body: topic })
    expect([set.status, at(set.body, 'settings')]).toEqual([200, topic.settings])
  })

  it.each([
    [{ policy: 'ask_first' }, '/settings/leaving/policy'],
    [{ alternatives: [{ kind: 'pause', days: 0 }] }, '/settings/leaving/alternatives/0/days'],
    [{ alternatives: Array.from({ length: 11 }, () => ({ kind: 'digest' })) }, '/settings/leaving/alternatives'],
  ])('is refused where it cannot be: %j', async (leaving, pointer) => {
    const answer = await api.ask('PUT', '/v1/brands/acme', { body: { ...acme, settings: { leaving } } })
    expect([answer.status, at(answer.body, 'errors', 0, 'pointer')]).toEqual([400, pointer])
  })
})

describe('what became of the noes', () => {
  it('is counted by brand, topic, policy and state, and names nobody', async () => {
    await api.ask('PUT', '/v1/brands/acme', { body: { ...acme, settings: { leaving: { policy: 'confirm_on_page' } } } })
    await api.ask('PUT', '/v1/brands/acme/topics/news', { body: { purpose: 'marketing', names: { en: 'News' } } })
    const [first, second] = [await linkOf('r-1'), await linkOf('r-2')]
    now += 1_000
    await stopByLink(api.hub, first, 'all')
    const { leaveId } = await stopByLink(api.hub, second, 'topic')
    const leave = await readLeave(api.hub, second, leaveId)
    if (leave !== undefined) await confirmLeave(api.hub, second, leave)
    const since = new Date(now).toISOString()
    const { body } = await api.ask('GET', `/v1/leaves?brand=acme&topic=news&since=${since}`)
    const base = { brand: 'acme', topic: 'news', policy: 'confirm_on_page', alternative: null, count: 1 }
    expect(body).toEqual({
      leaves: [
        { ...base, state: 'asked' },
        { ...base, state: 'confirmed' },
      ],
      total: 2,
    })
    expect((await api.ask('GET', `/v1/leaves?until=${since}`)).body).toEqual({ leaves: [], total: 0 })
  })

  it('stands on the timeline of the person', async () => {
    const { body } = await api.ask('GET', '/v1/relations/r-2/timeline')
    const entries = at(body, 'entries')
    const told = Array.isArray(entries) ? entries.filter((entry) => at(entry, 'kind') === 'leaving') : []
    expect(told.map((entry) => at(entry, 'leaving', 'state')).toSorted()).toEqual(['asked', 'confirmed'])
    expect(at(told[0], 'choice', 'kind')).toBe('objection')
  })
})
