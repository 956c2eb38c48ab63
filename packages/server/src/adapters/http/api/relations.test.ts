import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'

let api: TestApi
let now = Date.UTC(2026, 10, 21, 9)
beforeAll(async () => {
  api = await createTestApi({ now: () => now })
})
afterAll(async () => api[Symbol.asyncDispose]())

const details = (name: string) => ({
  name,
  language: 'nl',
  country: 'BE',
  customerSince: '2020-02-29',
  contactPoints: [
    { type: 'email', value: `${name}@Voorbeeld.BE` },
    { type: 'phone', value: '0475 12 34 56' },
  ],
})
const put = (id: string, body: unknown) => api.ask('PUT', `/v1/relations/${id}`, { body })
const object = (value: string) =>
  api.ask('POST', '/v1/choices', {
    body: { contactPoint: { type: 'email', value }, kind: 'objection', scope: {}, author: 'person' },
  })
const gate = async (type: string, value: string, channel: string) =>
  (
    await api.ask('POST', '/v1/gate', {
      body: { contactPoint: { type, value }, brand: 'acme', channel, topic: 'news' },
    })
  ).body

describe('putting a relation', () => {
  it('creates it, then changes it, and shows what stands', async () => {
    const created = await put('r-1', details('jan'))
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({
      externalId: 'r-1',
      name: 'jan',
      language: 'nl',
      country: 'BE',
      customerSince: '2020-02-29',
    })
    const points = at(created.body, 'contactPoints')
    expect(Array.isArray(points) && points.map((point) => at(point, 'value'))).toEqual([
      'jan@voorbeeld.be',
      '+32475123456',
    ])
    const changed = await put('r-1', {
      contactPoints: [
        { type: 'email', value: 'jan@voorbeeld.be' },
        { type: 'email', value: 'JAN@voorbeeld.be' },
      ],
    })
    expect([changed.status, at(changed.body, 'contactPoints', 'length'), at(changed.body, 'name')]).toEqual([
      200,
      1,
      'jan',
    ])
    expect((await api.ask('GET', '/v1/relations/r-1')).body).toMatchObject({ externalId: 'r-1' })
  })

  it('lets an objection by e-mail close the phone of the same person', async () => {
    await put('r-2', {
      ...details('els'),
      contactPoints: [
        { type: 'email', value: 'els@voorbeeld.be' },
        { type: 'phone', value: '0475000002' },
      ],
    })
    expect(await gate('email', 'els@voorbeeld.be', 'email')).toMatchObject({
      decision: 'allow',
      reason: 'customer_relation',
    })
    await object('els@voorbeeld.be')
    expect(await gate('phone', '0475000002', 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
    const relation = await api.ask('GET', '/v1/relations/r-2')
    expect(at(relation.body, 'contactPoints', 1, 'standing', 'choices', 0)).toMatchObject({
      kind: 'objection',
      inherited: true,
    })
  })

  it('never lifts: not by taking the contact point away, not by bringing it back elsewhere', async () => {
    await put('r-2', { contactPoints: [] })
    await put('r-3', { ...details('twin'), contactPoints: [{ type: 'email', value: 'els@voorbeeld.be' }] })
    expect(await gate('email', 'els@voorbeeld.be', 'email')).toMatchObject({ decision: 'deny', reason: 'objection' })
    expect(await gate('phone', '0475000002', 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it('stores nothing when one contact point cannot be read', async () => {
    const contactPoints = [
      ...details('kim').contactPoints,
      { type: 'email', value: 'ok@voorbeeld.be' },
      { type: 'phone', value: '12' },
    ]
    const answer = await put('r-4', { ...details('kim'), contactPoints })
    expect([answer.status, at(answer.body, 'errors', 0, 'pointer')]).toEqual([422, '/contactPoints/3/value'])
    expect((await api.ask('GET', '/v1/relations/r-4')).status).toBe(404)
  })

  it('refuses what is not of a relation', async () => {
    const pointer = async (body: object) =>
      at((await put('r-5', { contactPoints: [], ...body })).body, 'errors', 0, 'pointer')
    expect(await pointer({ language: 'NLD' })).toBe('/language')
    expect(await pointer({ phone: '1' })).toBe('/phone')
    expect(await pointer({ customerSince: '2020-02-30' })).toBe('/customerSince')
    expect(await pointer({ contactPoints: [{ type: 'customer', value: '7' }] })).toBe('/contactPoints/0/type')
    expect(
      await pointer({ contactPoints: Array.from({ length: 51 }, () => ({ type: 'email', value: 'a@b.be' })) }),
    ).toBe('/contactPoints')
    expect((await put('x'.repeat(129), { contactPoints: [] })).status).toBe(400)
    expect((await put('%00', { contactPoints: [] })).status).toBe(400)
  })
})

describe('the timeline', () => {
  it('shows every choice and act in order, with evidence whose hash holds', async () => {
    await put('t-1', { contactPoints: [{ type: 'email', value: 'tim@voorbeeld.be' }] })
    now += 60_000
    await api.ask('POST', '/v1/choices', {
      body: {
        contactPoint: { type: 'email', value: 'tim@voorbeeld.be' },
        kind: 'objection',
        scope: {},
        author: 'person',
        comment: 'enough',
        proof: { call: 7 },
      },
    })
    now += 60_000
    await put('t-1', { contactPoints: [] })
    const answer = await api.ask('GET', '/v1/relations/t-1/timeline')
    const entries = at(answer.body, 'entries')
    expect(Array.isArray(entries) && entries.map((entry) => at(entry, 'kind'))).toEqual([
      'contact_point_linked',
      'choice',
      'contact_point_unlinked',
    ])
    expect(at(answer.body, 'entries', 1, 'choice')).toMatchObject({
      kind: 'objection',
      comment: 'enough',
      proof: { call: 7 },
      signal: 'api',
    })
    expect(at(answer.body, 'entries', 1, 'evidence', 'body')).not.toContain('enough')
  })

  it('is unknown for whom nobody knows', async () => {
    expect((await api.ask('GET', '/v1/relations/nobody/timeline')).status).toBe(404)
  })
})

describe('erasing a relation', () => {
  it('forgets the person, keeps the no, and says so again when asked again', async () => {
    await put('e-1', details('eva'))
    await object('eva@voorbeeld.be')
    // Some clients name the type of a body that is not there.
    const headers = { 'content-type': 'application/json' }
    const erased = await api.ask('DELETE', '/v1/relations/e-1', { headers })
    expect([erased.status, at(erased.body, 'refusalsKept')]).toEqual([200, 1])
    expect((await api.ask('DELETE', '/v1/relations/e-1')).status).toBe(204)
    expect((await api.ask('DELETE', '/v1/relations/e-none')).status).toBe(404)
    expect((await api.ask('GET', '/v1/relations/e-1')).status).toBe(404)
    expect((await api.ask('GET', '/v1/relations/e-1/timeline')).status).toBe(404)
    const rest = await api.hub.db.query('select value from contact_points where value like $1', ['%eva%'])
    expect(rest).toEqual([])
  })

  it('still suppresses who is brought in again', async () => {
    expect((await put('e-1', details('eva'))).status).toBe(201)
    expect(await gate('email', 'eva@voorbeeld.be', 'email')).toMatchObject({ decision: 'deny', reason: 'objection' })
    expect(await gate('phone', '0475123456', 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })
})
