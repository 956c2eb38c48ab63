import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyed, phone } from '../../../../test/people.ts'
import { hearOverdueParts, partsWaitMs, takePart } from '../../../services/texts/join-text-parts.ts'
import { listOpenReviewItems } from '../../../storage/review-items.ts'
import { handleIncomingText } from './handle-incoming-text.ts'
import { TextBench } from './testing/text-bench.ts'
import { webhookOf } from './vendors.ts'
import { voiceSign } from './webhook.ts'

let bench: TextBench
let count = 0
beforeAll(async () => {
  bench = await TextBench.open()
})
afterAll(() => bench[Symbol.asyncDispose]())

function nextNumber() {
  count += 1
  return phone(`+3247044${1000 + count}`)
}

async function meaningOf(text: string): Promise<string> {
  const verdict = await bench.hear(nextNumber().value, text)
  return verdict.kind === 'unclear' ? `unclear ${verdict.reason}` : verdict.kind
}

describe('an odd text', () => {
  it.each([
    ['nothing', '', 'ignored'],
    ['blanks', ' \n\t ', 'ignored'],
    ['emoji', '😀👍', 'ignored'],
    ['a heart', '❤️', 'ignored'],
    ['a thumb down', '👎', 'unclear may_be_no'],
    ['dots', '...', 'ignored'],
    ['one letter 1,600 times', 'a'.repeat(1_600), 'ignored'],
    ['STOP turned round by a sign of direction', '\u202ESTOP', 'opt_out'],
    ['STOP between signs of direction', '\u200FSTOP\u200F', 'opt_out'],
    ['STOP with zero-width spaces', 'S\u200BT\u200BO\u200BP', 'opt_out'],
    ['STOP in another width', 'ＳＴＯＰ', 'opt_out'],
    ['STOP in Cyrillic letters', 'СТОП', 'opt_out'],
    ['STOP with half a surrogate pair', 'STOP \uD83D', 'opt_out'],
    ['a doubt with half a surrogate pair', 'nee \uD83D bedankt', 'unclear may_be_no'],
    ['STOP with NUL in it', 'S\u0000T\u0000O\u0000P\u0000', 'opt_out'],
    ['a doubt with NUL in it', 'nee\u0000 bedankt', 'unclear may_be_no'],
    ['STOP before what a terminal obeys', 'STOP\u001B[2J', 'opt_out'],
    ['the signature of a phone', 'STOP\r\n\r\nVerzonden vanaf mijn iPhone', 'opt_out'],
    ['Arabic', 'توقف', 'unclear not_understood'],
    ['a reaction that quotes the way out', 'Liked “Sale! Reply STOP to opt out”', 'ignored'],
  ])('%s', async (_, text, meaning) => {
    expect(await meaningOf(text)).toBe(meaning)
  })

  it('may be the name of a property', async () => {
    expect(['ignored', 'unclear not_understood']).toContain(await meaningOf('__proto__'))
  })

  it('is kept as far as a database can keep it', async () => {
    await meaningOf('nee\u0000 \uD83D bedankt')
    const excerpts = (await listOpenReviewItems(bench.hub.db, 100)).map(({ excerpt }) => excerpt)
    expect(excerpts).toContain('nee \uFFFD bedankt')
  })

  it('of a sender with NUL in it is not delivered for ever', async () => {
    expect(await bench.hear('ACME\u0000', 'STOP')).toEqual({ kind: 'unclear', reason: 'sender_unreadable' })
  })

  it('that says no behind more than is read at once goes to a human', async () => {
    const letter = 'De levering van gisteren was te laat en de doos was nat. '.repeat(40)
    expect(await meaningOf(letter)).toBe('ignored')
    expect(await meaningOf(`${letter}Stuur me geen reclame meer.`)).toBe('unclear may_be_no')
  })
})

it('a part of a long text with NUL in it is kept, and the whole is heard', async () => {
  const sender = nextNumber()
  const part = { account: 'acme-operator', sender: sender.value, recipient: '8850', reference: 7, parts: 2 }
  const heard: string[] = []
  const hear = async ({ text }: { text: string }) => heard.push(text)
  await takePart(bench.hub, { ...part, part: 1, body: 'ST\u0000' }, hear)
  await takePart(bench.hub, { ...part, part: 2, body: 'OP' }, hear)
  bench.pass(partsWaitMs + 1)
  await hearOverdueParts(bench.hub, hear)
  expect(heard).toEqual(['STOP'])
})

it('a spoken message waits for a human, because nobody here can hear it', async () => {
  const sender = nextNumber()
  const verdict = await bench.hear(sender.value, voiceSign, { isVoice: true })
  expect(verdict).toEqual({ kind: 'unclear', reason: 'unreadable' })
  const items = await listOpenReviewItems(bench.hub.db, 100)
  expect(items.find(({ contactKey }) => contactKey === keyed(bench.hub, sender).key)).toMatchObject({
    reason: 'unreadable',
    excerpt: voiceSign,
    proposedScope: {},
  })
})

it('a no that the vendor heard of a sender without a number waits for a human', async () => {
  const meant = { kind: 'report' as const, number: 'viber:32470112233', channel: 'sms' as const, code: 'OPT_OUT' }
  const account = { id: 'acme-sinch', brand: 'acme', vendor: 'sinch' }
  const source = { account, raw: Buffer.from('viber'), receivedAt: bench.now }
  const verdict = await handleIncomingText(bench.hub, { ...meant, id: 'r', meaning: 'opted_out' }, source)
  expect(verdict).toEqual({ kind: 'unclear', reason: 'sender_unreadable' })
  const items = await listOpenReviewItems(bench.hub.db, 100)
  expect(items.find(({ sender }) => sender === 'viber:32470112233')).toMatchObject({ excerpt: 'OPT_OUT' })
  expect(await handleIncomingText(bench.hub, { ...meant, id: 's', meaning: 'delivered' }, source)).toEqual({
    kind: 'ignored',
    reason: 'sender_unreadable',
  })
})

it('of words with a recording a human hears the rest, unless the words say no', async () => {
  const hear = (text: string) => bench.hear(nextNumber().value, text, { isVoice: true })
  expect(await hear(`Hoe laat zijn jullie open? ${voiceSign}`)).toEqual({ kind: 'unclear', reason: 'unreadable' })
  expect(await hear(`HELP ${voiceSign}`)).toEqual({ kind: 'unclear', reason: 'unreadable' })
  expect(await hear(`STOP ${voiceSign}`)).toMatchObject({ kind: 'opt_out' })
})

describe('a message that is no bare text', () => {
  function said(vendor: string, body: object | URLSearchParams) {
    const isForm = body instanceof URLSearchParams
    const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json'
    const signals = webhookOf(vendor)?.read({
      url: 'https://verzet.example/in',
      headers: { 'content-type': type },
      body: Buffer.from(isForm ? body.toString() : JSON.stringify(body)),
      receivedAt: bench.now,
    })
    return signals?.map((signal) => (signal.kind === 'text' ? { text: signal.text, isVoice: signal.isVoice } : signal))
  }
  const words = (text: string) => [{ text, isVoice: undefined }]
  const voice = [{ text: voiceSign, isVoice: true }]

  it('is heard by the words under its picture, and as nothing where it has none', () => {
    const from = { From: '+32470112233', MessageSid: 'MM1', NumMedia: '1', MediaContentType0: 'image/jpeg' }
    expect(said('twilio', new URLSearchParams({ ...from, Body: 'STOP' }))).toEqual(words('STOP'))
    expect(said('twilio', new URLSearchParams({ ...from, Body: '' }))).toEqual(words(''))
    const sinch = { type: 'mo_media', id: 's', from: '32470112233', to: '8850' }
    expect(said('sinch', { ...sinch, body: { subject: 'Re:', message: 'STOP', media: [] } })).toEqual(
      words('Re:\nSTOP'),
    )
    expect(said('sinch', { ...sinch, body: { message: null, media: [] } })).toEqual(words(''))
    const vonage = { message_uuid: 'v', from: '32470112233', channel: 'whatsapp' }
    expect(said('vonage', { ...vonage, message_type: 'image', image: { url: 'u', caption: 'STOP' } })).toEqual(
      words('STOP'),
    )
    expect(said('vonage', { ...vonage, message_type: 'image', image: { url: 'u' } })).toEqual([])
    const bird = { id: 'b', sender: { contact: { identifierValue: '+32470112233' } } }
    const event = 'whatsapp.inbound'
    const image = { type: 'image', image: { text: 'STOP', images: [] } }
    expect(said('messagebird', { event, payload: { ...bird, body: image } })).toEqual(words('STOP'))
  })

  it('is a spoken one where its kind says so', () => {
    const from = { From: 'whatsapp:+32470112233', MessageSid: 'MM2', NumMedia: '1', Body: '' }
    expect(said('twilio', new URLSearchParams({ ...from, MediaContentType0: 'audio/ogg' }))).toEqual(voice)
    const both = { ...from, Body: 'Luister even', MediaContentType0: 'audio/amr' }
    expect(said('twilio', new URLSearchParams(both))).toEqual([{ text: `Luister even ${voiceSign}`, isVoice: true }])
    const vonage = { message_uuid: 'v', from: '32470112233', channel: 'whatsapp', message_type: 'audio' }
    expect(said('vonage', { ...vonage, audio: { url: 'u' } })).toEqual(voice)
    const message = (contact_message: object) => ({
      message: { id: 'c', channel_identity: { channel: 'WHATSAPP', identity: '32470112233' }, contact_message },
    })
    expect(said('sinch', message({ media_message: { url: 'https://media.example/a/voice.ogg?x=1' } }))).toEqual(voice)
    expect(said('sinch', message({ media_message: { url: 'https://media.example/a/photo.jpg' } }))).toEqual([])
    expect(said('sinch', message({ media_card_message: { url: 'u', caption: 'STOP' } }))).toEqual(words('STOP'))
    const bird = { id: 'b', sender: { contact: { identifierValue: '+32470112233' } } }
    const files = [{ contentType: 'audio/ogg', mediaUrl: 'https://media.example/b' }]
    const spoken = { ...bird, body: { type: 'file', file: { files } } }
    expect(said('messagebird', { event: 'whatsapp.inbound', payload: spoken })).toEqual(voice)
    const cm = { from: { number: '0032470112233' }, channel: 'WhatsApp' }
    const media = { mediaUri: 'https://media.example/voice.opus', contentType: '', title: '' }
    expect(said('cm', { ...cm, message: { media } })).toEqual(voice)
    expect(said('cm', { ...cm, message: { media: { mediaUri: 'https://media.example/photo.jpg' } } })).toEqual([])
  })

  it('is nothing where it is a reaction, a place or a card', () => {
    const vonage = { message_uuid: 'v', from: '32470112233', channel: 'whatsapp' }
    expect(said('vonage', { ...vonage, message_type: 'reaction', reaction: { action: 'react', emoji: '👍' } })).toEqual(
      [],
    )
    expect(said('vonage', { ...vonage, message_type: 'location', location: { lat: 51, long: 4 } })).toEqual([])
  })

  it('is read as well where a vendor sends a letter that is no UTF-8', async () => {
    const body = Buffer.from('{"from":"32470112233","message":{"text":"arr\xEAt svp, stop"}}', 'latin1')
    const call = { url: 'https://verzet.example/in', headers: {}, body, receivedAt: bench.now }
    expect(webhookOf('cm')?.read(call)).toMatchObject([{ text: 'arr\uFFFDt svp, stop' }])
  })

  it('is read as well where a vendor writes null for what it has not', () => {
    const cm = {
      from: '0032470112233',
      to: null,
      message: { text: 'STOP' },
      body: null,
      reference: null,
      timeUtc: null,
    }
    expect(said('cm', { ...cm, channel: null })).toEqual(words('STOP'))
    const sinch = { type: 'mo_text', id: 's', from: '32470112233', to: null, body: 'STOP', client_reference: null }
    expect(said('sinch', { ...sinch, received_at: null, sent_at: null })).toEqual(words('STOP'))
    const vonage = { message_uuid: 'v', from: '32470112233', to: null, channel: null, text: 'STOP', client_ref: null }
    expect(said('vonage', { ...vonage, image: null, button: null, timestamp: null })).toEqual(words('STOP'))
    const messagebird = { id: null, originator: '32470112233', recipient: null, body: 'STOP', reference: null }
    expect(said('messagebird', { ...messagebird, createdDatetime: null })).toEqual(words('STOP'))
  })
})
