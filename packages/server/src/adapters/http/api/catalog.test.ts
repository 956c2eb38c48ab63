import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await createTestApi()
})
afterAll(async () => api[Symbol.asyncDispose]())

const initech = {
  name: 'Initech',
  controller: 'Initech SA',
  country: 'FR',
  settings: { oneClick: 'topic', accent: '#112233', timeZone: 'Europe/Paris' },
}

describe('brands', () => {
  it('are listed, created, changed and read', async () => {
    expect((await api.ask('PUT', '/v1/brands/initech', { body: initech })).status).toBe(201)
    const changed = await api.ask('PUT', '/v1/brands/initech', { body: { ...initech, name: 'Initech 2' } })
    expect([changed.status, at(changed.body, 'name')]).toEqual([200, 'Initech 2'])
    expect((await api.ask('GET', '/v1/brands/initech')).body).toEqual({ ...initech, id: 'initech', name: 'Initech 2' })
    const all = at((await api.ask('GET', '/v1/brands')).body, 'brands')
    expect(Array.isArray(all) && all.map((brand) => at(brand, 'id'))).toEqual(['acme', 'globex', 'initech'])
    expect((await api.ask('GET', '/v1/brands/none')).status).toBe(404)
  })

  it('that arrive at once each get a number of their own', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `b${index}`)
    const answers = await Promise.all(ids.map((id) => api.ask('PUT', `/v1/brands/${id}`, { body: initech })))
    expect(answers.map((answer) => answer.status)).toEqual(ids.map(() => 201))
    expect(new Set(ids.map((id) => api.hub.catalog.brand(id)?.number)).size).toBe(10)
  })

  it('are refused with what is wrong', async () => {
    const pointer = async (body: object, id = 'x') => {
      const answer = await api.ask('PUT', `/v1/brands/${id}`, { body: { ...initech, ...body } })
      return [answer.status, at(answer.body, 'errors', 0, 'in'), at(answer.body, 'errors', 0, 'pointer')]
    }
    expect(await pointer({ country: 'be' })).toEqual([400, 'body', '/country'])
    expect(await pointer({ settings: { timeZone: 'Mars/Olympus' } })).toEqual([400, 'body', '/settings/timeZone'])
    expect(await pointer({ settings: { accent: 'red;}' } })).toEqual([400, 'body', '/settings/accent'])
    expect(await pointer({ settings: { privacyUrl: 'javascript:alert(1)' } })).toEqual([
      400,
      'body',
      '/settings/privacyUrl',
    ])
    expect(await pointer({}, 'UPPER')).toEqual([400, 'path', '/brand'])
  })
})

describe('topics', () => {
  it('are listed, created, changed and read, and asked about at once', async () => {
    const body = { purpose: 'marketing', names: { en: 'Events' } }
    expect((await api.ask('PUT', '/v1/brands/acme/topics/events', { body })).status).toBe(201)
    expect(
      (await api.ask('PUT', '/v1/brands/acme/topics/events', { body: { ...body, names: { nl: 'Agenda' } } })).status,
    ).toBe(200)
    expect((await api.ask('GET', '/v1/brands/acme/topics/events')).body).toEqual({
      id: 'events',
      brand: 'acme',
      purpose: 'marketing',
      names: { nl: 'Agenda' },
      settings: {},
    })
    expect(at((await api.ask('GET', '/v1/brands/acme/topics')).body, 'topics', 'length')).toBe(4)
    const question = {
      contactPoint: { type: 'email', value: 'a@b.be' },
      brand: 'acme',
      channel: 'email',
      topic: 'events',
    }
    expect((await api.ask('POST', '/v1/gate', { body: question })).body).toMatchObject({ reason: 'no_basis' })
  })

  it('are unknown where there are none', async () => {
    const body = { purpose: 'service', names: { en: 'X' } }
    expect((await api.ask('PUT', '/v1/brands/none/topics/x', { body })).status).toBe(404)
    expect((await api.ask('GET', '/v1/brands/none/topics')).status).toBe(404)
    expect((await api.ask('GET', '/v1/brands/acme/topics/none')).status).toBe(404)
    expect((await api.ask('PUT', '/v1/brands/acme/topics/x', { body: { ...body, names: {} } })).status).toBe(400)
  })
})

describe('API keys', () => {
  it('are shown once, listed without their secret, and stop when revoked', async () => {
    const made = await api.ask('POST', '/v1/api-keys', {
      body: { name: 'mailer', scopes: ['gate:read', 'catalog:read'] },
    })
    expect(made.status).toBe(201)
    const key = String(at(made.body, 'key'))
    expect(key).toMatch(/^vz_[0-9a-f]{32}_[\w-]{43}$/)
    const mistyped = `${key.slice(0, -1)}${key.endsWith('A') ? 'E' : 'A'}`
    expect((await api.ask('GET', '/v1/brands', { key: mistyped })).status).toBe(401)
    const usedOn = async () => {
      const { keys } = Object((await api.ask('GET', '/v1/api-keys')).body)
      return keys.find(({ id }: { id: unknown }) => id === at(made.body, 'id')).lastUsedOn
    }
    expect(await usedOn()).toBeUndefined()
    expect((await api.ask('GET', '/v1/brands', { key })).status).toBe(200)
    const today = new Date(api.hub.clock()).toISOString().slice(0, 10)
    await expect.poll(usedOn, { timeout: 2_000 }).toBe(today)
    const listed = await api.ask('GET', '/v1/api-keys')
    expect(listed.text).toContain('mailer')
    expect(listed.text).not.toContain(key.slice(-43))
    expect((await api.ask('DELETE', `/v1/api-keys/${at(made.body, 'id')}`)).status).toBe(204)
    expect((await api.ask('DELETE', `/v1/api-keys/${at(made.body, 'id')}`)).status).toBe(404)
    await expect.poll(async () => (await api.ask('GET', '/v1/brands', { key })).status, { timeout: 2_000 }).toBe(401)
  })

  it('give no more than they have', async () => {
    const key = await api.keyFor('keys:write', 'gate:read')
    const make = (scopes: string[]) => api.ask('POST', '/v1/api-keys', { key, body: { name: 'child', scopes } })
    expect((await make(['gate:read'])).status).toBe(201)
    const refused = await make(['*'])
    expect([refused.status, at(refused.body, 'code')]).toEqual([403, 'missing_scope'])
    expect((await make(['gate:all'])).status).toBe(400)
  })
})

describe('links', () => {
  const body = {
    contactPoint: { type: 'email', value: 'jan@voorbeeld.be' },
    brand: 'acme',
    channel: 'email',
    topic: 'news',
    campaign: 'spring',
    offered: ['all', 'topic'],
  }

  it('carry everything a message needs to be left', async () => {
    const answer = await api.ask('POST', '/v1/links', { body })
    expect(answer.status).toBe(200)
    const page = String(at(answer.body, 'page'))
    expect(new URL(page).pathname.length).toBeLessThanOrEqual(90)
    expect(at(answer.body, 'headers', 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click')
    expect(String(at(answer.body, 'headers', 'List-Unsubscribe'))).toContain(`<${page}>`)
    expect((await api.ask('POST', '/v1/links', { body: { ...body, topic: 'orders' } })).status).toBe(200)
  })

  it('of campaigns that begin at once are all made', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        api.ask('POST', '/v1/links', { body: { ...body, campaign: `c${index % 10}` } }),
      ),
    )
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200))
  })

  it('are refused with the field that is wrong', async () => {
    const wrong = async (changes: object) => {
      const answer = await api.ask('POST', '/v1/links', { body: { ...body, ...changes } })
      return [answer.status, at(answer.body, 'errors', 0, 'pointer')]
    }
    expect(await wrong({ brand: 'none' })).toEqual([422, '/brand'])
    expect(await wrong({ topic: 'none' })).toEqual([422, '/topic'])
    expect(await wrong({ channel: 'sms' })).toEqual([422, '/channel'])
    expect(await wrong({ contactPoint: { type: 'email', value: 'jan' } })).toEqual([422, '/contactPoint/value'])
    expect(await wrong({ offered: ['some'] })).toEqual([400, '/offered/0'])
  })
})
