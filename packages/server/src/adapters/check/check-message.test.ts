import { fileURLToPath } from 'node:url'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { email, say } from '../../../test/people.ts'
import { keyContactPoint } from '../../services/key-contact-point.ts'
import { type MintedLinks, mintLinks } from '../../services/mint-links.ts'
import { loadMailTexts } from '../mail/mail-texts.ts'
import { fixtureNames, readFixture } from '../smtp/message/testing/fixtures.ts'
import { mailBytesMax } from './check-limits.ts'
import { checkMessage, type MessageToCheck } from './check-message.ts'
import type { FetchedPage, FetchPage } from './follow/fetch-page.ts'
import { broken } from './testing/context.ts'
import { pdfOf } from './testing/pdf.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub()
})
afterAll(() => hub[Symbol.asyncDispose]())

async function mint(channel: 'email' | 'sms' | 'post', brand = 'acme', topic = 'news'): Promise<MintedLinks> {
  const { catalog } = hub
  const type = channel === 'sms' ? 'phone' : 'email'
  const value = channel === 'sms' ? '+32470123456' : 'jan@voorbeeld.be'
  const named = keyContactPoint(hub.secrets, { type, value }, 'BE')
  const brandRow = catalog.brand(brand)
  const topicRow = catalog.topic(brand, topic)
  if (named.kind !== 'ok' || brandRow === undefined || topicRow === undefined) throw new Error('not in the catalogue')
  const link = { keyed: named.keyed, brand: brandRow, topic: topicRow, campaignNumber: 0, channel, offered: [] }
  const [links] = await mintLinks(hub.db, hub.linkRing, hub.random, hub.place, [link], hub.clock())
  if (links === undefined) throw new Error('no links')
  return links
}

async function check(wanted: MessageToCheck) {
  const outcome = await checkMessage(hub, wanted)
  if (outcome.kind !== 'checked') throw new Error(outcome.kind)
  return outcome.report
}
const rules = async (wanted: MessageToCheck) => broken((await check(wanted)).findings)

function mailOf({ stopAll, preferences, headers }: MintedLinks, to = 'jan@voorbeeld.be'): Buffer {
  const ways = `Geen reclame meer:\n${stopAll}\nMijn voorkeuren aanpassen:\n${preferences}\n`
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [
    'From: Acme <nieuws@acme.example>',
    `To: ${to}`,
    'Subject: Nieuws',
    ...fields,
    'Content-Type: text/plain; charset=utf-8',
  ]
  return Buffer.from(`${head.join('\n')}\n\n${ways}\nNieuws van Acme NV, Kerkstraat 1, 9000 Gent\n\n${ways}`)
}

describe('a mail whose links are followed', () => {
  const opened = (url: string): FetchedPage => ({ kind: 'page', status: 200, url, redirects: 0, body: url })
  const follow = async (fetchPage: FetchPage) => {
    const wanted = { kind: 'email' as const, message: mailOf(await mint('email')), brand: 'acme' }
    const outcome = await checkMessage(hub, wanted, fetchPage)
    if (outcome.kind !== 'checked') throw new Error(outcome.kind)
    return broken(outcome.report.findings)
  }

  it('may leave where they open and nothing changes', async () => {
    expect(await follow(async (url) => opened(url))).toEqual(['dkim-signed'])
    expect(await follow(async () => ({ kind: 'failed', reason: 'ECONNREFUSED' }))).toEqual([
      'dkim-signed',
      'link-answers',
    ])
  })

  it('must not leave where something was recorded by looking (rule 5)', async () => {
    const found = await follow(async (url) => {
      await say(hub, email('jan@voorbeeld.be'), { kind: 'objection' })
      return opened(url)
    })
    expect(found).toEqual(['dkim-signed', 'link-harmless'])
  })
})

describe('a mail with links of this hub', () => {
  it('may leave, for its brand and its person alone', async () => {
    const mail = mailOf(await mint('email'))
    expect(await rules({ kind: 'email', message: mail, brand: 'acme' })).toEqual(['dkim-signed'])
    expect((await check({ kind: 'email', message: mail, brand: 'acme' })).mayLeave).toBe(true)
    expect(await rules({ kind: 'email', message: mail, brand: 'globex' })).toEqual([
      'dkim-signed',
      'from-name',
      'link-brand',
      'sender-named',
    ])
    const toAnother = mailOf(await mint('email'), 'an@voorbeeld.be')
    const report = await check({ kind: 'email', message: toAnother, brand: 'acme' })
    expect([report.mayLeave, broken(report.findings)]).toEqual([false, ['dkim-signed', 'link-recipient']])
    expect(report.findings[0]?.severity).toBe('error')
  })

  it('tells no address and no token in what it finds', async () => {
    const links = await mint('email', 'globex', 'magazine')
    const { findings } = await check({ kind: 'email', message: mailOf(links, 'an@voorbeeld.be'), brand: 'acme' })
    expect(JSON.stringify(findings)).not.toMatch(/voorbeeld|\/u\/|[\w-]{40}/)
  })

  it('is measured by its topic: a service mail needs no way out', async () => {
    const message = Buffer.from('From: Acme <info@acme.example>\nTo: jan@voorbeeld.be\n\nUw bestelling is onderweg.\n')
    expect(await rules({ kind: 'email', message, brand: 'acme', topic: 'orders' })).toEqual(['dkim-signed'])
    expect(await rules({ kind: 'email', message, brand: 'acme', topic: 'news' })).toContain('way-out-present')
  })
})

describe('the mails that the hub itself sends', () => {
  const texts = loadMailTexts(fileURLToPath(new URL('../../../locales', import.meta.url)))

  it.each(['nl', 'fr', 'de', 'en'] as const)('break no rule in %s', async (language) => {
    const { page } = await mint('email')
    const frame = { language, brand: { name: 'Acme' }, controller: { name: 'Acme NV' }, timeZone: 'Europe/Brussels' }
    const scope = { kind: 'all', controller: 'Acme NV' } as const
    const words = texts.render({ ...frame, kind: 'acknowledgement', saidAt: 0, scope, page })
    const stream = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
    const from = { name: 'Acme', address: 'optout@acme.example' }
    const { message } = await stream.sendMail({ from, to: 'jan@voorbeeld.be', ...words })
    if (!Buffer.isBuffer(message)) throw new Error('no message')
    expect(await rules({ kind: 'email', message, brand: 'acme', topic: 'orders' })).toEqual(['dkim-signed'])
  })
})

describe('texts and paper', () => {
  it('with a short link of this hub may leave', async () => {
    const { shortUrl } = await mint('sms')
    const message = Buffer.from(`Acme: 20% korting. Stop? ${shortUrl}`)
    expect(await rules({ kind: 'sms', message, brand: 'acme' })).toEqual(['sms-link-length'])
    const { shortUrl: printed, code } = await mint('post')
    const line = {
      text: `Geen reclame meer? Ga naar verzet.example/c en typ ${code}. Acme NV, Kerkstraat 1, 9000 Gent`,
      points: 9,
    }
    const pdf = await pdfOf([{ lines: [line], qr: { text: printed, sideMm: 20 } }])
    expect(await check({ kind: 'print', message: pdf, brand: 'acme' })).toMatchObject({ mayLeave: true, findings: [] })
  })

  it('that nobody can read are refused as such', async () => {
    expect(await rules({ kind: 'print', message: Buffer.from('no pdf'), brand: 'acme' })).toEqual(['message-readable'])
    expect(await rules({ kind: 'sms', message: Buffer.from([0xff]), brand: 'acme' })).toEqual(['message-readable'])
    expect(await rules({ kind: 'phone', message: Buffer.from('  '), brand: 'acme' })).toEqual(['message-readable'])
    expect(await rules({ kind: 'email', message: Buffer.from('no mail\rat all'), brand: 'acme' })).toEqual([
      'message-readable',
    ])
  })
})

describe('what is asked wrongly', () => {
  it('is told: a brand, a topic, a size', async () => {
    const message = Buffer.from('x')
    expect(await checkMessage(hub, { kind: 'sms', message, brand: 'nobody' })).toEqual({ kind: 'unknown_brand' })
    expect(await checkMessage(hub, { kind: 'sms', message, brand: 'acme', topic: 'nothing' })).toEqual({
      kind: 'unknown_topic',
    })
    const large = Buffer.alloc(mailBytesMax + 1)
    expect(await checkMessage(hub, { kind: 'email', message: large })).toEqual({
      kind: 'too_large',
      bytesMax: mailBytesMax,
    })
    const { findings } = await check({ kind: 'phone', message })
    expect(findings.map(({ rule }) => rule)).toContain('brand-known')
  })

  it('never throws on any mail of the fixtures, nor on one that is cut', async () => {
    for (const name of fixtureNames()) {
      const raw = readFixture(name)
      const step = Math.max(1, Math.floor(raw.length / 4))
      for (let length = 0; length <= raw.length; length += step) {
        const outcome = await checkMessage(hub, { kind: 'email', message: raw.subarray(0, length), brand: 'acme' })
        expect(outcome.kind).toBe('checked')
      }
    }
  })
})
