import { createHash, createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../../test/hub.ts'
import { ask, email, keyed, type Point, phone, saveTestRelation } from '../../../../test/people.ts'
import { readTextConnections } from '../../../services/channels/read-connections.ts'
import { addSmsAccount } from '../../../services/texts/sms-accounts.ts'
import { listChoices } from '../../../storage/choices.ts'
import { listDeliveryFacts } from '../../../storage/delivery-facts.ts'
import { listOutboundTexts } from '../../../storage/outbound-texts.ts'
import { listOpenReviewItems } from '../../../storage/review-items.ts'
import { createHttpServer } from '../server.ts'
import { isAllowedFrom, refusedCallsMax, registerSmsWebhooks } from './sms-webhooks.ts'

const token = 'auth token of the tests'
let hub: TestHub
let app: FastifyInstance
let now = Date.UTC(2026, 10, 21, 9)
let people = 0
let woken = 0
let person: { mail: Point; number: Point; letter: Point }

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
  app = await createHttpServer(hub, {
    logger: false,
    version: '0.0.0',
    register: async (root) => {
      await root.register((scope) => registerSmsWebhooks(scope, { hub, wakeTexts: () => (woken += 1) }))
    },
  })
  const account = {
    brand: 'acme',
    numbers: ['+32460000001'],
    settings: {},
    secrets: { webhook: token, sending: token },
  }
  await addSmsAccount(hub, { ...account, id: 'acme-twilio', vendor: 'twilio' })
  await addSmsAccount(hub, { ...account, id: 'acme-cm', vendor: 'cm' })
  await addSmsAccount(hub, { ...account, id: 'globex-vonage', brand: 'globex', vendor: 'vonage' })
})
afterAll(async () => {
  await app.close()
  await hub[Symbol.asyncDispose]()
})
beforeEach(async () => {
  now += 3_600_000
  people += 1
  person = {
    mail: email(`lezer${people}@voorbeeld.be`),
    number: phone(`+3247011${1000 + people}`),
    letter: { type: 'post', value: `Kerkstraat ${people}, 9000 Gent, BE` },
  }
  await saveTestRelation(hub, `S-${people}`, [person.mail, person.number, person.letter], {
    language: 'nl',
    customerSince: '2024-01-01',
  })
})

let sids = 0
type Fields = Readonly<Record<string, string>>

function twilio(fields: Fields, { account = 'acme-twilio', secret = token, signed = fields as Fields } = {}) {
  const url = `/in/sms/twilio/${account}`
  const sorted = Object.entries(signed).sort(([one], [other]) => (one < other ? -1 : 1))
  const text = `${hub.place.url}${url}${sorted.map(([name, value]) => `${name}${value}`).join('')}`
  const signature = createHmac('sha1', secret).update(text).digest('base64')
  return app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
    payload: new URLSearchParams(fields).toString(),
  })
}

function text(body: string, more: Fields = {}, from = person.number.value) {
  sids += 1
  return twilio({ From: from, To: '+32460000001', Body: body, MessageSid: `SM${sids}`, ...more })
}

async function decisions(): Promise<string[]> {
  const asked = [
    ask(hub, person.mail, 'email'),
    ask(hub, person.number, 'sms'),
    ask(hub, person.number, 'whatsapp'),
    ask(hub, person.number, 'phone'),
    ask(hub, person.letter, 'post'),
  ]
  return (await Promise.all(asked)).map(({ decision, reason }) => `${decision} ${reason}`)
}

const key = () => keyed(hub, person.number).key
const choices = () => listChoices(hub.db, [key()])
const texts = () => listOutboundTexts(hub.db, [key()])

describe('a STOP by text', () => {
  it('closes mail, text, phone and post before it is answered', async () => {
    const before = await decisions()
    expect(before[0]).toBe('allow customer_relation')
    const answer = await text('STOP')
    expect([answer.statusCode, answer.payload]).toEqual([200, '<Response/>'])
    expect(await decisions()).toEqual(Array.from({ length: 5 }, () => 'deny objection'))
    expect((await choices())[0]).toMatchObject({
      kind: 'objection',
      scope: {},
      author: 'person',
      context: { signal: 'text', origin: { brand: 'acme', channel: 'sms' } },
    })
  })

  it('owes one confirmation in a day, however often it is said', async () => {
    await text('stop')
    await text('STOP!!')
    now += 600_000
    await text('tsop')
    expect((await texts()).map(({ kind }) => kind)).toEqual(['text_stopped'])
    now += 25 * 3_600_000
    await text('stop aub')
    expect(await texts()).toHaveLength(2)
    expect(woken).toBeGreaterThan(0)
  })

  it('is heard once when it is delivered again', async () => {
    const same = { From: person.number.value, Body: 'stop', MessageSid: 'SMsame' }
    await twilio(same)
    now += 3_600_000
    await twilio(same)
    expect(await choices()).toHaveLength(1)
  })

  it('refuses one topic on every channel where it names one', async () => {
    await text('STOP NIEUWS')
    expect((await choices())[0]?.scope).toEqual({ brand: 'acme', topic: 'news' })
    expect((await ask(hub, person.mail, 'email', 'news')).decision).toBe('deny')
    expect((await ask(hub, person.mail, 'email', 'offers')).decision).toBe('allow')
  })

  it('is kept and held for a number that nobody knew', async () => {
    const stranger = phone('+32479998877')
    await text('afmelden', {}, stranger.value)
    expect(await ask(hub, stranger, 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it('that the vendor has heard itself is not confirmed a second time', async () => {
    await text('stop', { OptOutType: 'STOP' })
    expect((await choices())[0]?.author).toBe('person')
    expect(await texts()).toEqual([])
  })

  it('counts from when it was written where a vendor brings it late', async () => {
    const written = now - 5 * 3_600_000
    const body = {
      from: person.number.value,
      to: '8850',
      message: { text: 'stop' },
      timeUtc: new Date(written).toISOString().slice(0, 19),
    }
    const answer = await app.inject({
      method: 'POST',
      url: `/in/sms/cm/acme-cm?key=${encodeURIComponent(token)}`,
      payload: body,
    })
    expect(answer.statusCode).toBe(200)
    expect((await choices())[0]?.saidAt).toBe(written)
  })
})

describe('other words by text', () => {
  it('that may be a no wait for a human, and advertising to the number with them', async () => {
    await text('nee bedankt')
    const items = await listOpenReviewItems(hub.db, 50)
    expect(items.find(({ contactKey }) => contactKey === key())).toMatchObject({
      source: 'sms',
      kind: 'unclear_text',
      excerpt: 'nee bedankt',
      brand: 'acme',
      proposedScope: {},
    })
    expect((await decisions())[1]).toBe('defer under_review')
    expect(await texts()).toEqual([])
  })

  it('START and HELP change nothing and are each answered once', async () => {
    await text('STOP')
    await text('JA')
    await text('START')
    await text('HELP')
    await text('?')
    expect(await choices()).toHaveLength(1)
    // They may be of one millisecond, and then stand in any order.
    expect((await texts()).map(({ kind }) => kind).sort()).toEqual(['text_help', 'text_start', 'text_stopped'])
    expect((await decisions())[1]).toBe('deny objection')
  })

  it('of another kind leave nothing behind', async () => {
    const before = await decisions()
    await text('Hoe laat zijn jullie open?')
    expect([await choices(), await texts(), await decisions()]).toEqual([[], [], before])
  })

  it('of a hidden sender are not dropped', async () => {
    await text('STOP', {}, 'ACMEBANK')
    const items = await listOpenReviewItems(hub.db, 50)
    expect(items.find(({ sender }) => sender === 'ACMEBANK')).toMatchObject({
      reason: 'sender_unreadable',
      proposedScope: null,
    })
  })
})

describe('a report of a vendor', () => {
  const failed = (code: string) =>
    twilio({ MessageSid: `SMf${sids++}`, To: person.number.value, MessageStatus: 'failed', ErrorCode: code })

  it('that it blocks the number is a no the hub had not heard', async () => {
    await failed('21610')
    expect((await choices())[0]).toMatchObject({ author: 'provider', scope: {}, context: { signal: 'vendor_opt_out' } })
    expect(await texts()).toEqual([])
    expect((await decisions())[0]).toBe('deny objection')
  })

  it('of a dead number is a delivery fact and no opt-out', async () => {
    await failed('30005')
    expect(await choices()).toEqual([])
    expect((await listDeliveryFacts(hub.db, [key()]))[0]).toMatchObject({
      outcome: 'dead',
      channel: 'sms',
      source: 'twilio',
    })
    expect((await decisions())[1]).toBe('deny undeliverable')
  })
})

describe('a call that proves nothing', () => {
  it('is turned away and leaves nothing behind', async () => {
    const fields = { From: person.number.value, Body: 'STOP', MessageSid: 'SMx' }
    expect((await twilio(fields, { secret: 'another' })).statusCode).toBe(403)
    expect((await twilio(fields, { signed: { ...fields, Body: 'HELP' } })).statusCode).toBe(403)
    expect((await twilio(fields, { account: 'nobody' })).statusCode).toBe(404)
    // Signed rightly for another account's address.
    expect((await twilio(fields, { account: 'acme-cm' })).statusCode).toBe(404)
    expect((await app.inject({ method: 'POST', url: '/in/sms/cm/acme-cm?key=wrong', payload: {} })).statusCode).toBe(
      403,
    )
    expect((await app.inject({ method: 'POST', url: '/in/sms/other/acme-cm', payload: {} })).statusCode).toBe(404)
    expect((await app.inject({ method: 'GET', url: '/in/sms/twilio/acme-twilio' })).statusCode).toBe(404)
    expect(await choices()).toEqual([])
  })

  it('is noted of the account, by its kind, until a true one comes', async () => {
    await text('hallo')
    now += 61_000
    await twilio({ From: person.number.value, Body: 'STOP', MessageSid: 'SMy' }, { secret: 'another' })
    const account = async () => (await readTextConnections(hub)).find(({ name }) => name === 'acme-twilio')
    expect(await account()).toMatchObject({
      health: 'failing',
      heardAt: now - 61_000,
      failure: { kind: 'refused_calls', reason: 'forged' },
    })
    now += 1_000
    await text('hallo')
    expect(await account()).toMatchObject({ health: 'working', heardAt: now })
  })

  it('is told when the body cannot be read, so that nothing is taken for heard', async () => {
    const body = 'not json'
    const hash = createHash('sha256').update(body).digest('hex')
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const signed = `${part({ alg: 'HS256' })}.${part({ iat: now / 1_000, payload_hash: hash })}`
    const authorization = `Bearer ${signed}.${createHmac('sha256', token).update(signed).digest('base64url')}`
    const answer = await app.inject({
      method: 'POST',
      url: '/in/sms/vonage/globex-vonage',
      headers: { authorization },
      payload: body,
    })
    expect(answer.statusCode).toBe(422)
  })

  it('comes from a network that is allowed', () => {
    const settings = { addresses: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'] }
    const from = (address: string) => isAllowedFrom({ settings }, address)
    expect([from('192.0.2.9'), from('::ffff:192.0.2.9'), from('2001:db8::1'), from('198.51.100.7')]).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect([from('203.0.113.1'), from('::1')]).toEqual([false, false])
    expect(isAllowedFrom({ settings: {} }, '203.0.113.1')).toBe(true)
  })

  it('is slowed down, while a true one still passes', async () => {
    for (let at = 0; at <= refusedCallsMax; at += 1) await twilio({ Body: 'x' }, { secret: 'guess' })
    expect((await twilio({ Body: 'x' }, { secret: 'guess' })).statusCode).toBe(429)
    expect((await text('STOP')).statusCode).toBe(200)
  })
})
