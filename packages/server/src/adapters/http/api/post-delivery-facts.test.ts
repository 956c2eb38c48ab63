import { afterAll, beforeAll, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await createTestApi()
})
afterAll(() => api[Symbol.asyncDispose]())

const address = { type: 'email', value: 'jan@voorbeeld.example' }
const bounce = { contactPoint: address, channel: 'email', kind: 'hard_bounce', source: 'platform' }
const question = { contactPoint: address, brand: 'acme', channel: 'email', topic: 'orders' }

it('takes a bounce, refuses the address, shows why, and takes that it works again', async () => {
  await api.ask('PUT', '/v1/relations/K-1', { body: { country: 'BE', contactPoints: [address] } })
  const noted = await api.ask('POST', '/v1/delivery-facts', { body: bounce })
  expect(noted).toMatchObject({ status: 200, body: { changed: true, deliverable: false } })
  expect((await api.ask('POST', '/v1/gate', { body: question })).body).toMatchObject({
    decision: 'deny',
    reason: 'undeliverable',
  })
  const relation = (await api.ask('GET', '/v1/relations/K-1')).body
  expect(at(relation, 'contactPoints', 0, 'standing', 'undeliverable', 0, 'channel')).toBe('email')
  const again = { ...bounce, kind: 'delivered', at: new Date(Date.now() + 60_000).toISOString() }
  expect((await api.ask('POST', '/v1/delivery-facts', { body: again })).body).toMatchObject({ deliverable: true })
  expect((await api.ask('POST', '/v1/gate', { body: question })).body).toMatchObject({ decision: 'allow' })
})

it('counts a report with the same Idempotency-Key once', async () => {
  const body = { ...bounce, contactPoint: { type: 'email', value: 'els@voorbeeld.example' }, kind: 'soft_bounce' }
  for (let time = 0; time < 6; time += 1) {
    const answer = await api.ask('POST', '/v1/delivery-facts', { body, headers: { 'idempotency-key': 'event-1' } })
    expect(answer).toMatchObject({ status: 200, body: { deliverable: true } })
  }
})

it.each([
  ['a customer number', { ...bounce, contactPoint: { type: 'customer', value: 'K-1' } }, 'no_address'],
  ['a channel that does not lead there', { ...bounce, channel: 'sms' }, 'channel_mismatch'],
  ['a dead number that is an address', { ...bounce, kind: 'dead_number' }, 'no_number'],
  ['an address that is none', { ...bounce, contactPoint: { type: 'email', value: 'jan' } }, 'missing_at'],
])('refuses %s', async (_, body, code) => {
  const answer = await api.ask('POST', '/v1/delivery-facts', { body })
  expect(answer).toMatchObject({ status: 422, body: { code } })
})

it('asks for its own scope', async () => {
  const key = await api.keyFor('choices:write', 'review:write')
  expect((await api.ask('POST', '/v1/delivery-facts', { body: bounce, key })).status).toBe(403)
})
