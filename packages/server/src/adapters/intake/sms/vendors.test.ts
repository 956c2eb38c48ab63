import { describe, expect, it } from 'vitest'
import { callOf, signedAt, signedCall, signedCalls } from './testing/signed-calls.ts'
import { webhookOf } from './vendors.ts'
import { internationalNumber, signatureAgeMsMax, type WebhookCall } from './webhook.ts'

const calls = signedCalls.map((call) => [`${call.vendor}: ${call.name}`, call] as const)

function verify(vendor: string, call: WebhookCall, secret: string): boolean | undefined {
  return webhookOf(vendor)?.verify(call, secret)
}

function read(vendor: string, body: unknown, type = 'application/json') {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return webhookOf(vendor)?.read({
    url: 'https://verzet.example/in',
    headers: { 'content-type': type },
    body: Buffer.from(text),
    receivedAt: signedAt,
  })
}

const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()

describe.each(calls)('a call of %s', (_, call) => {
  it('is believed as it was signed elsewhere', () => {
    expect(verify(call.vendor, callOf(call), call.secret)).toBe(true)
  })

  it('is not believed with another secret, or without its proof', () => {
    expect(verify(call.vendor, callOf(call), `${call.secret}x`)).toBe(false)
    const bare = callOf(call, { headers: {}, url: call.url.replace(/\?.*/, '') })
    expect(verify(call.vendor, bare, call.secret)).toBe(false)
  })

  it('is not believed with one byte changed, where anything is signed', () => {
    const changed = callOf(call, { body: Buffer.from(call.body.replace(/STOP|svp|aub|1234/, 'xx')) })
    expect(verify(call.vendor, changed, call.secret)).toBe(call.vendor === 'cm')
  })
})

describe('a signature with a moment in it', () => {
  it('holds as long as a vendor tries to deliver, and no longer', () => {
    for (const name of ['the older signature', 'the signature of Bird']) {
      const call = signedCall('messagebird', name)
      const later = (ms: number) => verify('messagebird', callOf(call, { receivedAt: signedAt + ms }), call.secret)
      expect([later(6 * 3_600_000), later(signatureAgeMsMax + 1_000)]).toEqual([true, false])
    }
    const sinch = signedCall('sinch', 'a text')
    expect(verify('sinch', callOf(sinch, { receivedAt: signedAt + signatureAgeMsMax + 1_000 }), sinch.secret)).toBe(
      false,
    )
    const token = signedCall('messagebird', 'a signed token')
    expect(verify('messagebird', callOf(token, { receivedAt: signedAt + 66_000 }), token.secret)).toBe(false)
  })

  it('is not believed for another address, nor without an algorithm', () => {
    const token = signedCall('messagebird', 'a signed token')
    expect(verify('messagebird', callOf(token, { url: `${token.url}x` }), token.secret)).toBe(false)
    const call = signedCall('vonage', 'a text')
    const claims = call.headers.authorization?.split('.')[1]
    const head = Buffer.from('{"alg":"none"}').toString('base64url')
    const unsigned = callOf(call, { headers: { authorization: `Bearer ${head}.${claims}.` } })
    expect(verify('vonage', unsigned, call.secret)).toBe(false)
  })
})

describe('what a text says', () => {
  it('is read from each vendor, with the number in its one form', () => {
    const said = signedCalls.flatMap((call) => webhookOf(call.vendor)?.read(callOf(call)) ?? [])
    expect(said.map((signal) => (signal.kind === 'text' ? `${signal.from} ${signal.text}` : signal.kind))).toEqual([
      '+32470110001 STOP',
      '+32470110001 STOP',
      '+32470110001 STOP',
      '+32470110002 Arrêtez svp',
      '+32470110003 STOP',
      '+32470110003 STOP',
      '+32470110003 STOP',
      '+32470110004 afmelden aub',
      '+32470110005 uitschrijven',
    ])
  })

  it('tells WhatsApp from SMS', () => {
    const whatsapp = form({ Body: 'stop', From: 'whatsapp:+32470112233', MessageSid: 'SM9' })
    expect(read('twilio', whatsapp)?.[0]).toMatchObject({ channel: 'whatsapp', from: '+32470112233' })
    const message = { message_uuid: 'v', from: '32470112233', channel: 'whatsapp', text: 'stop' }
    expect(read('vonage', message)?.[0]).toMatchObject({ channel: 'whatsapp' })
  })

  it('gives what came on another channel to a human, under the name it has there', () => {
    const messenger = { message_uuid: 'v', from: '3247011223344', channel: 'messenger', text: 'stop' }
    expect(read('vonage', messenger)?.[0]).toMatchObject({ from: 'messenger:3247011223344', text: 'stop' })
    const viber = { from: '32470112233', message: { text: 'stop' }, channel: 'Viber' }
    expect(read('cm', viber)?.[0]).toMatchObject({ from: 'viber:32470112233', text: 'stop' })
    const sender = { contact: { identifierValue: '32470112233' } }
    const telegram = { event: 'telegram.inbound', payload: { id: 'b', sender, body: { text: { text: 'stop' } } } }
    expect(read('messagebird', telegram)?.[0]).toMatchObject({ from: 'telegram:32470112233', text: 'stop' })
  })

  it('names the same sender where a number has no quotes around it', () => {
    const bodies = {
      cm: { from: { number: 32470112233 }, to: { number: 8850 }, message: { text: 'stop' } },
      sinch: { type: 'mo_text', id: 's', from: 32470112233, to: 8850, body: 'stop' },
      vonage: { message_uuid: 'v', from: 32470112233, to: 8850, channel: 'sms', text: 'stop' },
      messagebird: { id: 'm', originator: 32470112233, recipient: 8850, body: 'stop' },
    }
    for (const [vendor, body] of Object.entries(bodies))
      expect(read(vendor, body)?.[0]).toMatchObject({ from: '+32470112233', text: 'stop' })
  })

  it('hears the button under a message as the words on it', () => {
    const pressed = { message_uuid: 'v', from: '32470112233', channel: 'whatsapp' }
    expect(read('vonage', { ...pressed, button: { payload: 'x', text: 'Stop' } })?.[0]).toMatchObject({ text: 'Stop' })
    expect(read('vonage', { ...pressed, reply: { id: 'x', title: 'Stop' } })?.[0]).toMatchObject({ text: 'Stop' })
    const choice = {
      id: 'c',
      channel_identity: { channel: 'WHATSAPP', identity: '32470112233' },
      contact_message: { choice_response_message: { message_id: 'm', postback_data: 'STOP' } },
    }
    expect(read('sinch', { message: choice })?.[0]).toMatchObject({ text: 'STOP', channel: 'whatsapp' })
  })

  it('carries what the vendor heard itself, and what was answered', () => {
    const heard = form({ Body: 'stop', From: '+32470112233', MessageSid: 'SM9', OptOutType: 'STOP' })
    expect(read('twilio', heard)?.[0]).toMatchObject({ vendorRead: 'STOP' })
    const older = { from: '0032470112233', to: '8850', body: 'stop', reference: 'AAAAA', groupings: [] }
    expect(read('cm', older)?.[0]).toMatchObject({ text: 'stop', reference: 'AAAAA', from: '+32470112233' })
  })

  it('is unreadable where the body is none of the vendor', () => {
    expect(read('sinch', 'no json')).toBeUndefined()
    expect(read('vonage', '[')).toBeUndefined()
    expect(read('twilio', 'a=b')).toBeUndefined()
    expect(read('sinch', { type: 'something_new' })).toEqual([])
  })
})

describe('what a report says', () => {
  const meaning = (vendor: string, body: unknown) =>
    read(vendor, body)?.map((signal) => ('meaning' in signal ? signal.meaning : 'text'))

  it('is an opt-out where the vendor blocks the number for one', () => {
    const failed = { MessageSid: 'SM1', To: '+32470112233', MessageStatus: 'failed', ErrorCode: '21610' }
    expect(meaning('twilio', form(failed))).toEqual(['opted_out'])
    const optOut = {
      opt_out_notification: { request_id: 'r', channel: 'SMS', identity: '32470112233', status: 'OPT_OUT_FAILED' },
    }
    expect(meaning('sinch', optOut)).toEqual(['opted_out'])
    const onViber = { ...optOut.opt_out_notification, channel: 'VIBER' }
    expect(read('sinch', { opt_out_notification: onViber })?.[0]).toMatchObject({ number: 'viber:32470112233' })
    const bird = { id: 'm', recipient: 32470112233, status: 'delivery_failed', statusErrorCode: 103 }
    expect(meaning('messagebird', bird)).toEqual(['opted_out'])
    const cm = (words: string) => ({
      messages: {
        msg: { to: '0032470112233', reference: 'r', status: { code: '3', errorCode: '1', errorDescription: words } },
      },
    })
    expect(meaning('cm', cm('Subscriber has opted out'))).toEqual(['opted_out'])
    expect(meaning('cm', cm('Unknown subscriber'))).toEqual(['hard_bounce'])
    const error = { type: 'https://developer.vonage.com/api-errors#1000', title: '1480', detail: 'User opted out' }
    expect(meaning('vonage', { message_uuid: 'v', to: '32470112233', status: 'rejected', error })).toEqual([
      'opted_out',
    ])
  })

  it('is a delivery fact where it speaks of the number, and nothing where it does not', () => {
    const status = (MessageStatus: string, ErrorCode = '') =>
      form({ MessageSid: 'SM1', To: '+32470112233', MessageStatus, ErrorCode })
    expect(meaning('twilio', status('undelivered', '30005'))).toEqual(['dead_number'])
    expect(meaning('twilio', status('undelivered', '30003'))).toEqual(['soft_bounce'])
    expect(meaning('twilio', status('undelivered', '30007'))).toEqual([])
    expect(meaning('twilio', status('delivered'))).toEqual(['delivered'])
    expect(meaning('twilio', status('sent'))).toEqual([])
    const sinch = { type: 'recipient_delivery_report_sms', batch_id: 'b', recipient: '32470112233' }
    expect(meaning('sinch', { ...sinch, code: 1, status: 'Failed' })).toEqual(['hard_bounce'])
    expect(meaning('sinch', { ...sinch, code: 0, status: 'Delivered' })).toEqual(['delivered'])
    expect(meaning('sinch', { ...sinch, code: 401, status: 'Dispatched' })).toEqual([])
  })
})

describe('a number as vendors write it', () => {
  it('gets its sign, unless it is a short code or a national number', () => {
    expect(internationalNumber('32470112233')).toBe('+32470112233')
    expect(internationalNumber('0032470112233')).toBe('+32470112233')
    expect(internationalNumber('whatsapp:+32 470 11 22 33')).toBe('+32470112233')
    expect(internationalNumber('rcs:+32470112233')).toBe('+32470112233')
    expect(internationalNumber('0470112233')).toBe('0470112233')
    expect(internationalNumber('8850')).toBe('8850')
  })
})
