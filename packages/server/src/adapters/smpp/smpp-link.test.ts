import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { ask, keyed, phone } from '../../../test/people.ts'
import { readTextConnections } from '../../services/channels/read-connections.ts'
import { hearOverdueParts, partsWaitMs } from '../../services/texts/join-text-parts.ts'
import { addSmsAccount, type SmsAccount } from '../../services/texts/sms-accounts.ts'
import { listChoices } from '../../storage/choices.ts'
import { listDeliveryFacts } from '../../storage/delivery-facts.ts'
import { listOpenReviewItems } from '../../storage/review-items.ts'
import { writeShortMessage } from './pdu.ts'
import { decodeText, encodeText, encodeUcs2, readHeader, writeHeader } from './short-message.ts'
import { addressOf, SmppLink } from './smpp-link.ts'
import { FakeSmsc } from './testing/fake-smsc.ts'

let hub: TestHub
let smsc: FakeSmsc
let link: SmppLink
let now = Date.UTC(2026, 10, 21, 9)
let people = 0
let number = phone('')
const log: string[] = []

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())
beforeEach(async () => {
  now += 3_600_000
  people += 1
  number = phone(`+3247033${1000 + people}`)
  smsc = await FakeSmsc.start()
  log.length = 0
  link = open()
  await vi.waitUntil(() => link.isBound, 5_000)
})
afterEach(async () => {
  await link[Symbol.asyncDispose]()
  await smsc[Symbol.asyncDispose]()
})

const account = (): SmsAccount => ({
  id: `operator-${people}`,
  brand: 'acme',
  vendor: 'smpp',
  numbers: ['8850'],
  settings: { host: smsc.address, user: 'acme' },
  secrets: { sending: 'password' },
})

function open(): SmppLink {
  return new SmppLink(hub, account(), { holder: randomUUID(), wakeTexts: () => {}, log: (line) => log.push(line) })
}

function message(octets: Buffer, { coding = 0, esmClass = 0, options = Buffer.alloc(0) } = {}): Buffer {
  const body = writeShortMessage({ source: number.value, destination: '8850', esmClass, coding, octets })
  return Buffer.concat([body, options])
}

function option(tag: number, value: readonly number[]): Buffer {
  return Buffer.from([tag >> 8, tag & 0xff, 0, value.length, ...value])
}

const choices = () => listChoices(hub.db, [keyed(hub, number).key])

describe('a link to an operator', () => {
  it('binds with its name and password, and answers when asked whether it lives', async () => {
    expect(smsc.binds).toEqual(['acme password'])
    smsc.ask()
    await vi.waitFor(() => expect(smsc.enquiries).toBe(1))
  })

  it('says of itself when it was up and when something came in', async () => {
    await addSmsAccount(hub, account())
    const known = async () => (await readTextConnections(hub)).find(({ name }) => name === account().id)
    await vi.waitFor(async () => expect(await known()).toMatchObject({ health: 'working', workedAt: now }))
    await smsc.deliver(message(Buffer.from('hallo')))
    expect(await known()).toMatchObject({ heardAt: now })
  })

  it('hears a STOP before it acknowledges it', async () => {
    expect(await smsc.deliver(message(Buffer.from('STOP')))).toBe(0)
    expect(await choices()).toHaveLength(1)
    expect(await ask(hub, number, 'phone')).toMatchObject({ decision: 'deny' })
  })

  it('reads UCS-2: arrêt is no sign of GSM', async () => {
    await smsc.deliver(message(encodeUcs2('Arrêt svp 🛑'), { coding: 8 }))
    expect(await choices()).toHaveLength(1)
  })

  it('joins a long text whose parts come out of order, with an 8-bit or a 16-bit header or with options', async () => {
    const words = ['Goedemiddag, ik kreeg weer een bericht van jullie. ', 'Gelieve me niet meer ', "te sms'en."]
    for (const index of [2, 0, 1]) {
      const header = writeHeader({ reference: 7, part: index + 1, parts: 3 })
      expect(
        await smsc.deliver(message(Buffer.concat([header, Buffer.from(words[index] ?? '')]), { esmClass: 0x40 })),
      ).toBe(0)
    }
    expect(await choices()).toHaveLength(1)
    number = phone(`+3247034${1000 + people}`)
    for (const [part, words16] of ['ST', 'OP'].entries()) {
      const header = Buffer.from([6, 8, 4, 1, 44, 2, part + 1])
      await smsc.deliver(message(Buffer.concat([header, encodeUcs2(words16)]), { esmClass: 0x40, coding: 8 }))
    }
    expect(await choices()).toHaveLength(1)
    number = phone(`+3247035${1000 + people}`)
    for (const [part, piece] of ['afmel', 'den'].entries()) {
      const options = Buffer.concat([option(0x20c, [1, 2]), option(0x20e, [2]), option(0x20f, [part + 1])])
      await smsc.deliver(message(Buffer.from(piece), { options }))
    }
    expect(await choices()).toHaveLength(1)
  })

  it('reads a national number in the country of the brand, whatever the operator calls national', async () => {
    const from = (source: string, ton: number) => {
      const octets = message(Buffer.from('STOP'))
      // service_type, source_addr_ton, source_addr_npi, source_addr (§4.6.1)
      return Buffer.concat([
        Buffer.from([0, ton, 1]),
        Buffer.from(`${source}\0`),
        octets.subarray(3 + number.value.length),
      ])
    }
    const meant = {
      '0470330771': '+32470330771',
      '470330772': '+32470330772',
      '32470330773': '+32470330773',
      '0032470330774': '+32470330774',
      '31612330775': '+31612330775',
    }
    for (const [source, whose] of Object.entries(meant)) {
      await smsc.deliver(from(source, 2))
      expect(await listChoices(hub.db, [keyed(hub, phone(whose)).key])).toHaveLength(1)
    }
  })

  it('has what came of a text read when the rest never comes', async () => {
    const header = writeHeader({ reference: 9, part: 1, parts: 2 })
    await smsc.deliver(message(Buffer.concat([header, Buffer.from('nee bedankt')]), { esmClass: 0x40 }))
    expect(await choices()).toEqual([])
    now += partsWaitMs + 1_000
    const heard: string[] = []
    await hearOverdueParts(hub, async ({ text }) => heard.push(text))
    expect(heard).toEqual(['nee bedankt'])
    expect(await hearOverdueParts(hub, async () => {})).toBe(0)
  })

  it('takes a receipt for what it is', async () => {
    const text = 'id:1 sub:001 dlvrd:001 submit date:2611210900 done date:2611210901 stat:DELIVRD err:000 text:STOP'
    expect(await smsc.deliver(message(Buffer.from(text), { esmClass: 0x04 }))).toBe(0)
    expect(await choices()).toEqual([])
    expect((await listOpenReviewItems(hub.db, 50)).filter(({ sender }) => sender === number.value)).toEqual([])
  })

  it('takes one in options, and a notification before it, for what it is', async () => {
    const receipt = Buffer.concat([option(0x1e, [0x61, 0x62, 0]), option(0x427, [5])])
    await smsc.deliver(message(Buffer.from('Not delivered to this number'), { esmClass: 0x04, options: receipt }))
    expect(await listDeliveryFacts(hub.db, [keyed(hub, number).key])).toMatchObject([{ outcome: 'soft' }])
    const text = 'id:2 sub:001 dlvrd:000 submit date:2611210900 done date:2611210901 stat:ENROUTE err:000 text:STOP'
    await smsc.deliver(message(Buffer.from(text), { esmClass: 0x20 }))
    expect(await choices()).toEqual([])
    expect((await listOpenReviewItems(hub.db, 50)).filter(({ sender }) => sender === number.value)).toEqual([])
  })

  it('hands over a text, a long one in parts that join again', async () => {
    expect(await link.send({ to: number.value, text: 'Acme: gestopt.' })).toEqual({ kind: 'sent' })
    expect(smsc.submitted[0]).toMatchObject({ source: '8850', destination: number.value.slice(1), coding: 0 })
    const long = 'Arrêt: vous ne recevrez plus rien. '.repeat(5)
    await link.send({ to: number.value, text: long })
    const parts = smsc.submitted.slice(1)
    expect(parts).toHaveLength(encodeText(long).parts.length)
    const joined = parts.map(({ octets, coding }) =>
      decodeText(octets.subarray(readHeader(octets).length), coding, 'gsm'),
    )
    expect(joined.join('')).toBe(long)
  })

  it('tells a full queue from a refusal', async () => {
    smsc.submitStatus = 0x58
    expect(await link.send({ to: number.value, text: 'x' })).toMatchObject({ kind: 'unavailable' })
    smsc.submitStatus = 0x0b
    expect(await link.send({ to: number.value, text: 'x' })).toEqual({ kind: 'refused', reason: 'smpp b' })
  })

  it('comes back after the line broke', async () => {
    smsc.cut()
    await vi.waitFor(() => expect(smsc.binds).toHaveLength(2), 6_000)
    await vi.waitFor(() => expect(link.isBound).toBe(true))
    expect(await smsc.deliver(message(Buffer.from('stop')))).toBe(0)
  })

  it('ends where it is stopped in the moment it was bound', async () => {
    await link[Symbol.asyncDispose]()
    const ended = await new Promise((resolve) => {
      const brief = new SmppLink(hub, account(), {
        holder: randomUUID(),
        wakeTexts: () => {},
        log: (line) => {
          if (line.endsWith('is bound')) resolve(brief[Symbol.asyncDispose]().then(() => !brief.isBound))
        },
      })
    })
    expect(ended).toBe(true)
  })

  it('is held by one process at a time, and given back by one that ends', async () => {
    await using second = open()
    await wait(300)
    expect([smsc.binds.length, second.isBound]).toEqual([1, false])
    expect(await second.send({ to: number.value, text: 'x' })).toMatchObject({ kind: 'unavailable' })
    await link[Symbol.asyncDispose]()
    await using third = open()
    await vi.waitFor(() => expect(third.isBound).toBe(true), 5_000)
  })
})

it('an operator is found by its name, or by an address with or without a port', () => {
  const found = (host: string) => {
    const { host: name, port } = addressOf({ ...account(), settings: { host } })
    return `${name} ${port}`
  }
  expect(found('smsc.example.net:2776')).toBe('smsc.example.net 2776')
  expect(found('192.0.2.7')).toBe('192.0.2.7 2775')
  expect(found('[2001:db8::7]:2776')).toBe('2001:db8::7 2776')
  expect(found('[2001:db8::7]')).toBe('2001:db8::7 2775')
})
