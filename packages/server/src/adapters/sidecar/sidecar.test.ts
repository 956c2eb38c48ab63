import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGate } from '@verzet/gate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { actionFor } from './policy-server.ts'
import { lineBytesMax } from './serve-lines.ts'
import type { SidecarGate } from './sidecar-gate.ts'
import { createSidecarMetrics } from './sidecar-metrics.ts'
import { SocketInUse, startSidecarServer } from './sidecar-server.ts'
import { casePosition, openCases } from './testing/case-gate.ts'

const { gate, cases } = openCases()
const refused = cases.find(
  ({ question, expected }) => question.contactPoint.type === 'email' && expected.reason === 'objection',
)
const allowed = cases.find(
  ({ question, expected }) => question.contactPoint.type === 'email' && expected.decision === 'allow',
)
if (refused === undefined || allowed === undefined) throw new Error('the cases have a refusal and an allowance')

let directory: string
let path: string
const open: AsyncDisposable[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'verzet-sidecar-'))
  path = join(directory, 'gate.sock')
})
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true, force: true })
})

async function start(given: SidecarGate = gate, place: Parameters<typeof startSidecarServer>[1] = { path }) {
  const parts = { gate: given, metrics: createSidecarMetrics(given), version: '1.2.3' }
  const server = await startSidecarServer(parts, place)
  open.push(server)
  return server
}

type Answer = { status: number; type: string; text: string; body: Record<string, unknown> }
type Sent = { body?: unknown; raw?: string | Buffer; headers?: Record<string, string>; port?: number | undefined }

async function ask(method: string, url: string, { body, raw, headers, port }: Sent = {}): Promise<Answer> {
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const place = port === undefined ? { socketPath: path } : { host: '127.0.0.1', port }
  const request = httpRequest({
    ...place,
    method,
    path: url,
    headers: { ...(payload !== undefined && { 'content-type': 'application/json' }), ...headers },
  })
  const answered = once(request, 'response')
  // Who is refused before all of it was written may hear that as well.
  answered.then(() => request.on('error', () => {}))
  request.end(payload)
  const [response] = await answered
  const pieces: Buffer[] = []
  for await (const piece of response) pieces.push(piece)
  const text = Buffer.concat(pieces).toString()
  const type = String(response.headers['content-type'])
  return { status: response.statusCode, type, text, body: type.includes('json') ? JSON.parse(text) : {} }
}

/** Everything that is answered to what is written, until so many lines came or the connection ended. */
async function lines(socket: Socket, written: string | Buffer, count: number): Promise<Record<string, unknown>[]> {
  let text = ''
  socket.setEncoding('utf8').on('data', (piece) => {
    text += piece
  })
  socket.write(written)
  await expect.poll(() => text.split('\n').length > count || socket.closed, { timeout: 10_000 }).toBe(true)
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('a sidecar', () => {
  it('answers every decision case alike over HTTP, in a batch, as a claim, and line by line', async () => {
    await start()
    const expected = cases.map((one) => ({ ...one.expected, position: casePosition }))
    const batch = await ask('POST', '/v1/gate/batch', { body: { questions: cases.map(({ question }) => question) } })
    expect(batch.body.decisions).toEqual(expected)
    const single = await Promise.all(cases.map(({ question }) => ask('POST', '/v1/gate', { body: question })))
    expect(single.map(({ body }) => body)).toEqual(expected)
    const claim = await Promise.all(cases.map(({ question }) => ask('POST', '/v1/gate/claim', { body: question })))
    expect(claim.map(({ body }) => body)).toEqual(expected)
    const written = cases.map(({ question }, index) =>
      JSON.stringify({ ...question, ...(index % 2 && { claim: true }) }),
    )
    expect(await lines(connect(path), `${written.join('\n')}\n`, cases.length)).toEqual(expected)
  })

  it('denies as stale, with 200, for as long as it knows nothing', async () => {
    const unready = createGate({ url: 'http://127.0.0.1:1', key: 'none' })
    open.push(unready)
    await start(unready)
    const answer = await ask('POST', '/v1/gate', { body: allowed.question })
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ decision: 'deny', reason: 'stale' })])
    expect((await ask('POST', '/v1/gate/claim', { body: allowed.question })).body.reason).toBe('stale')
    expect((await lines(connect(path), `${JSON.stringify(allowed.question)}\n`, 1))[0]).toMatchObject({
      reason: 'stale',
    })
    expect((await ask('GET', `/map/email/jan@voorbeeld.be?brand=a&topic=b`)).text).toBe('deny stale\n')
    expect((await ask('GET', '/healthz')).body).toEqual({ status: 'ok', version: '1.2.3', state: 'starting' })
    expect((await ask('GET', '/readyz')).status).toBe(503)
  })

  it('refuses what it cannot read with the problems of the hub', async () => {
    await start()
    const of = async (sent: Sent, url = '/v1/gate') => {
      const { status, type, body } = await ask('POST', url, sent)
      expect(type).toBe('application/problem+json')
      const [first] = Array.isArray(body.errors) ? body.errors : []
      return [status, body.code, ...(first === undefined ? [] : [first.pointer])]
    }
    const { question } = allowed
    const withValue = (value: string) => ({ ...question, contactPoint: { type: 'email', value } })
    expect(await of({ raw: '{' })).toEqual([400, 'malformed_json'])
    expect(await of({ raw: '' })).toEqual([400, 'malformed_json'])
    expect(await of({ raw: Buffer.from([0x22, 0xff, 0x22]) })).toEqual([400, 'bad_encoding'])
    expect(await of({ body: { ...question, channel: 'fax' } })).toEqual([400, 'invalid_request', '/channel'])
    expect(await of({ body: { ...question, purpose: 'service' } })).toEqual([400, 'invalid_request', '/purpose'])
    expect(await of({ body: withValue('a\0@b.be') })).toEqual([400, 'invalid_request', '/contactPoint/value'])
    expect(await of({ body: withValue('nobody') })).toEqual([422, 'invalid_contact_point', '/contactPoint/value'])
    expect(await of({ body: { questions: [] } }, '/v1/gate/batch')).toEqual([400, 'invalid_request', '/questions'])
    expect(await of({ raw: 'a=1', headers: { 'content-type': 'text/plain' } })).toEqual([415, 'unsupported_media_type'])
    expect(await of({ raw: ' '.repeat(300_000) })).toEqual([413, 'payload_too_large'])
    expect(await of({ body: question }, '/v1/choices')).toEqual([404, 'not_found'])
  })

  it('shows no other name than its own to a browser on its host', async () => {
    const { port } = await start(gate, { host: '127.0.0.1', port: 0 })
    const from = async (host: string) => (await ask('GET', '/healthz', { port, headers: { host } })).status
    expect([await from(`127.0.0.1:${port}`), await from('localhost'), await from('rebound.example')]).toEqual([
      200, 200, 421,
    ])
  })

  it('says what it measures, and nobody by name', async () => {
    await start()
    await ask('POST', '/v1/gate', { body: refused.question })
    const { text } = await ask('GET', '/metrics')
    expect(text).toContain('verzet_sidecar_requests_total{call="gate"} 1')
    expect(text).toContain('verzet_sidecar_state{state="fresh"} 1')
    expect(text).not.toContain('@')
  })
})

describe('the line protocol', () => {
  it('answers the lines that are whole in whatever pieces they come', async () => {
    await start()
    const socket = connect(path).setNoDelay(true)
    const text = `${JSON.stringify(refused.question)}\n${JSON.stringify(allowed.question)}\r\n\n`
    const answered = lines(socket, text.slice(0, 10), 2)
    for (const character of text.slice(10)) {
      socket.write(character)
      await new Promise(setImmediate)
    }
    expect((await answered).map(({ reason }) => reason)).toEqual([refused.expected.reason, allowed.expected.reason])
    socket.destroy()
  })

  it('answers a wrong line with a problem and goes on, and ends at what is no line', async () => {
    await start()
    const wrong = `{"contactPoint":3}\n{nonsense}\n${JSON.stringify(refused.question)}\n`
    const found = await lines(connect(path), wrong, 3)
    expect(found.map(({ code, reason }) => code ?? reason)).toEqual(['invalid_request', 'malformed_json', 'objection'])
    for (const bytes of [Buffer.from('{"\xff"}\n', 'latin1'), Buffer.from(`{${' '.repeat(lineBytesMax + 1)}`)]) {
      const socket = connect(path)
      expect((await lines(socket, bytes, 1))[0]).toMatchObject({ code: 'malformed_line' })
      await expect.poll(() => socket.readableEnded || socket.closed).toBe(true)
      socket.destroy()
    }
  })

  it('finishes what was asked when the sidecar stops', async () => {
    let allow = () => {}
    const slow: SidecarGate = {
      ...gate,
      claim: (given, about) => new Promise((resolve) => (allow = () => resolve(gate.decide(given, about)))),
    }
    const server = await start(slow)
    const socket = connect(path)
    const answered = lines(socket, `${JSON.stringify({ ...allowed.question, claim: true })}\n`, 1)
    await once(socket, 'connect')
    await new Promise((resolve) => setTimeout(resolve, 50))
    const stopped = server[Symbol.asyncDispose]()
    allow()
    expect((await answered)[0]).toMatchObject({ decision: 'allow' })
    await stopped
    open.length = 0
  })
})

describe('its socket', () => {
  it('is for its group, replaces one that was left behind, and pushes nobody aside', async () => {
    await start()
    expect(statSync(path).mode & 0o777).toBe(0o660)
    await expect(start()).rejects.toBeInstanceOf(SocketInUse)
    path = join(directory, 'notes.txt')
    writeFileSync(path, 'mine')
    await expect(start()).rejects.toBeInstanceOf(SocketInUse)
    expect(statSync(path).size).toBe(4)
  })
})

describe('a map', () => {
  it('hits for who may not be written to, and for every mistake in the question', async () => {
    await start()
    const of = async (address: string, about: Record<string, string>) => {
      const { status, text } = await ask('GET', `/map/${address}?${new URLSearchParams(about)}`)
      return `${status} ${text.trim()}`
    }
    const { brand = '', topic, contactPoint } = refused.question
    const address = `email/${encodeURIComponent(contactPoint.value)}`
    expect(await of(address, { brand, topic })).toBe('200 deny objection')
    const open = allowed.question
    expect(await of(`email/${open.contactPoint.value}`, { brand: open.brand ?? '', topic: open.topic })).toBe(
      '404 allow',
    )
    expect(await of(address, {})).toMatch(/^200 deny unknown_/)
    expect(await of(address, { brand, topic, channel: 'fax' })).toBe('200 deny channel_mismatch')
    expect(await of('fax/1', { brand, topic })).toBe('200 deny invalid_contact_point')
    expect(await of('email/%ff', { brand, topic })).toBe('200 deny invalid_contact_point')
  })
})

describe('a policy action', () => {
  const options = {
    gate,
    host: '',
    port: 0,
    topic: { brand: refused.question.brand ?? '', topic: refused.question.topic },
    count() {},
    log() {},
  }
  const action = (attributes: Record<string, string>) =>
    actionFor(new Map(Object.entries({ protocol_state: 'RCPT', ...attributes })), options)

  it('says nothing against who may be written to, and refuses the others for good', async () => {
    const { brand, topic, contactPoint } = allowed.question
    expect(await action({ recipient: contactPoint.value, policy_context: `${brand}/${topic}` })).toBe('DUNNO')
    expect(await action({ recipient: refused.question.contactPoint.value })).toBe(
      '550 5.7.1 This recipient has said no to this mail (objection)',
    )
    expect(await action({ recipient: '' })).toMatch(/^550 5\.7\.1 /)
    expect(await action({ protocol_state: 'DATA', recipient: refused.question.contactPoint.value })).toBe('DUNNO')
  })

  it('lets the mail wait where it does not know', async () => {
    const recipient = allowed.question.contactPoint.value
    expect(await action({ recipient, policy_context: 'newsletter' })).toMatch(/^451 4\.3\.5 /)
    const unready = createGate({ url: 'http://127.0.0.1:1', key: 'none' })
    open.push(unready)
    const stale = actionFor(
      new Map([
        ['protocol_state', 'RCPT'],
        ['recipient', recipient],
      ]),
      { ...options, gate: unready },
    )
    expect(await stale).toBe('451 4.3.0 Not sent, please try again')
  })
})
