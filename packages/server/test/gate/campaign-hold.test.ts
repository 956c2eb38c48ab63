import { createGate } from '@verzet/gate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askHubGate } from '../../src/services/ask-hub-gate.ts'
import { identifyCampaign } from '../../src/services/campaigns/campaign-identity.ts'
import { claimRelayedMails } from '../../src/services/claim-relayed-mails.ts'
import { GateMemory } from '../../src/services/gate-memory.ts'
import { listEvidence } from '../../src/storage/evidence-log.ts'
import { at, createTestApi, type TestApi } from '../api.ts'
import { email, keyed, say } from '../people.ts'

let api: TestApi
const jan = email('jan@voorbeeld.be')
const about = { brand: 'acme', channel: 'email', topic: 'news', campaign: 'spring sale' } as const
const path = '/v1/campaigns/acme/spring%20sale/hold'

beforeEach(async () => {
  api = await createTestApi()
  await say(api.hub, jan, { kind: 'consent' })
})
afterEach(async () => {
  api.app.server.closeAllConnections()
  await api[Symbol.asyncDispose]()
})

const hold = () => api.ask('PUT', path)
const release = () => api.ask('DELETE', path)
const reasonOf = async (where: string, question: object = about) =>
  at((await api.ask('POST', where, { body: { contactPoint: jan, ...question } })).body, 'reason')

describe('a campaign that is held', () => {
  it('is refused by the next question, batch and claim, and by no other campaign', async () => {
    expect(await reasonOf('/v1/gate')).toBe('consent')
    expect((await hold()).body).toEqual({ held: true, changed: true, known: false })
    expect([await reasonOf('/v1/gate'), await reasonOf('/v1/gate/claim')]).toEqual(['campaign_held', 'campaign_held'])
    const questions = [about, { ...about, campaign: 'autumn' }, { ...about, campaign: undefined, topic: 'orders' }]
    const batch = await api.ask('POST', '/v1/gate/batch', {
      body: { questions: questions.map((one) => ({ contactPoint: jan, ...one })) },
    })
    const reasons = questions.map((_, index) => at(batch.body, 'decisions', index, 'reason'))
    expect(reasons).toEqual(['campaign_held', 'consent', 'service'])
    expect(await reasonOf('/v1/gate', { ...about, brand: undefined })).toBe('campaign_held')
  })

  it('is claimed again once it is released, and counted then', async () => {
    await hold()
    await reasonOf('/v1/gate/claim')
    expect((await release()).body).toEqual({ held: false, changed: true, known: true })
    expect(await reasonOf('/v1/gate/claim')).toBe('consent')
    const list = await api.ask('GET', '/v1/campaigns')
    expect(at(list.body, 'campaigns', 0)).toMatchObject({
      campaign: 'spring sale',
      heldSince: null,
      sends: { claimed: 1 },
    })
  })

  it('stays held when it is held again, and its brand has to be one', async () => {
    const answers = await Promise.all([hold(), hold()])
    expect(answers.map(({ body }) => at(body, 'changed')).sort()).toEqual([false, true])
    expect((await release()).body).toMatchObject({ changed: true })
    expect((await release()).body).toMatchObject({ changed: false })
    expect((await api.ask('PUT', '/v1/campaigns/nobody/spring/hold')).status).toBe(404)
  })

  it('is refused from memory, inside the hub', async () => {
    await using gateMemory = new GateMemory(api.hub, { bytesMax: 2 ** 30, log: () => {} })
    const hub = { ...api.hub, gateMemory }
    const ask = async () => (await askHubGate(hub, [{ contactPoint: jan, ...about }], hub.clock()))[0]?.reason
    await expect.poll(() => gateMemory.isLoaded).toBe(true)
    expect(await ask()).toBe('consent')
    await hold()
    expect(await ask()).toBe('campaign_held')
    await expect.poll(async () => [await ask(), gateMemory.metrics().fromMemory > 1]).toEqual(['campaign_held', true])
    await release()
    expect(await ask()).toBe('consent')
  })

  it('is refused by replicas within a second, in their snapshot too, and passes again within one', async () => {
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
    await using gate = createGate({ url, key: api.key })
    await gate.ready
    const reason = () => gate.decide(jan, about).reason
    const within = { timeout: 1_000, interval: 10 }
    expect(reason()).toBe('consent')
    await hold()
    await expect.poll(reason, within).toBe('campaign_held')
    expect(gate.decide(jan, { ...about, campaign: 'autumn' }).reason).toBe('consent')
    await using late = createGate({ url, key: api.key, choiceIds: false })
    await late.ready
    expect(late.decide(jan, about).reason).toBe('campaign_held')
    await release()
    await expect.poll(() => [reason(), late.decide(jan, about).reason], within).toEqual(['consent', 'consent'])
  })

  it('is not handed over by the relay', async () => {
    const mail = {
      id: '0190a5c2-7b1e-7c3d-8e9f-0123456789ab',
      recipient: keyed(api.hub, jan),
      brand: 'acme',
      topic: 'news',
      campaign: 'spring sale',
      credential: 'newsletter',
      hasLinks: false,
      headersOnly: false,
      isCounted: true,
    }
    const { db, catalog, secrets, clock } = api.hub
    const claim = async () => (await claimRelayedMails(db, catalog, secrets, [mail], clock()))[0]?.decision.reason
    await hold()
    expect(await claim()).toBe('campaign_held')
    await release()
    expect(await claim()).toBe('consent')
  })

  it('is evidence: who held and who released it', async () => {
    await hold()
    await release()
    const { key } = identifyCampaign(api.hub.secrets, 'acme', 'spring sale')
    const acts = (await listEvidence(api.hub.db, [key])).map(({ body }) => JSON.parse(body).details)
    expect(acts).toMatchObject([
      { act: 'held', campaign: 'spring sale' },
      { act: 'released', campaign: 'spring sale' },
    ])
    expect(acts[0].actor).toMatch(/^api-key:/)
  })

  it('is asked for with a key of its own', async () => {
    const key = await api.keyFor('campaigns:read')
    expect((await api.ask('PUT', path, { key })).status).toBe(403)
    expect((await api.ask('GET', '/v1/campaigns', { key })).status).toBe(200)
  })
})
