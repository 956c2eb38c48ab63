import { everything } from '@verzet/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'
import { email, keyed } from '../../../../test/people.ts'
import { reviewHoursDefault } from '../../../services/review/deadline.ts'
import { openReview } from '../../../services/review/open-review.ts'
import { transact } from '../../../storage/database.ts'

let api: TestApi
let now = Date.UTC(2026, 10, 3, 9)
beforeAll(async () => {
  api = await createTestApi({ now: () => now })
})
afterAll(() => api[Symbol.asyncDispose]())

const address = { type: 'email', value: 'jan@voorbeeld.example' }
const question = { contactPoint: address, brand: 'acme', channel: 'email', topic: 'news' }

function open(text = 'Moet ik dit nog krijgen?'): Promise<string> {
  const { key, fingerprint } = keyed(api.hub, email(address.value))
  return transact(api.hub.db, (tx) =>
    openReview(tx, api.hub, {
      source: 'email',
      kind: 'unclear_reply',
      reason: 'may_ask_to_stop',
      text,
      sender: address.value,
      subjects: [{ key, type: 'email', value: address.value, fingerprint }],
      proposedScope: everything,
      receivedAt: now,
    }),
  )
}

async function reason() {
  await api.ask('PUT', '/v1/relations/K-1', {
    body: { country: 'BE', customerSince: '2024-01-01', contactPoints: [address] },
  })
  return at((await api.ask('POST', '/v1/gate', { body: question })).body, 'reason')
}

it('lists what waits, takes a decision, shows it, and takes it back', async () => {
  const id = await open()
  const list = await api.ask('GET', '/v1/review')
  expect(at(list.body, 'items', 0)).toMatchObject({
    id,
    text: 'Moet ik dit nog krijgen?',
    sender: address.value,
    overdue: false,
    deadline: new Date(now + reviewHoursDefault * 3_600_000).toISOString(),
    proposed: { decision: 'opt_out', scope: {} },
    decision: null,
  })
  expect(await reason()).toBe('under_review')

  const relation = (await api.ask('GET', '/v1/relations/K-1')).body
  expect(at(relation, 'contactPoints', 0, 'standing', 'underReview', 0, 'item')).toBe(id)

  const body = { decision: 'narrow', scope: { topic: 'news' }, note: 'only the newsletter' }
  const decided = await api.ask('POST', `/v1/review/${id}/decision`, { body })
  expect(decided).toMatchObject({ status: 200, body: { decision: { decision: 'narrow', scope: { topic: 'news' } } } })
  expect(await reason()).toBe('objection')
  expect((await api.ask('POST', `/v1/review/${id}/decision`, { body })).body).toMatchObject({ code: 'already_decided' })
  expect(at((await api.ask('GET', '/v1/review?status=decided')).body, 'items', 0, 'id')).toBe(id)
  const timeline = (await api.ask('GET', '/v1/relations/K-1/timeline')).text
  expect(timeline).toContain('review_decided')

  const undone = await api.ask('DELETE', `/v1/review/${id}/decision`)
  expect(undone).toMatchObject({ status: 200, body: { decision: null } })
  expect(await reason()).toBe('under_review')
  expect((await api.ask('DELETE', `/v1/review/${id}/decision`)).body).toMatchObject({ code: 'not_decided' })
})

it('gives pages that follow each other and leave nothing out', async () => {
  for (const text of ['one', 'two', 'three']) {
    now += 60_000
    await open(text)
  }
  const seen: unknown[] = []
  let after = ''
  for (let hasMore: unknown = true; hasMore === true; ) {
    const page = (await api.ask('GET', `/v1/review?limit=2${after}`)).body
    const items = at(page, 'items')
    if (!Array.isArray(items)) throw new Error('a page has items')
    seen.push(...items.map((item) => at(item, 'text')))
    after = `&after=${at(items.at(-1), 'id')}`
    hasMore = at(page, 'hasMore')
  }
  expect(seen.slice(-3)).toEqual(['one', 'two', 'three'])
  expect(new Set(seen).size).toBe(seen.length)
})

it('measures what waits, and for how long', async () => {
  now += reviewHoursDefault * 3_600_000
  const { text } = await api.ask('GET', '/metrics')
  expect(text).toMatch(/^verzet_review_open 4$/m)
  expect(text).toMatch(/^verzet_review_overdue 4$/m)
  expect(Number(/^verzet_review_oldest_seconds (\d+)/m.exec(text)?.[1])).toBeGreaterThanOrEqual(
    reviewHoursDefault * 3_600,
  )
})

it.each([
  ['a narrow no without a scope', { decision: 'narrow' }, 'scope_needed'],
  ['a wide no with a scope', { decision: 'opt_out', scope: { topic: 'news' } }, 'scope_not_taken'],
  ['a topic nobody has', { decision: 'narrow', scope: { topic: 'gossip' } }, 'unknown_topic'],
])('refuses %s', async (_, body, code) => {
  const answer = await api.ask('POST', `/v1/review/${await open()}/decision`, { body })
  expect(answer).toMatchObject({ status: 422, body: { code } })
})

it('knows no item that is not there, and shows none to a key that only sends', async () => {
  const nobody = '0190a5c2-0000-7000-8000-000000000000'
  expect((await api.ask('GET', `/v1/review/${nobody}`)).status).toBe(404)
  expect((await api.ask('POST', `/v1/review/${nobody}/decision`, { body: { decision: 'not_a_no' } })).status).toBe(404)
  const sender = await api.keyFor('gate:read', 'choices:write')
  expect((await api.ask('GET', '/v1/review', { key: sender })).status).toBe(403)
  const reader = await api.keyFor('review:read')
  expect((await api.ask('GET', `/v1/review/${await open()}`, { key: reader })).status).toBe(200)
  const body = { decision: 'not_a_no' }
  expect((await api.ask('POST', `/v1/review/${nobody}/decision`, { key: reader, body })).status).toBe(403)
})
