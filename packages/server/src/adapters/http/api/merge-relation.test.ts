import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'

let api: TestApi
let now = Date.UTC(2026, 10, 21, 9)
beforeAll(async () => {
  api = await createTestApi({ now: () => now })
  for (const id of ['one', 'two', 'three']) {
    const contactPoints = [{ type: 'email', value: `${id}@voorbeeld.example` }]
    await api.ask('PUT', `/v1/relations/${id}`, { body: { country: 'BE', customerSince: '2024-01-01', contactPoints } })
  }
})
afterAll(async () => api[Symbol.asyncDispose]())

const merge = (id: string, other: string) => {
  now += 1_000
  return api.ask('POST', `/v1/relations/${id}/merge`, { body: { with: other } })
}
const unmerge = (id: string, of: unknown) => {
  now += 1_000
  return api.ask('DELETE', `/v1/relations/${id}/merges/${String(of)}`)
}
const gate = async (id: string) => {
  const contactPoint = { type: 'email', value: `${id}@voorbeeld.example` }
  const { body } = await api.ask('POST', '/v1/gate', {
    body: { contactPoint, brand: 'acme', channel: 'email', topic: 'news' },
  })
  return at(body, 'decision')
}

describe('merging by the API', () => {
  it('makes one person of two, twice the same, and takes it back with what was said meanwhile', async () => {
    const merged = await merge('one', 'two')
    expect(merged).toMatchObject({ status: 200, body: { created: true } })
    expect(await merge('one', 'two')).toMatchObject({
      status: 200,
      body: { created: false, id: at(merged.body, 'id') },
    })
    now += 1_000
    await api.ask('POST', '/v1/choices', {
      body: { relation: { externalId: 'two' }, kind: 'objection', author: 'person' },
    })
    expect([await gate('one'), await gate('two')]).toEqual(['deny', 'deny'])
    expect(await unmerge('two', at(merged.body, 'id'))).toMatchObject({ status: 200, body: { refusalsKept: 1 } })
    expect([await gate('one'), await gate('two'), await gate('three')]).toEqual(['deny', 'deny', 'allow'])
    expect(await unmerge('two', at(merged.body, 'id'))).toMatchObject({ status: 404, body: { code: 'unknown_merge' } })
  })

  it('refuses what cannot be', async () => {
    expect(await merge('one', 'nobody')).toMatchObject({ status: 404, body: { code: 'unknown_relation' } })
    expect(await merge('one', 'one')).toMatchObject({ status: 422, body: { code: 'same_relation' } })
    const first = await merge('one', 'two')
    await merge('two', 'three')
    expect(await unmerge('one', at(first.body, 'id'))).toMatchObject({ status: 409, body: { code: 'later_merge' } })
  })

  it('is for who may change relations', async () => {
    const key = await api.keyFor('relations:read')
    expect(await api.ask('POST', '/v1/relations/one/merge', { key, body: { with: 'two' } })).toMatchObject({
      status: 403,
    })
  })
})
