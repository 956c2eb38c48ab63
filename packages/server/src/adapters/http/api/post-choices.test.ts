import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'

let api: TestApi
let now = Date.UTC(2026, 10, 21, 9)
beforeAll(async () => {
  api = await createTestApi({ now: () => now })
})
afterAll(async () => api[Symbol.asyncDispose]())

const jan = { type: 'email', value: 'jan@voorbeeld.be' }
const objection = { contactPoint: jan, kind: 'objection', scope: {}, author: 'person', saidAt: '2026-11-20T10:00:00Z' }

async function ask(value: string, channel = 'email', topic = 'news') {
  const type = value.includes('@') ? 'email' : 'phone'
  return (await api.ask('POST', '/v1/gate', { body: { contactPoint: { type, value }, brand: 'acme', channel, topic } }))
    .body
}

describe('recording a choice', () => {
  it('without a scope is about everything', async () => {
    const body = { contactPoint: { type: 'email', value: 'noscope@example.be' }, kind: 'objection', author: 'person' }
    const answer = await api.ask('POST', '/v1/choices', { body })
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ standing: { choices: [{ kind: 'objection', scope: {} }] } })
  })

  it('answers with the choice, what stands, its evidence and a cursor', async () => {
    const answer = await api.ask('POST', '/v1/choices', { body: { ...objection, source: 'card', comment: 'too many' } })
    expect(answer.status).toBe(201)
    expect(at(answer.body, 'recordedAt')).toBe('2026-11-21T09:00:00.000Z')
    expect(at(answer.body, 'standing', 'choices')).toEqual([
      { id: at(answer.body, 'id'), kind: 'objection', scope: {}, since: '2026-11-20T10:00:00.000Z' },
    ])
    expect(at(answer.body, 'evidence', 'hash')).toMatch(/^[0-9a-f]{64}$/)
    expect(await ask('jan@voorbeeld.be')).toMatchObject({
      decision: 'deny',
      reason: 'objection',
      choiceId: at(answer.body, 'id'),
    })
  })

  it('lets a later consent of the person lift it, and an undated or organisational one only open', async () => {
    const contactPoint = { type: 'email', value: 'an@voorbeeld.be' }
    const say = (body: object) => api.ask('POST', '/v1/choices', { body: { contactPoint, scope: {}, ...body } })
    await say({ kind: 'objection', author: 'person' })
    now += 1_000
    await say({ kind: 'consent', author: 'controller', saidAt: new Date(now).toISOString() })
    await say({ kind: 'consent', author: 'person' })
    expect(await ask(contactPoint.value)).toMatchObject({ decision: 'deny', reason: 'objection' })
    await say({ kind: 'consent', author: 'agent', saidAt: new Date(now).toISOString() })
    expect(await ask(contactPoint.value)).toMatchObject({ decision: 'allow', reason: 'consent' })
  })

  it('opens with a consent the organisation holds, where nobody said no', async () => {
    const contactPoint = { type: 'email', value: 'piet@voorbeeld.be' }
    expect(await ask(contactPoint.value)).toMatchObject({ decision: 'deny', reason: 'no_basis' })
    const body = { contactPoint, kind: 'consent', scope: { brand: 'acme' }, author: 'controller' }
    const answer = await api.ask('POST', '/v1/choices', { body })
    expect(at(answer.body, 'standing', 'choices', 0, 'since')).toBeNull()
    expect(await ask(contactPoint.value)).toMatchObject({ decision: 'allow', reason: 'consent' })
  })

  it('keeps a choice of a relation nobody knows, and the relation with it', async () => {
    const body = { relation: { externalId: 'new/1 %' }, kind: 'objection', scope: {}, author: 'agent' }
    expect((await api.ask('POST', '/v1/choices', { body })).status).toBe(201)
    const relation = await api.ask('GET', `/v1/relations/${encodeURIComponent('new/1 %')}`)
    expect(relation.status).toBe(200)
    expect(at(relation.body, 'standing', 'choices', 0, 'kind')).toBe('objection')
  })

  it('takes a pause and a cadence, and counts an objection of tomorrow from now', async () => {
    const contactPoint = { type: 'email', value: 'els@voorbeeld.be' }
    const say = (body: object) =>
      api.ask('POST', '/v1/choices', { body: { contactPoint, scope: {}, author: 'person', ...body } })
    const paused = await say({ kind: 'pause', until: '2027-01-01T00:00:00+01:00' })
    expect(at(paused.body, 'standing', 'choices', 0)).toMatchObject({
      kind: 'pause',
      until: '2026-12-31T23:00:00.000Z',
    })
    expect((await say({ kind: 'cadence', cadence: { max: 2, per: 'month' } })).status).toBe(201)
    const ahead = await say({ kind: 'objection', saidAt: '2030-01-01T00:00:00Z' })
    expect(at(ahead.body, 'standing', 'choices', 0, 'since')).toBe(new Date(now).toISOString())
  })
})

describe('a choice that cannot be', () => {
  const refusals: [string, object, number, string][] = [
    ['an unknown brand', { ...objection, scope: { brand: 'acne' } }, 422, '/scope/brand'],
    ['an unknown topic', { ...objection, scope: { brand: 'acme', topic: 'nieuws' } }, 422, '/scope/topic'],
    [
      'an address that is none',
      { ...objection, contactPoint: { type: 'email', value: 'jan' } },
      422,
      '/contactPoint/value',
    ],
    [
      'a national number that may be of several countries',
      { ...objection, contactPoint: { type: 'phone', value: '0475123456' } },
      422,
      '/contactPoint/value',
    ],
    ['a consent of next week', { ...objection, kind: 'consent', saidAt: '2026-11-28T10:00:00Z' }, 422, '/saidAt'],
    ['a pause until yesterday', { ...objection, kind: 'pause', until: '2026-11-20T10:00:00Z' }, 422, '/until'],
    ['a pause for a generation', { ...objection, kind: 'pause', until: '2056-11-20T10:00:00Z' }, 422, '/until'],
    ['no subject', { ...objection, contactPoint: undefined }, 400, '/contactPoint'],
    ['two subjects', { ...objection, relation: { externalId: '1' } }, 400, '/contactPoint'],
    ['an unknown field', { ...objection, contactPoint: { ...jan, country: 'BE' } }, 400, '/contactPoint/country'],
    ['an unknown channel', { ...objection, scope: { channel: 'fax' } }, 400, '/scope/channel'],
    ['a wrong type', { ...objection, author: 7 }, 400, '/author'],
    ['no author', { ...objection, author: undefined }, 400, '/author'],
    ['a pause without an end', { ...objection, kind: 'pause' }, 400, '/until'],
    ['an objection with an end', { ...objection, until: '2027-01-01T00:00:00Z' }, 400, '/until'],
    ['a cadence of none', { ...objection, kind: 'cadence', cadence: { max: 0, per: 'week' } }, 400, '/cadence/max'],
    ['a time without an offset', { ...objection, saidAt: '2026-11-20T10:00:00' }, 400, '/saidAt'],
    ['too long a comment', { ...objection, comment: 'x'.repeat(2_001) }, 400, '/comment'],
    ['too much proof', { ...objection, proof: { text: 'x'.repeat(8_200) } }, 400, '/proof'],
    ['a NUL character', { ...objection, comment: 'a\0b' }, 400, '/comment'],
    ['half a surrogate pair', { ...objection, proof: { words: ['\ud800'] } }, 400, '/proof/words/0'],
  ]
  it.each(refusals)('is refused with its field named: %s', async (_name, body, status, pointer) => {
    const answer = await api.ask('POST', '/v1/choices', { body })
    expect([answer.status, at(answer.body, 'errors', 0, 'pointer')]).toEqual([status, pointer])
    expect(answer.headers['content-type']).toBe('application/problem+json')
  })

  it('stores nothing', async () => {
    const body = {
      ...objection,
      contactPoint: { type: 'email', value: 'nobody@voorbeeld.be' },
      scope: { topic: 'nieuws' },
    }
    await api.ask('POST', '/v1/choices', { body })
    expect(await ask('nobody@voorbeeld.be')).toMatchObject({ reason: 'no_basis' })
  })
})
