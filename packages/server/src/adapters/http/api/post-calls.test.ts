import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'
import { ask, keyed, type Point, phone } from '../../../../test/people.ts'
import { listCalls } from '../../../storage/calls.ts'
import { listChoices } from '../../../storage/choices.ts'
import { listEvidence } from '../../../storage/evidence-log.ts'

let api: TestApi
let number: Point
let people = 0

beforeAll(async () => {
  api = await createTestApi()
})
afterAll(() => api[Symbol.asyncDispose]())
beforeEach(() => {
  people += 1
  number = phone(`+3247055${String(people).padStart(4, '0')}`)
})

const post = (more: Record<string, unknown>, headers: Record<string, string> = {}) =>
  api.ask('POST', '/v1/calls', {
    headers,
    body: { contactPoint: number, brand: 'acme', topic: 'news', outcome: 'answered', ...more },
  })
const scopes = async () => (await listChoices(api.hub.db, [keyed(api.hub, number).key])).map(({ scope }) => scope)
const both = ['all', 'channel', 'topic']

describe('a no in a call', () => {
  it('by a pressed key refuses everything on every channel', async () => {
    const answer = await post({ answer: 'objection' })
    expect(answer.status).toBe(201)
    expect(at(answer.body, 'choiceId')).toBeTypeOf('string')
    expect(await scopes()).toEqual([{}])
    expect(await ask(api.hub, number, 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it.each([
    ['channel', both, { channel: 'phone' }],
    ['topic', both, { brand: 'acme', topic: 'news' }],
    ['all', both, {}],
    // Who was not offered the wide no has not chosen the narrow one (rule 3).
    ['channel', ['channel'], {}],
    ['topic', [], {}],
  ])('to %s, with %j offered, reaches %j', async (asked, offered, scope) => {
    await post({ answer: 'objection', asked, offered, rightOffered: true })
    expect(await scopes()).toEqual([scope])
  })

  it('with the same Idempotency-Key is one call and one no', async () => {
    const headers = { 'idempotency-key': `call-${people}` }
    const first = await post({ answer: 'objection' }, headers)
    expect((await post({ answer: 'objection' }, headers)).body).toEqual(first.body)
    expect(await listCalls(api.hub.db, keyed(api.hub, number).key, 10)).toHaveLength(1)
  })
})

describe('every call', () => {
  it('keeps whether the right to object was offered and what was answered, with evidence', async () => {
    await post({ rightOffered: true, answer: 'no_objection', campaign: 'spring', source: 'dialler' })
    const { key } = keyed(api.hub, number)
    expect(await listCalls(api.hub.db, key, 10)).toMatchObject([
      { rightOffered: true, answer: 'no_objection', choiceId: null, campaign: 'spring', source: 'dialler' },
    ])
    const [entry] = await listEvidence(api.hub.db, [key])
    expect(JSON.parse(entry?.body ?? '')).toMatchObject({ kind: 'call', details: { rightOffered: true } })
    expect(entry?.body).not.toContain(number.value.slice(3))
  })

  it('to a number nobody has refuses it on every channel, and is no opt-out', async () => {
    await post({ outcome: 'dead_number' })
    expect(await scopes()).toEqual([])
    expect(await ask(api.hub, number, 'sms', 'orders')).toMatchObject({ decision: 'deny', reason: 'undeliverable' })
  })
})

it.each([
  ['an unknown topic', { topic: 'nothing' }, 422],
  ['a number that is none', { contactPoint: { type: 'phone', value: '12' } }, 422],
  ['an address', { contactPoint: { type: 'email', value: 'jan@voorbeeld.example' } }, 400],
  ['a topic of no brand', { brand: undefined }, 400],
  ['a question without an objection', { asked: 'all', answer: 'no_objection' }, 400],
])('refuses %s', async (_, more, status) => {
  expect((await post(more)).status).toBe(status)
})

it('asks for its scope', async () => {
  const key = await api.keyFor('gate:read')
  const body = { contactPoint: number, outcome: 'answered' }
  expect((await api.ask('POST', '/v1/calls', { body, key })).status).toBe(403)
})
