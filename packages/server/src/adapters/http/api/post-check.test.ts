import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'
import { pdfOf } from '../../check/testing/pdf.ts'

let api: TestApi
beforeAll(async () => {
  api = await createTestApi()
})
afterAll(async () => api[Symbol.asyncDispose]())

const check = (body: unknown) => api.ask('POST', '/v1/check', { body })

describe('POST /v1/check', () => {
  it('says whether a text may leave, and cites what forbids it', async () => {
    const right = await check({
      kind: 'sms',
      message: 'Acme: -20%. Stop? SMS STOP 8850',
      brand: 'acme',
      sender: 'Acme',
    })
    expect([right.status, at(right.body, 'mayLeave'), at(right.body, 'errors')]).toEqual([200, true, 0])
    const wrong = await check({ kind: 'sms', message: 'Acme: -20%', brand: 'acme' })
    expect(wrong.body).toMatchObject({
      mayLeave: false,
      errors: 1,
      findings: [{ rule: 'sms-way-out', key: 'sms-way-out.none', severity: 'error' }, {}],
    })
    expect(at(wrong.body, 'findings', 0, 'source')).toContain('2002/58/EC')
    expect(at(wrong.body, 'findings', 0, 'message')).toContain('does not say how to stop')
  })

  it('takes bytes in base64', async () => {
    const base64 = (await pdfOf([{ lines: [{ text: 'Hallo', points: 10 }] }])).toString('base64')
    const answer = await check({ kind: 'print', message: { base64 }, brand: 'acme' })
    expect([answer.status, at(answer.body, 'findings', 0, 'rule')]).toEqual([200, 'print-qr'])
    const large = await check({
      kind: 'email',
      message: { base64: Buffer.alloc(11_000_000).toString('base64') },
      brand: 'acme',
    })
    expect([large.status, at(large.body, 'code')]).toEqual([413, 'payload_too_large'])
    const body = await check({ kind: 'print', message: { base64: 'A'.repeat(30_000_000) }, brand: 'acme' })
    expect(body.status).toBe(413)
  })

  it('refuses what cannot be checked', async () => {
    const code = async (changes: object) => {
      const answer = await check({ kind: 'sms', message: 'Acme', brand: 'acme', ...changes })
      return [answer.status, at(answer.body, 'code')]
    }
    expect(await code({ brand: 'nobody' })).toEqual([422, 'unknown_brand'])
    expect(await code({ topic: 'nothing' })).toEqual([422, 'unknown_topic'])
    expect(await code({ kind: 'fax' })).toEqual([400, 'invalid_request'])
    expect(await code({ message: '' })).toEqual([400, 'invalid_request'])
    expect(await code({ message: { base64: '%%' } })).toEqual([400, 'invalid_request'])
    const narrow = await api.ask('POST', '/v1/check', {
      body: { kind: 'sms', message: 'x' },
      key: await api.keyFor('gate:read'),
    })
    expect(narrow.status).toBe(403)
  })
})
