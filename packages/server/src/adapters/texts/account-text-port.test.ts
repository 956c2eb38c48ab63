import { createServer, type IncomingMessage, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub } from '../../../test/hub.ts'
import { readTextConnections } from '../../services/channels/read-connections.ts'
import { addSmsAccount, type SmsAccount } from '../../services/texts/sms-accounts.ts'
import { accountTextPort, canSend, chooseAccount } from './account-text-port.ts'
import { httpSenders } from './http-senders.ts'

const text = {
  id: '01930f0e-0000-7000-8000-000000000001',
  to: '+32470112233',
  channel: 'sms' as const,
  brand: 'acme',
  text: 'Acme: é',
}

type Seen = { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string }
let server: Server
let seen: Seen[] = []
let answer = { status: 201, body: '{}' }
let api = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      seen.push({ url: request.url ?? '', headers: request.headers, body })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  api = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

function account(vendor: SmsAccount['vendor'], more: Partial<SmsAccount> = {}): SmsAccount {
  const settings = { user: 'AC1', api }
  return {
    id: vendor,
    brand: 'acme',
    vendor,
    numbers: ['+32460000001'],
    settings,
    secrets: { sending: 'key' },
    ...more,
  }
}

async function send(vendor: SmsAccount['vendor'], status = 201, body = '{}') {
  seen = []
  answer = { status, body }
  return httpSenders[vendor]?.(account(vendor), text)
}

describe('sending through a vendor', () => {
  it('says to Twilio what and to whom', async () => {
    expect(await send('twilio')).toEqual({ kind: 'sent' })
    expect(seen[0]?.url).toBe('/2010-04-01/Accounts/AC1/Messages.json')
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
      To: '+32470112233',
      From: '+32460000001',
      Body: 'Acme: é',
    })
    expect(seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('AC1:key').toString('base64')}`)
  })

  it('says it to CM.com and to Vonage in their way', async () => {
    expect(await send('cm', 200, '{"errorCode":0}')).toEqual({ kind: 'sent' })
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      messages: {
        msg: [{ allowedChannels: ['SMS'], to: [{ number: '0032470112233' }], body: { content: 'Acme: é' } }],
      },
    })
    expect(seen[0]?.headers['x-cm-producttoken']).toBe('key')
    expect(await send('vonage', 202)).toEqual({ kind: 'sent' })
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      to: '32470112233',
      from: '32460000001',
      message_type: 'text',
    })
  })

  it('hears of a no at the vendor, and tells what passes from what does not', async () => {
    expect(await send('twilio', 400, '{"code":21610}')).toEqual({
      kind: 'refused',
      reason: 'twilio 21610',
      optedOut: true,
    })
    expect(await send('twilio', 400, '{"code":21211}')).toEqual({ kind: 'refused', reason: 'twilio 400 21211' })
    expect(await send('twilio', 503, 'busy')).toEqual({ kind: 'unavailable', reason: 'twilio 503' })
    expect(await send('twilio', 401, '{"code":20003}')).toMatchObject({ kind: 'unavailable' })
    expect(await send('cm', 200, '{"errorCode":203}')).toEqual({ kind: 'refused', reason: 'cm 200 203' })
    expect(await send('vonage', 422, '{"detail":"The user has opted out"}')).toMatchObject({ optedOut: true })
  })
})

describe('the account a text goes through', () => {
  const accounts = [
    account('sinch'),
    account('smpp', { id: 'receiver', settings: { bind: 'receiver' } }),
    account('vonage', { id: 'other', brand: 'globex' }),
    account('cm', { id: 'first' }),
    account('twilio', { id: 'second' }),
  ]

  it('is the one that was written to, else any of the brand that can send', () => {
    expect(chooseAccount(accounts, { ...text, account: 'second' })?.id).toBe('second')
    expect(chooseAccount(accounts, { ...text, account: 'sinch' })?.id).toBe('first')
    expect(chooseAccount(accounts, { ...text, brand: 'globex' })?.id).toBe('other')
    expect(chooseAccount(accounts, { ...text, brand: 'nobody' })).toBeUndefined()
  })

  it('has a number and a secret, and no link of an operator for WhatsApp', () => {
    expect([canSend(account('twilio', { numbers: [] })), canSend(account('twilio', { secrets: {} }))]).toEqual([
      false,
      false,
    ])
    const smpp = account('smpp', { settings: {} })
    expect(chooseAccount([smpp], { ...text, channel: 'whatsapp' })).toBeUndefined()
    expect(chooseAccount([smpp], text)).toBe(smpp)
  })
})

it('what a vendor makes of a text is noted of the account, without the text or the number', async () => {
  const now = Date.UTC(2026, 10, 21, 9)
  await using hub = await createTestHub({ now: () => now })
  await addSmsAccount(hub, { ...account('twilio'), secrets: { webhook: 'w', sending: 'key' } })
  const port = accountTextPort(hub, { send: async () => ({ kind: 'unavailable', reason: 'smpp not bound here' }) })
  const known = async () => (await readTextConnections(hub))[0]
  answer = { status: 503, body: '{}' }
  expect(await port.send(text)).toMatchObject({ kind: 'unavailable' })
  expect(await known()).toMatchObject({ health: 'failing', failure: { kind: 'not_sent', at: now } })
  expect(JSON.stringify(await known())).not.toMatch(/470112233|Acme: /)
  answer = { status: 201, body: '{}' }
  expect(await port.send(text)).toEqual({ kind: 'sent' })
  expect(await known()).toMatchObject({ workedAt: now })
})
