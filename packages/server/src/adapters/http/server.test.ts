import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../test/api.ts'
import { described } from '../../../test/described.ts'
import { createTestHub } from '../../../test/hub.ts'
import { createHttpServer } from './server.ts'

let api: TestApi
beforeAll(async () => {
  api = await createTestApi()
})
afterAll(async () => api[Symbol.asyncDispose]())

const question = {
  contactPoint: { type: 'email', value: 'jan@voorbeeld.be' },
  brand: 'acme',
  channel: 'email',
  topic: 'news',
}

describe('a request that is not one', () => {
  const status = async (options: Parameters<TestApi['ask']>[2]) => {
    const answer = await api.ask('POST', '/v1/gate', options)
    return [answer.status, at(answer.body, 'code')]
  }

  it('is told what is wrong with it', async () => {
    expect(await status({ raw: '{"a":' })).toEqual([400, 'malformed_json'])
    expect(await status({ raw: '' })).toEqual([400, 'malformed_json'])
    expect(await status({ raw: '[]' })).toEqual([400, 'invalid_request'])
    expect(await status({ raw: Buffer.from('{"a":"\xff"}', 'latin1') })).toEqual([400, 'bad_encoding'])
    expect(await status({ raw: `{"a":${'['.repeat(100)}${']'.repeat(100)}}` })).toEqual([400, 'too_deep'])
    expect(await status({ raw: '['.repeat(100_000) })).toEqual([400, 'malformed_json'])
    expect(await status({ raw: '{"__proto__":{"a":1}}' })).toEqual([400, 'invalid_request'])
    expect(await status({ raw: JSON.stringify({ a: 'x'.repeat(300_000) }) })).toEqual([413, 'payload_too_large'])
    expect(await status({ raw: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).toEqual([
      415,
      'unsupported_media_type',
    ])
    expect(await status({ raw: 'a=b', headers: { 'content-type': 'text/plain' } })).toEqual([
      415,
      'unsupported_media_type',
    ])
  })

  it('that meets no route is a problem too', async () => {
    const missing = await api.ask('GET', '/v1/nothing')
    expect([missing.status, missing.headers['content-type']]).toEqual([404, 'application/problem+json'])
    const wrongMethod = await api.ask('GET', '/v1/choices')
    expect([wrongMethod.status, wrongMethod.headers.allow]).toEqual([405, 'POST'])
    expect((await api.ask('POST', '/v1/relations/1')).headers.allow).toBe('PUT, GET, HEAD, DELETE')
    expect((await api.ask('GET', '/v1/relations/%E0%A4%A')).status).toBe(400)
  })
})

describe('who asks', () => {
  it('needs a key that holds and has the scope', async () => {
    const without = await api.ask('POST', '/v1/gate', { body: question, key: null })
    expect([without.status, without.headers['www-authenticate']]).toEqual([401, 'Bearer realm="verzet"'])
    const forged = await api.ask('POST', '/v1/gate', { body: question, key: `${api.key.slice(0, -4)}AAAA` })
    expect([forged.status, forged.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="verzet", error="invalid_token"',
    ])
    const narrow = await api.ask('POST', '/v1/gate/claim', { body: question, key: await api.keyFor('gate:read') })
    expect([narrow.status, at(narrow.body, 'detail')]).toEqual([403, expect.stringContaining('gate:claim')])
  })

  it('is told to wait after many failures, but never with a key that holds', async () => {
    const statuses = new Set<number>()
    for (let attempt = 0; attempt < 40; attempt += 1) {
      statuses.add((await api.ask('GET', '/v1/brands', { key: 'vz_wrong' })).status)
    }
    expect([...statuses]).toEqual([401, 429])
    expect(Number((await api.ask('GET', '/v1/brands', { key: 'vz_wrong' })).headers['retry-after'])).toBeGreaterThan(0)
    expect((await api.ask('GET', '/v1/brands')).status).toBe(200)
  })
})

describe('every answer', () => {
  it('forbids storing, framing, indexing and referring', async () => {
    for (const url of ['/v1/brands', '/v1/nothing', '/healthz']) {
      const { headers } = await api.ask('GET', url)
      expect({ url, ...headers }).toMatchObject({
        url,
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex, nofollow',
      })
    }
  })

  it('is described by an OpenAPI 3.1 document that says every scope', async () => {
    const document = await api.ask('GET', '/v1/openapi.json', { key: null })
    expect(at(document.body, 'openapi')).toBe('3.1.0')
    const paths = Object.keys(Object(described(api.app).paths))
    expect(paths).toEqual(
      expect.arrayContaining([
        '/v1/choices',
        '/v1/gate',
        '/v1/gate/batch',
        '/v1/gate/claim',
        '/v1/links',
        '/v1/changes',
      ]),
    )
    expect(document.text).toContain('Needs the scope `choices:write`.')
    expect(document.text).not.toContain('"$schema"')
  })
})

describe('operation', () => {
  it('says that the process runs and the database answers', async () => {
    expect((await api.ask('GET', '/healthz', { key: null })).body).toEqual({ status: 'ok', version: '0.0.0' })
    expect((await api.ask('GET', '/readyz', { key: null })).body).toEqual({ status: 'ready' })
  })

  it('counts opt-outs by signal, decisions by reason and durations by route pattern, and names nobody', async () => {
    await api.ask('POST', '/v1/choices', {
      body: { contactPoint: question.contactPoint, kind: 'objection', scope: {}, author: 'person' },
    })
    await api.ask('POST', '/v1/gate', { body: question })
    await api.ask('GET', '/v1/relations/secret-customer')
    const { text } = await api.ask('GET', '/metrics', { key: null })
    expect(text).toContain('verzet_optouts_total{signal="api"} 1')
    expect(text).toContain('verzet_gate_decisions_total{decision="deny",reason="objection"} 1')
    expect(text).toContain('verzet_signal_to_commit_seconds_count 1')
    expect(text).toContain('route="/v1/relations/:externalId"')
    expect(text).not.toMatch(/jan|voorbeeld|secret-customer/)
  })

  it('answers 503 and never allow when the database is gone', async () => {
    await using other = await createTestApi()
    await other.ask('GET', '/v1/brands')
    await other.hub.loseDatabase()
    const gate = await other.ask('POST', '/v1/gate', { body: question })
    expect([gate.status, gate.headers['retry-after'], at(gate.body, 'code')]).toEqual([503, '1', 'unavailable'])
    expect(
      (
        await other.ask('POST', '/v1/choices', {
          body: { contactPoint: question.contactPoint, kind: 'objection', scope: {}, author: 'person' },
        })
      ).status,
    ).toBe(503)
    expect((await other.ask('GET', '/readyz', { key: null })).status).toBe(503)
    expect((await other.ask('GET', '/healthz', { key: null })).status).toBe(200)
  })
})

describe('the log', () => {
  it('has the route pattern of a request, and nothing of what was sent', async () => {
    const lines: string[] = []
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk))
        done()
      },
    })
    await using hub = await createTestHub()
    const app = await createHttpServer(hub, {
      logger: pino(sink),
      version: '0.0.0',
      register: async (server) => {
        server.get('/u/:token', async () => {
          throw new Error('jan@voorbeeld.be broke it')
        })
      },
    })
    await app.inject({
      url: '/u/secret-token?utm=jan',
      headers: { authorization: 'Bearer secret', 'x-forwarded-for': '192.0.2.1' },
    })
    await app.close()
    const text = lines.join('')
    expect(text).toContain('"route":"/u/:token","status":500')
    expect(text).not.toMatch(/secret|jan|192\.0|127\.0/)
  })
})
