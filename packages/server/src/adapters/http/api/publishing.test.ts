import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await createTestApi()
})
afterAll(async () => api[Symbol.asyncDispose]())

const questions = [
  {
    kind: 'single',
    id: 'why',
    labels: { en: 'Why? (optional)' },
    choices: [
      { id: 'much', labels: { en: 'Too much' } },
      { id: 'spam', labels: { en: 'It is spam' }, alert: 'spam' },
    ],
  },
]

/** The rules named in a refusal, and where they point. */
async function refusal(url: string, body: object) {
  const answer = await api.ask('PUT', url, { body })
  return [
    answer.status,
    at(answer.body, 'code'),
    at(answer.body, 'errors', 0, 'field'),
    at(answer.body, 'errors', 0, 'pointer'),
  ]
}

describe('a leave form', () => {
  const url = '/v1/brands/acme/forms/leave'

  it('is the built-in one, as version 0, until questions are published', async () => {
    const answer = await api.ask('GET', url)
    expect([answer.status, at(answer.body, 'version'), at(answer.body, 'questions', 0, 'id')]).toEqual([
      200,
      0,
      'reason',
    ])
    expect((await api.ask('GET', `${url}/versions`)).body).toEqual({ versions: [] })
  })
  it('gets a version for each change, and keeps the earlier ones', async () => {
    const first = await api.ask('PUT', url, { body: { questions } })
    expect([first.status, at(first.body, 'version')]).toEqual([201, 1])
    expect((await api.ask('PUT', url, { body: { questions } })).status).toBe(200)
    expect((await api.ask('PUT', url, { body: { questions: [] } })).body).toEqual({ version: 2, questions: [] })
    expect((await api.ask('PUT', url, { body: { questions } })).body).toEqual({ version: 3, questions })
    const versions = at((await api.ask('GET', `${url}/versions`)).body, 'versions')
    expect(
      Array.isArray(versions) && versions.map((one) => [at(one, 'version'), at(one, 'questions', 'length')]),
    ).toEqual([
      [3, 1],
      [2, 0],
      [1, 1],
    ])
  })
  it('gives each of two that come at once a version of its own', async () => {
    const bodies = ['one', 'two', 'three'].map((id) => ({
      questions: [{ kind: 'text', id, labels: { en: 'More? (optional)' } }],
    }))
    const answers = await Promise.all(bodies.map((body) => api.ask('PUT', url, { body })))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map(({ body }) => at(body, 'version'))).size).toBe(3)
  })
  it('that breaks a rule of the pages is not published, and is told which', async () => {
    const before = (await api.ask('GET', url)).body
    const sad = [{ kind: 'text', id: 'why', labels: { en: 'We are sorry to see you go' } }]
    expect(await refusal(url, { questions: sad })).toEqual([422, 'page_lint', 'no-guilt', '/questions'])
    const answer = await api.ask('PUT', url, { body: { questions: sad } })
    expect(String(at(answer.body, 'errors', 0, 'detail'))).toContain(
      '(EDPB guidelines 03/2022 (stirring, emotional steering))',
    )
    expect((await api.ask('GET', url)).body).toEqual(before)
  })
  it('that is not well formed is refused by its place', async () => {
    const faulty = [{ ...questions[0], required: true }]
    expect((await api.ask('PUT', url, { body: { questions: faulty } })).status).toBe(400)
    expect((await api.ask('GET', '/v1/brands/none/forms/leave')).status).toBe(404)
    expect((await api.ask('PUT', '/v1/brands/none/forms/leave', { body: { questions } })).status).toBe(404)
    expect((await api.ask('GET', '/v1/brands/none/forms/leave/versions')).status).toBe(404)
    expect((await api.ask('GET', '/v1/brands/none/forms/leave/answers')).status).toBe(404)
  })
  it('is counted for who may read answers', async () => {
    expect((await api.ask('GET', `${url}/answers?from=2026-01-01T00:00:00Z`)).body).toEqual({ counts: [] })
    expect((await api.ask('GET', `${url}/answers`, { key: await api.keyFor('catalog:read') })).status).toBe(403)
  })
})

describe('the wording of a brand', () => {
  const url = '/v1/brands/globex/wording'
  const texts = { nl: { stopAll: 'Geen reclame meer' }, en: { stopAll: 'No more advertising' } }

  it('is the product’s own, as version 0, until it is published', async () => {
    expect((await api.ask('GET', url)).body).toEqual({ version: 0, texts: {} })
    const published = await api.ask('PUT', url, { body: { texts } })
    expect([published.status, published.body]).toEqual([201, { version: 1, texts }])
    expect((await api.ask('PUT', url, { body: { texts } })).status).toBe(200)
    expect((await api.ask('GET', url)).body).toEqual({ version: 1, texts })
    expect((await api.ask('PUT', url, { body: { texts: {} } })).body).toEqual({ version: 2, texts: {} })
    expect(at((await api.ask('GET', `${url}/versions`)).body, 'versions', 1, 'texts')).toEqual(texts)
  })
  it('survives a change of the brand', async () => {
    await api.ask('PUT', url, { body: { texts } })
    await api.ask('PUT', '/v1/brands/globex', { body: { name: 'Globex', controller: 'Globex BV', country: 'NL' } })
    expect(at((await api.ask('GET', url)).body, 'texts')).toEqual(texts)
  })
  it('with which a page breaks a rule is not published', async () => {
    expect(await refusal(url, { texts: { nl: { stopAll: 'Verder' } } })).toEqual([
      422,
      'page_lint',
      'exit-in-plain-words',
      '/texts/nl',
    ])
    expect(at((await api.ask('GET', url)).body, 'texts')).toEqual(texts)
  })
  it('that no page can use is refused by its place', async () => {
    expect(await refusal(url, { texts: { nl: { nonsense: 'x' } } })).toEqual([
      422,
      'unusable_wording',
      'texts.nl.nonsense',
      '/texts/nl/nonsense',
    ])
    expect((await api.ask('PUT', url, { body: { texts: { nl: { stopAll: '' } } } })).status).toBe(400)
    expect((await api.ask('GET', '/v1/brands/none/wording')).status).toBe(404)
    expect((await api.ask('PUT', '/v1/brands/none/wording', { body: { texts } })).status).toBe(404)
    expect((await api.ask('GET', '/v1/brands/none/wording/versions')).status).toBe(404)
  })
})

describe('the settings of a brand', () => {
  const body = { name: 'Acme', controller: 'Acme NV', country: 'BE' }

  it('that push the exit off the first screen are not saved', async () => {
    const name = 'A name that goes on and on '.repeat(7)
    expect(await refusal('/v1/brands/acme', { ...body, name })).toEqual([422, 'page_lint', 'exit-first-screen', ''])
    expect(at((await api.ask('GET', '/v1/brands/acme')).body, 'name')).toBe('Acme')
  })
  it('hold whom to tell and which sites may hold the form', async () => {
    const settings = {
      privacyMail: 'dpo@acme.example',
      siteOrigins: ['https://www.acme.example', 'http://localhost:3000'],
    }
    expect((await api.ask('PUT', '/v1/brands/acme', { body: { ...body, settings } })).status).toBe(200)
    expect(at((await api.ask('GET', '/v1/brands/acme')).body, 'settings')).toEqual(settings)
  })
  it.each([
    'http://www.acme.example',
    'https://www.acme.example/',
    'https://*.acme.example',
    'www.acme.example',
    'null',
  ])('name a site by its origin, and by nothing else: %s', async (origin) => {
    const answer = await api.ask('PUT', '/v1/brands/acme', { body: { ...body, settings: { siteOrigins: [origin] } } })
    expect([answer.status, at(answer.body, 'errors', 0, 'pointer')]).toEqual([400, '/settings/siteOrigins/0'])
  })
})

describe('a topic', () => {
  const url = '/v1/brands/acme/topics/extra'
  const topic = (more: object) => ({ purpose: 'marketing', names: { en: 'Extra' }, ...more })

  it('whose alternatives or name make a page break a rule is not saved', async () => {
    const alternatives = [{ kind: 'pause', days: 30, labels: { en: 'Are you sure?' } }]
    expect(await refusal(url, topic({ settings: { leaving: { alternatives } } }))).toEqual([
      422,
      'page_lint',
      'no-guilt',
      '',
    ])
    expect((await refusal(url, topic({ names: { en: 'What you will miss out on' } })))[2]).toBe('no-guilt')
    expect((await api.ask('GET', url)).status).toBe(404)
    expect((await api.ask('PUT', url, { body: topic({ names: { en: 'Discounts' } }) })).status).toBe(201)
  })
})

describe('alerts', () => {
  const id = '01930f0e-0000-7000-8000-00000000000a'
  const raise = () =>
    api.hub.db.query(`insert into alerts (id, kinds, contact_key, brand, channel, raised_at)
      values ('${id}', '{spam}', '00000000-0000-4000-8000-000000000000', 'acme', 'email', now())`)

  it('are listed until somebody has seen them, and counted', async () => {
    await raise()
    const listed = at((await api.ask('GET', '/v1/alerts?brand=acme')).body, 'alerts', 0)
    expect(listed).toMatchObject({
      id,
      kinds: ['spam'],
      seenAt: null,
      contactPoint: { masked: '•••' },
      externalIds: [],
    })
    expect((await api.ask('GET', '/metrics', { key: null })).text).toContain(
      'verzet_privacy_alerts_open{kind="spam"} 1',
    )
    const seen = await api.ask('POST', `/v1/alerts/${id}/seen`)
    expect(String(at(seen.body, 'seenBy'))).toMatch(/^api-key:/)
    expect((await api.ask('POST', `/v1/alerts/${id}/seen`)).body).toEqual(seen.body)
    expect((await api.ask('GET', '/v1/alerts')).body).toEqual({ alerts: [] })
    expect(at((await api.ask('GET', '/v1/alerts?state=all')).body, 'alerts', 0, 'seenAt')).not.toBeNull()
    expect((await api.ask('GET', '/metrics', { key: null })).text).toContain(
      'verzet_privacy_alerts_open{kind="spam"} 0',
    )
  })
  it('are for who may read them', async () => {
    const key = await api.keyFor('alerts:read')
    expect((await api.ask('GET', '/v1/alerts', { key })).status).toBe(200)
    expect((await api.ask('POST', `/v1/alerts/${id}/seen`, { key })).status).toBe(403)
    expect((await api.ask('POST', '/v1/alerts/01930f0e-0000-7000-8000-00000000000b/seen')).status).toBe(404)
    expect((await api.ask('GET', '/v1/alerts', { key: await api.keyFor('relations:read') })).status).toBe(403)
  })
})
