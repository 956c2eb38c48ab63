import { type Channel, channels } from '@verzet/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { EveryWay, type Person } from './every-way.ts'

/**
 * One test for each way of saying no and each channel it has to close: what is said on one channel holds on all others in
 * the same second. The clock of this hub stands still, so a moment later is no excuse.
 */
let ways: EveryWay

beforeAll(async () => {
  ways = await EveryWay.open()
  await vi.waitUntil(() => ways.isBound, 10_000)
})
afterAll(() => ways?.[Symbol.asyncDispose]())

type Act = (person: Person) => Promise<unknown>
type Way = readonly [name: string, act: Act]

const objection = { kind: 'objection', author: 'person' }

const everythingWays: readonly Way[] = [
  [
    'the one-click header of a mail',
    async ({ mail }) => ways.form(await ways.page(mail, 'email'), { 'List-Unsubscribe': 'One-Click' }),
  ],
  ['the button on the page from a mail', async ({ mail }) => stopOnPage(await ways.page(mail, 'email'))],
  ['the button on the page from a text', async ({ number }) => stopOnPage(await ways.page(number, 'sms'))],
  [
    'the button on the page from a WhatsApp message',
    async ({ number }) => stopOnPage(await ways.page(number, 'whatsapp')),
  ],
  ['the button on the page from a push message', async ({ device }) => stopOnPage(await ways.page(device, 'push'))],
  [
    'a code typed from a letter',
    async ({ home }) => stopOnPage(await ways.typed((await ways.links(home, 'post')).code)),
  ],
  ['a mail to the mailto address', mailto],
  ['a reply by mail', (person) => ways.mail('opt_out-reply-dutch', person)],
  ['a complaint through a feedback loop', (person) => ways.mail('complaint-yahoo-arf', person)],
  ['STOP by text through Twilio', ({ number }) => ways.twilio({ From: number.value, Body: 'STOP' })],
  ['STOP by WhatsApp', ({ number }) => ways.twilio({ From: `whatsapp:${number.value}`, Body: 'stop' })],
  [
    'a refusal that Twilio reports (21610)',
    ({ number }) => ways.twilio({ To: number.value, MessageStatus: 'undelivered', ErrorCode: '21610' }),
  ],
  [
    'a text through Sinch',
    ({ number }) => ways.sinch({ type: 'mo_text', from: number.value.slice(1), to: '8850', body: 'Arrêtez svp' }),
  ],
  [
    'a text through MessageBird',
    ({ number }) => ways.messagebird({ originator: number.value.slice(1), body: 'afmelden' }),
  ],
  [
    'a text through CM.com',
    ({ number }) => ways.cm({ from: number.value, message: { text: 'please stop texting me' }, channel: 'SMS' }),
  ],
  [
    'a text through Vonage',
    ({ number }) => ways.vonage({ from: number.value.slice(1), channel: 'sms', text: 'Abmelden' }),
  ],
  ['STOP by an operator’s link', (person) => ways.smpp(person, 'STOP')],
  ['a call that an agent takes', ({ number }) => ways.desk(number, '2')],
  [
    'a key pressed in a call',
    ({ number }) =>
      ways.api('/v1/calls', {
        contactPoint: number,
        brand: 'acme',
        topic: 'news',
        outcome: 'answered',
        answer: 'objection',
      }),
  ],
  [
    'a card that comes back',
    async ({ home }) => ways.returned([(await ways.links(home, 'post')).code.replace('-', ''), '', '']),
  ],
  ['a letter that comes back with “everybody here” on it', ({ home }) => ways.returned(['', 'huishouden', home.value])],
  ['the button in the customer’s portal', (person) => ways.portal(person, 'stop', { scope: 'all' })],
  ['another system through the API', ({ mail }) => ways.api('/v1/choices', { ...objection, contactPoint: mail })],
]

describe.each(everythingWays)('a no by %s', (_, act) => {
  it.each(channels)('closes %s in the same second', async (channel) => {
    const person = await ways.person()
    expect(await ways.gate(person, channel)).toBe('allow consent')
    await act(person)
    expect(await ways.gate(person, channel)).toBe('deny objection')
  })
})

/** Who was offered both and took the narrow one gets exactly that (rule 3). */
const narrowWays: readonly (readonly [...Way, closed: readonly Channel[]])[] = [
  [
    'one click, where the brand narrows it to the channel',
    async ({ mail }) => {
      await ways.configure({ oneClick: 'channel' })
      await ways.form(await ways.page(mail, 'email', ['all', 'channel']), { 'List-Unsubscribe': 'One-Click' })
      await ways.configure({})
    },
    ['email'],
  ],
  [
    'the button for this channel on the page from a mail',
    async ({ mail }) => ways.form(`${await ways.page(mail, 'email')}/stop`, { scope: 'channel' }),
    ['email'],
  ],
  [
    'the button for this channel on the page from a text',
    async ({ number }) => ways.form(`${await ways.page(number, 'sms')}/stop`, { scope: 'channel' }),
    ['sms'],
  ],
  ['“no calls” said to an agent', ({ number }) => ways.desk(number, '1'), ['phone']],
  [
    'a key for “no calls”, with both offered',
    ({ number }) =>
      ways.api('/v1/calls', {
        contactPoint: number,
        outcome: 'answered',
        answer: 'objection',
        offered: ['all', 'channel'],
        asked: 'channel',
      }),
    ['phone'],
  ],
  [
    'a card with “no post”, with both offered',
    async ({ home }) =>
      ways.returned([(await ways.links(home, 'post', ['all', 'channel'])).code.replace('-', ''), 'geen post', '']),
    ['post'],
  ],
  ['a letter with “this address”', ({ home }) => ways.returned(['', 'dit adres', home.value]), ['post']],
  [
    'another system through the API, for one channel',
    ({ mail }) => ways.api('/v1/choices', { ...objection, contactPoint: mail, scope: { channel: 'push' } }),
    ['push'],
  ],
]

describe.each(narrowWays)('a narrow no by %s', (_, act, closed) => {
  it.each(channels)('closes %s only where that was meant', async (channel) => {
    const person = await ways.person()
    await act(person)
    expect(await ways.gate(person, channel)).toBe(closed.includes(channel) ? 'deny objection' : 'allow consent')
  })
})

const topicWays: readonly Way[] = [
  ['the page', async ({ mail }) => ways.form(`${await ways.page(mail, 'email')}/stop`, { scope: 'topic' })],
  ['STOP with the topic’s name', ({ number }) => ways.twilio({ From: number.value, Body: 'STOP NIEUWS' })],
  ['the portal', (person) => ways.portal(person, 'stop', { scope: 'topic' }, '?topic=news')],
]

describe.each(topicWays)('a no to one topic by %s', (_, act) => {
  it.each(channels)('closes it on %s, and no other topic', async (channel) => {
    const person = await ways.person()
    await act(person)
    expect([await ways.gate(person, channel, 'news'), await ways.gate(person, channel, 'offers')]).toEqual([
      'deny objection',
      'allow consent',
    ])
  })
})

/** Anybody can type anybody's address: the form closes what was typed, and the rest only after a confirmation. */
const typed: readonly (readonly [string, (person: Person) => Record<string, string>, readonly Channel[]])[] = [
  ['a mailbox', ({ mail }) => ({ contact: mail.value }), ['email']],
  ['a number', ({ number }) => ({ contact: number.value }), ['sms', 'whatsapp', 'phone']],
  ['a postal address', ({ home }) => ({ post: home.value }), ['post']],
]

describe.each(typed)('%s typed into the public form', (_, fields, closed) => {
  it.each(channels)('closes %s only where it is that one’s', async (channel) => {
    const person = await ways.person()
    await ways.form('/opt-out', { contact: '', post: '', brand: '', country: 'BE', ...fields(person) })
    expect(await ways.gate(person, channel)).toBe(closed.includes(channel) ? 'deny objection' : 'allow consent')
  })
})

function stopOnPage(page: string) {
  return ways.form(`${page}/stop`, { scope: 'all' })
}

async function mailto({ mail }: Person): Promise<void> {
  const { mailto: link } = await ways.links(mail, 'email')
  const to = /^mailto:([^?]+)/.exec(link)?.[1] ?? ''
  const head = [`Return-Path: <${mail.value}>`, `Delivered-To: ${to}`, `From: ${mail.value}`, `To: ${to}`]
  await ways.rawMail([...head, 'Subject: unsubscribe', '', ''].join('\r\n'))
}
