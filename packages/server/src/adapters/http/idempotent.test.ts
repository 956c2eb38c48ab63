import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../test/api.ts'
import { answerOnce, forgetOldIdempotencyKeys, idempotencyKeptMs } from '../../services/idempotency.ts'

let api: TestApi
let now = Date.UTC(2026, 10, 21, 9)
beforeAll(async () => {
  api = await createTestApi({ now: () => now })
})
afterAll(async () => api[Symbol.asyncDispose]())

const choice = (value: string, more: object = {}) => ({
  contactPoint: { type: 'email', value },
  kind: 'objection',
  scope: {},
  author: 'person',
  ...more,
})
const say = (key: string, body: object) => api.ask('POST', '/v1/choices', { body, headers: { 'idempotency-key': key } })
const countOf = async (id: unknown) => (await api.hub.db.query('select id from choices where id = $1', [id])).length

describe('an Idempotency-Key', () => {
  it('gets the same answer again', async () => {
    const first = await say('k1', choice('one@voorbeeld.be'))
    now += 1_000
    const second = await say('k1', choice('one@voorbeeld.be'))
    expect([first.headers['idempotent-replayed'], second.headers['idempotent-replayed']]).toEqual([undefined, 'true'])
    expect([second.status, second.body]).toEqual([201, first.body])
  })

  it('records once when twenty say it at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => say('k2', choice('two@voorbeeld.be'))))
    const recorded = answers.filter((answer) => answer.status === 201)
    expect(new Set(recorded.map((answer) => at(answer.body, 'id'))).size).toBe(1)
    for (const answer of answers.filter((one) => one.status !== 201)) {
      expect([answer.status, at(answer.body, 'code'), answer.headers['retry-after']]).toEqual([
        409,
        'idempotency_in_flight',
        '1',
      ])
    }
    const rows = await api.hub.db.query(`select 1 from evidence where body like '%' || $1 || '%'`, [
      at(recorded[0]?.body, 'id'),
    ])
    expect(rows).toHaveLength(1)
  })

  it('is refused for another request, and kept apart by API key', async () => {
    await say('k3', choice('three@voorbeeld.be'))
    const other = await say('k3', choice('four@voorbeeld.be'))
    expect([other.status, at(other.body, 'code')]).toEqual([422, 'idempotency_key_reused'])
    const headers = { 'idempotency-key': 'k3' }
    const stranger = await api.ask('POST', '/v1/choices', {
      body: choice('four@voorbeeld.be'),
      headers,
      key: await api.keyFor('choices:write'),
    })
    expect(stranger.status).toBe(201)
  })

  it('is free again after a refusal', async () => {
    expect((await say('k4', choice('five@voorbeeld.be', { scope: { brand: 'acne' } }))).status).toBe(422)
    expect((await say('k4', choice('five@voorbeeld.be', { scope: { brand: 'acme' } }))).status).toBe(201)
  })

  it('has a form', async () => {
    expect((await say('x'.repeat(256), choice('six@voorbeeld.be'))).status).toBe(400)
    expect((await say('é', choice('six@voorbeeld.be'))).status).toBe(400)
  })

  it('is forgotten after two days', async () => {
    const first = await say('k5', choice('seven@voorbeeld.be'))
    expect(await forgetOldIdempotencyKeys(api.hub.db, now + idempotencyKeptMs - 60_000)).toBe(0)
    now += idempotencyKeptMs + 1
    expect(await forgetOldIdempotencyKeys(api.hub.db, now)).toBeGreaterThan(0)
    expect(at((await say('k5', choice('seven@voorbeeld.be'))).body, 'id')).not.toBe(at(first.body, 'id'))
  })
})

describe('a process that died', () => {
  it('between the commit and its answer has recorded once, under the same id', async () => {
    const first = await say('k6', choice('eight@voorbeeld.be'))
    const id = at(first.body, 'id')
    await api.hub.db.execute(
      `update idempotency_keys set status = null, response = null where response like '%' || $1 || '%'`,
      [id],
    )
    now += 5 * 60_000
    const again = await say('k6', choice('eight@voorbeeld.be'))
    expect(again.status).toBe(201)
    expect(at(again.body, 'id')).toBe(id)
    expect(at(again.body, 'evidence')).toEqual(at(first.body, 'evidence'))
    expect(await countOf(id)).toBe(1)
  })

  it('leaves its work to the next with the same moment and random bytes, after its lease', async () => {
    const request = { caller: 'test', key: 'k7', route: 'POST /', body: '{}' }
    const seen: unknown[] = []
    const dies = answerOnce(api.hub.db, request, now, async (given) => {
      seen.push([given.now, Buffer.from(given.random(8)).toString('hex')])
      throw new Error('died')
    })
    await expect(dies).rejects.toThrow('died')
    const outcome = await answerOnce(api.hub.db, request, now + 5_000, async (given) => {
      seen.push([given.now, Buffer.from(given.random(8)).toString('hex')])
      return { status: 200, body: String(given.isRepeat) }
    })
    expect(seen[1]).toEqual(seen[0])
    expect(outcome).toEqual({ kind: 'answered', answer: { status: 200, body: 'true' }, replayed: false })
  })
})
