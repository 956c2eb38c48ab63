import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'

let api: TestApi
const now = Date.UTC(2026, 10, 21, 9)
beforeAll(async () => {
  api = await createTestApi({ now: () => now })
})
afterAll(async () => api[Symbol.asyncDispose]())

const question = {
  contactPoint: { type: 'email', value: 'jan@voorbeeld.be' },
  brand: 'acme',
  channel: 'email',
  topic: 'news',
}
const consent = (value: string) => ({
  contactPoint: { type: 'email', value },
  kind: 'consent',
  scope: {},
  author: 'person',
  saidAt: '2026-11-01T00:00:00Z',
})

describe('a single question', () => {
  it('is answered with decision, reason, rule pack and cursor', async () => {
    const answer = await api.ask('POST', '/v1/gate', { body: question })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ decision: 'deny', reason: 'no_basis', rulePack: 'BE@2026-11-22' })
    expect(at(answer.body, 'position')).toMatch(/^[\w-]{80,}$/)
  })

  it('lets a service message pass', async () => {
    const answer = await api.ask('POST', '/v1/gate', { body: { ...question, topic: 'orders' } })
    expect(answer.body).toMatchObject({ decision: 'allow', reason: 'service' })
  })

  it('says until when a pause lasts', async () => {
    await api.ask('POST', '/v1/choices', { body: consent('paused@voorbeeld.be') })
    const pause = {
      contactPoint: { type: 'email', value: 'paused@voorbeeld.be' },
      kind: 'pause',
      scope: {},
      until: '2026-12-01T00:00:00Z',
      author: 'person',
    }
    await api.ask('POST', '/v1/choices', { body: pause })
    const answer = await api.ask('POST', '/v1/gate', { body: { ...question, contactPoint: pause.contactPoint } })
    expect(answer.body).toMatchObject({ decision: 'defer', reason: 'pause', until: '2026-12-01T00:00:00.000Z' })
  })

  it('denies what nobody knows, and never answers allow by mistake', async () => {
    const reason = async (changes: object) =>
      at((await api.ask('POST', '/v1/gate', { body: { ...question, ...changes } })).body, 'reason')
    expect(await reason({ topic: 'nothing' })).toBe('unknown_topic')
    expect(await reason({ brand: 'nobody' })).toBe('unknown_brand')
    expect(await reason({ channel: 'sms' })).toBe('channel_mismatch')
    expect(await reason({ brand: undefined })).toBe('no_basis')
    expect(await reason({ brand: undefined, topic: 'nothing' })).toBe('unknown_topic')
  })

  it('is refused when it cannot be understood', async () => {
    const broken = await api.ask('POST', '/v1/gate', {
      body: { ...question, contactPoint: { type: 'email', value: 'jan' } },
    })
    expect([broken.status, at(broken.body, 'code'), at(broken.body, 'errors', 0, 'pointer')]).toEqual([
      422,
      'invalid_contact_point',
      '/contactPoint/value',
    ])
    const unknown = await api.ask('POST', '/v1/gate', { body: { ...question, channel: 'fax' } })
    expect([unknown.status, at(unknown.body, 'errors', 0, 'pointer')]).toEqual([400, '/channel'])
    const extra = await api.ask('POST', '/v1/gate', { body: { ...question, purpose: 'service' } })
    expect([extra.status, at(extra.body, 'errors', 0, 'pointer')]).toEqual([400, '/purpose'])
  })
})

describe('a batch', () => {
  it('of ten thousand is answered in order', async () => {
    await api.ask('POST', '/v1/choices', { body: consent('five@voorbeeld.be') })
    const questions = Array.from({ length: 10_000 }, (_, index) => ({
      ...question,
      contactPoint: { type: 'email', value: index % 1_000 === 5 ? 'five@voorbeeld.be' : `n${index}@voorbeeld.be` },
      ...(index % 100 === 7 && { topic: 'orders' }),
      ...(index % 1_000 === 9 && { contactPoint: { type: 'email', value: 'broken' } }),
    }))
    const answer = await api.ask('POST', '/v1/gate/batch', { body: { questions } })
    const decisions = at(answer.body, 'decisions')
    const expected = questions.map((_, index) => {
      if (index % 1_000 === 9) return 'invalid_contact_point'
      if (index % 100 === 7) return 'service'
      return index % 1_000 === 5 ? 'consent' : 'no_basis'
    })
    expect(Array.isArray(decisions) && decisions.map((one) => at(one, 'reason'))).toEqual(expected)
  })

  it('of more is refused with the limit', async () => {
    const answer = await api.ask('POST', '/v1/gate/batch', {
      body: { questions: Array.from({ length: 10_001 }, () => question) },
    })
    expect(answer.status).toBe(400)
    expect(at(answer.body, 'detail')).toContain('10000')
  })

  it('names the question that is wrong', async () => {
    const answer = await api.ask('POST', '/v1/gate/batch', {
      body: { questions: [question, { ...question, topic: 3 }] },
    })
    expect(at(answer.body, 'errors', 0, 'pointer')).toBe('/questions/1/topic')
  })
})

describe('a claim', () => {
  it('never passes a cadence, however many ask at once', async () => {
    const value = 'thrice@voorbeeld.be'
    await api.ask('POST', '/v1/choices', { body: consent(value) })
    const cadence = {
      contactPoint: { type: 'email', value },
      kind: 'cadence',
      scope: {},
      cadence: { max: 3, per: 'week' },
      author: 'person',
    }
    await api.ask('POST', '/v1/choices', { body: cadence })
    const body = { ...question, contactPoint: { type: 'email', value } }
    const answers = await Promise.all(Array.from({ length: 100 }, () => api.ask('POST', '/v1/gate/claim', { body })))
    const reasons = answers.map((answer) => `${at(answer.body, 'decision')} ${at(answer.body, 'reason')}`)
    expect(reasons.filter((reason) => reason === 'allow consent')).toHaveLength(3)
    expect(reasons.filter((reason) => reason === 'defer cadence')).toHaveLength(97)
  })

  it('with an Idempotency-Key counts once', async () => {
    const value = 'once@voorbeeld.be'
    await api.ask('POST', '/v1/choices', { body: consent(value) })
    const cadence = {
      contactPoint: { type: 'email', value },
      kind: 'cadence',
      scope: {},
      cadence: { max: 1, per: 'week' },
      author: 'person',
    }
    await api.ask('POST', '/v1/choices', { body: cadence })
    const body = { ...question, contactPoint: { type: 'email', value } }
    const claim = () => api.ask('POST', '/v1/gate/claim', { body, headers: { 'idempotency-key': 'mailing 7, row 12' } })
    const first = await claim()
    const second = await claim()
    expect(at(first.body, 'decision')).toBe('allow')
    expect(second.body).toEqual(first.body)
    expect(second.headers['idempotent-replayed']).toBe('true')
    expect(at((await api.ask('POST', '/v1/gate/claim', { body })).body, 'decision')).toBe('defer')
  })
})
