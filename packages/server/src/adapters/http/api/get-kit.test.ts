import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await createTestApi()
})
afterAll(async () => api[Symbol.asyncDispose]())

describe('GET /v1/brands/{brand}/kit', () => {
  it('gives every piece in three forms, in the language asked for or the country’s', async () => {
    const { status, body } = await api.ask('GET', '/v1/brands/acme/kit?language=de')
    expect([status, at(body, 'language'), at(body, 'pieces', 1, 'id')]).toEqual([200, 'de', 'mail'])
    expect(at(body, 'pieces', 1, 'text')).toBe(
      'Keine Werbung mehr: {{verzet_stop}}\nMeine Einstellungen ändern: {{verzet_preferences}}',
    )
    expect(at(body, 'pieces', 1, 'html')).toContain('<a href="{{verzet_stop}}">')
    expect(at((await api.ask('GET', '/v1/brands/globex/kit')).body, 'language')).toBe('nl')
  })

  it('is for those who may read the catalog, of a brand there is, in a language there is', async () => {
    expect((await api.ask('GET', '/v1/brands/none/kit')).status).toBe(404)
    expect((await api.ask('GET', '/v1/brands/acme/kit?language=es')).status).toBe(400)
    const key = await api.keyFor('gate:read')
    expect((await api.ask('GET', '/v1/brands/acme/kit', { key })).status).toBe(403)
  })
})

describe('the lead time of print', () => {
  it('is a setting of the brand, within bounds', async () => {
    const acme = { name: 'Acme', controller: 'Acme NV', country: 'BE' }
    const put = (printLeadDays: number) =>
      api.ask('PUT', '/v1/brands/acme', { body: { ...acme, settings: { printLeadDays } } })
    expect((await put(10)).status).toBe(200)
    expect(at((await api.ask('GET', '/v1/brands/acme')).body, 'settings')).toEqual({ printLeadDays: 10 })
    expect([(await put(0)).status, (await put(365)).status]).toEqual([400, 400])
  })
})
