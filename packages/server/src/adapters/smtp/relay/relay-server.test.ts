import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../../test/hub.ts'
import { ask, email, keyed, type Point, saveTestRelation, say } from '../../../../test/people.ts'
import { listRelayedMails } from '../../../storage/relayed-mails.ts'
import { listSends } from '../../../storage/sends.ts'
import { type SignIn, sendThrough, signInFor, startTestRelay, type TestRelay } from './testing/relay.ts'

let hub: TestHub
let relay: TestRelay
let news: SignIn
let anyTopic: SignIn
let number = 0
let reader: Point

beforeAll(async () => {
  hub = await createTestHub()
  relay = await startTestRelay(hub)
  news = await signInFor(hub, { topic: 'news' })
  anyTopic = await signInFor(hub)
})
afterAll(async () => {
  await relay[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
})
beforeEach(async () => {
  relay.nextHop.script = {}
  reader = await newReader()
})

async function newReader(language = 'nl'): Promise<Point> {
  number += 1
  const point = email(`lezer${number}@voorbeeld.example`)
  await saveTestRelation(hub, `R-${number}`, [point], { customerSince: '2024-01-01', language })
  return point
}

const letter = (more: object = {}) => ({
  from: 'Acme <news@acme.example>',
  to: reader.value,
  subject: 'Nieuw in maart',
  text: 'Goedendag, er is nieuw brood.',
  html: '<html><body><p>Goedendag, er is <b>nieuw</b> brood.</p></body></html>',
  ...more,
})
const send = (auth: SignIn, more: object = {}) => sendThrough(relay.port, auth, letter(more))
const takenFor = (point: Point = reader) => relay.nextHop.taken.filter(({ to }) => to.includes(point.value))
const recordsOf = (point: Point = reader) => listRelayedMails(hub.db, [keyed(hub, point).key])
const countedFor = async (point: Point = reader) => (await listSends(hub.db, [keyed(hub, point).key], 0)).length
const header = (data: string, name: string) =>
  new RegExp(`^${name}: ((?:.|\\r\\n[ \\t])*)`, 'im').exec(data)?.[1]?.replace(/\r\n\s+/g, ' ')

describe('a mail the gate allows', () => {
  it('arrives with both ways out, and is answered 250 after the next hop took it', async () => {
    const sent = await send(news)
    expect(sent.response).toBe('250 2.6.0 Taken by the next mail server')
    const [mail] = takenFor()
    expect(mail?.from).toBe('news@acme.example')
    const data = mail?.data ?? ''
    const page = /<(https:[^>]+)>/.exec(header(data, 'List-Unsubscribe') ?? '')?.[1] ?? ''
    expect(page).toMatch(/^https:\/\/verzet\.example\/u\//)
    expect(header(data, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click')
    expect(header(data, 'List-Id')).toBe('<news.acme.optout.verzet.example>')
    expect(header(data, 'Feedback-ID')).toBe('news:news:email:acme')
    expect(data.split(`${page}#stop`.slice(0, 60)).length).toBeGreaterThan(2)
    expect(data.replace(/\r\n /g, ' ')).toMatch(
      /^Received: from \S+ \(\[127\.0\.0\.1\]\) by optout\.verzet\.example with ESMTPA id/,
    )
  })

  it('is recorded and counted once, and names its campaign', async () => {
    await send(news, { headers: { 'X-Verzet-Campaign': 'spring' } })
    expect(await recordsOf()).toMatchObject([
      { outcome: 'sent', topic: 'news', campaign: 'spring', credential: news.user, headersOnly: false },
    ])
    expect(await countedFor()).toBe(1)
  })

  it('carries no order of ours to its reader', async () => {
    await send(anyTopic, { headers: { 'X-Verzet-Topic': 'news', 'X-Verzet-Secret': 'yes' } })
    expect(takenFor()[0]?.data).not.toMatch(/X-Verzet/i)
  })

  it('finds its topic by the List-Id the hub itself gives', async () => {
    await send(anyTopic, { headers: { 'List-Id': '<offers.acme.optout.verzet.example>' } })
    expect(await recordsOf()).toMatchObject([{ topic: 'offers' }])
  })

  it('takes the link to the page that stops all advertising', async () => {
    await send(news)
    expect((await ask(hub, reader, 'email')).decision).toBe('allow')
    expect(await hub.db.query('select 1 from contact_points where key = $1', [keyed(hub, reader).key])).toHaveLength(1)
  })
})

describe('a mail the gate denies', () => {
  it('is refused at RCPT where the sign-in has a topic, and the next hop hears nothing of it', async () => {
    await say(hub, reader, { kind: 'objection' })
    const before = relay.nextHop.commands.length
    await expect(send(news)).rejects.toMatchObject({
      code: 'EENVELOPE',
      response: '550 5.7.1 This recipient has said no to this mail (objection)',
    })
    expect(relay.nextHop.commands.slice(before).join('\n')).not.toContain(reader.value)
  })

  it('is refused after DATA where the mail names the topic', async () => {
    await say(hub, reader, { kind: 'objection' })
    await expect(send(anyTopic, { headers: { 'X-Verzet-Topic': 'news' } })).rejects.toMatchObject({
      code: 'EMESSAGE',
      response: expect.stringMatching(/^550 5\.7\.1 .*\(objection\)$/),
    })
    expect(takenFor()).toEqual([])
  })

  it('is answered 250, dropped and recorded where the sender wants that', async () => {
    const quiet = await signInFor(hub, { topic: 'news', whenRefused: 'accept' })
    await say(hub, reader, { kind: 'objection' })
    const sent = await send(quiet)
    expect(sent.response).toBe('250 2.6.0 Dropped, as asked (objection)')
    expect(takenFor()).toEqual([])
    expect(await recordsOf()).toMatchObject([{ outcome: 'dropped', reason: 'objection' }])
    expect(await countedFor()).toBe(0)
  })

  it('is dropped where the mail itself asks for that and names its topic; RCPT knows of neither', async () => {
    await say(hub, reader, { kind: 'objection' })
    const asked = { headers: { 'X-Verzet-Topic': 'news', 'X-Verzet-Policy': 'accept' } }
    expect((await send(anyTopic, asked)).response).toBe('250 2.6.0 Dropped, as asked (objection)')
    expect(await recordsOf()).toMatchObject([{ outcome: 'dropped', reason: 'objection' }])
    await expect(send(news, asked)).rejects.toMatchObject({ code: 'EENVELOPE', responseCode: 550 })
    const quiet = await signInFor(hub, { topic: 'news', whenRefused: 'accept' })
    const strict = { headers: { 'X-Verzet-Policy': 'refuse' } }
    await expect(send(quiet, strict)).rejects.toMatchObject({ code: 'EMESSAGE', responseCode: 550 })
    expect(takenFor()).toEqual([])
  })

  it('is not sent when the no comes after RCPT', async () => {
    relay.nextHop.script = {}
    const slow = { ...letter(), text: 'x' }
    await send(news, { ...slow })
    await say(hub, reader, { kind: 'objection' })
    await expect(send(news)).rejects.toMatchObject({ responseCode: 550 })
    expect(takenFor()).toHaveLength(1)
  })

  it('is never a service mail: that passes, without a way out', async () => {
    await say(hub, reader, { kind: 'objection' })
    await send(anyTopic, { headers: { 'X-Verzet-Topic': 'orders' } })
    const data = takenFor()[0]?.data ?? ''
    expect(data).not.toMatch(/List-Unsubscribe|X-Verzet/i)
    expect(data).toContain('Goedendag')
    expect(await countedFor()).toBe(0)
  })
})
