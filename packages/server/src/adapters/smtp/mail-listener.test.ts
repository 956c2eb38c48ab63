import { createTransport, type SendMailOptions } from 'nodemailer'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { ask, email, keyed, type Point, saveTestRelation } from '../../../test/people.ts'
import { openDialogue } from '../../../test/smtp-dialogue.ts'
import { mintLinks } from '../../services/mint-links.ts'
import { listChoices } from '../../storage/choices.ts'
import { countMailVerdicts } from '../../storage/seen-mails.ts'
import { mailBytesMax } from '../intake/mail/mail-limits.ts'
import { startMailListener } from './mail-listener.ts'

type Listener = Awaited<ReturnType<typeof startMailListener>>

let hub: TestHub
let listener: Listener
let number = 0
let person: Point
const lines: string[] = []
let wakes = 0

beforeAll(async () => {
  hub = await createTestHub()
  listener = await listenFor(hub)
})
afterAll(async () => {
  await listener[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
})
beforeEach(async () => {
  person = await newReader()
})

function listenFor(served: TestHub, options: Partial<Parameters<typeof startMailListener>[1]> = {}): Promise<Listener> {
  const wakeMail = () => {
    wakes += 1
  }
  const log = (line: string) => void lines.push(line)
  return startMailListener(served, { host: '127.0.0.1', port: 0, protocol: 'smtp', wakeMail, log, ...options })
}

async function newReader(at: TestHub = hub): Promise<Point> {
  number += 1
  const reader = email(`reader${number}@voorbeeld.example`)
  await saveTestRelation(at, `K-${number}`, [reader], { customerSince: '2024-01-01' })
  return reader
}

/** The address in the mailto link of a message to them, as it is minted for campaigns. */
async function optOutAddress(reader: Point, at: TestHub = hub): Promise<string> {
  const [brand, topic] = [at.catalog.brand('acme'), at.catalog.topic('acme', 'news')]
  if (brand === undefined || topic === undefined) throw new Error('the catalog is empty')
  const link = { keyed: keyed(at, reader), brand, topic, campaignNumber: 0, channel: 'email', offered: [] } as const
  const [minted] = await mintLinks(at.db, at.linkRing, at.random, at.place, [link], at.clock())
  return /^mailto:([^?]+)/.exec(minted?.mailto ?? '')?.[1] ?? ''
}

function send(mail: SendMailOptions, port = listener.port, lmtp = false) {
  return createTransport({ host: '127.0.0.1', port, ignoreTLS: true, lmtp }).sendMail(mail)
}

/** Says all but the content; answers with what DATA was answered. */
async function beginMail(port: number, from: string, ...recipients: string[]) {
  const client = await openDialogue(port)
  await client.say('EHLO mail.voorbeeld.example')
  await client.say(`MAIL FROM:<${from}>`)
  for (const recipient of recipients) await client.say(`RCPT TO:<${recipient}>`)
  return { client, answer: await client.say('DATA') }
}

const decision = async (reader: Point = person, at: TestHub = hub) => (await ask(at, reader, 'email')).decision
const choicesOf = (reader: Point = person) => listChoices(hub.db, [keyed(hub, reader).key])
const heard = async () => (await countMailVerdicts(hub.db, 0)).reduce((sum, { count }) => sum + count, 0)
const apple = 'Apple Mail sent this email to unsubscribe from the message "Onze aanbiedingen"'

describe('an opt-out by mail', () => {
  it('is answered 250 when it holds, and the mails that are owed are looked at', async () => {
    expect(await decision()).toBe('allow')
    const wakesBefore = wakes
    const sent = await send({ from: person.value, to: await optOutAddress(person), subject: 'unsubscribe', text: '' })
    expect(sent.response).toBe('250 2.6.0 OK')
    expect(await decision()).toBe('deny')
    expect(await choicesOf()).toMatchObject([{ kind: 'objection', author: 'person', context: { signal: 'mailto' } }])
    expect(wakes).toBe(wakesBefore + 1)
  })

  it.each([
    ['as Apple Mail writes it', { subject: '', text: apple, headers: { 'X-Mailer': 'iPhone Mail (23A341)' } }],
    ['with an empty subject and no words', { subject: '', text: '' }],
    ['from another address than it was sent to', { from: 'els@elders.example', subject: 'unsubscribe' }],
  ])('counts %s', async (_, mail) => {
    await send({ from: person.value, to: await optOutAddress(person), ...mail })
    expect(await decision()).toBe('deny')
  })

  it('counts in whatever case address and domain come', async () => {
    await send({ from: person.value, to: (await optOutAddress(person)).toUpperCase(), subject: '' })
    expect(await decision()).toBe('deny')
  })

  it('is heard for each of its recipients', async () => {
    const other = await newReader()
    const to = [await optOutAddress(person), await optOutAddress(other)]
    await send({ from: person.value, to, subject: 'unsubscribe' })
    expect([await decision(), await decision(other)]).toEqual(['deny', 'deny'])
  })

  it('holds for twenty at once', async () => {
    const readers = await Promise.all(Array.from({ length: 20 }, () => newReader()))
    const addresses = await Promise.all(readers.map((reader) => optOutAddress(reader)))
    await Promise.all(addresses.map((to, index) => send({ from: readers[index]?.value ?? '', to, subject: '' })))
    expect(new Set(await Promise.all(readers.map((reader) => decision(reader))))).toEqual(new Set(['deny']))
  })
})

describe('a mail that says no no', () => {
  it('is taken and changes nothing when it is an out-of-office', async () => {
    const sent = await send({
      from: person.value,
      to: await optOutAddress(person),
      subject: 'Automatisch antwoord: STOP',
      text: 'Ik ben met verlof. STOP.',
      headers: { 'Auto-Submitted': 'auto-replied' },
    })
    expect(sent.response).toMatch(/^250/)
    expect(await decision()).toBe('allow')
    expect(await choicesOf()).toEqual([])
  })

  it('is taken and changes nothing when it has no envelope sender (RFC 5321 §4.5.5)', async () => {
    const to = await optOutAddress(person)
    const sent = await send({ envelope: { from: '', to }, from: person.value, to, subject: 'unsubscribe' })
    expect(sent.response).toMatch(/^250/)
    expect(lines.at(-1)).toBe('a mail came in: automatic_reply')
    expect(await decision()).toBe('allow')
  })

  it('is never taken from half of it', async () => {
    const before = await heard()
    const { client } = await beginMail(listener.port, person.value, await optOutAddress(person))
    client.write(`From: ${person.value}\r\nSubject: Autom`)
    await client[Symbol.asyncDispose]()
    await send({ from: person.value, to: 'postmaster@optout.verzet.example', subject: 'hello' })
    expect(await heard()).toBe(before + 1)
    expect(await decision()).toBe('allow')
  })
})

describe('the listener', () => {
  it('names itself and its limit, and neither a program, a sign-in nor encryption it has not', async () => {
    await using client = await openDialogue(listener.port)
    expect(client.greeting).toBe('220 optout.verzet.example ESMTP')
    expect((await client.say('EHLO x.example')).split('\r\n')).toEqual([
      '250-optout.verzet.example',
      '250-PIPELINING',
      '250-8BITMIME',
      '250-SMTPUTF8',
      '250-ENHANCEDSTATUSCODES',
      `250 SIZE ${mailBytesMax}`,
    ])
    expect(await client.say('AUTH PLAIN AGEAYg==')).toMatch(/^500/)
    expect(await client.say('STARTTLS')).toMatch(/^500/)
  })

  it.each(['reader@elsewhere.example', 'reader@sub.optout.verzet.example', 'reader@verzet.example'])(
    'takes nothing for %s, and repeats no address',
    async (address) => {
      await using client = await openDialogue(listener.port)
      await client.say('EHLO x.example')
      await client.say('MAIL FROM:<a@b.example>')
      expect(await client.say(`RCPT TO:<${address}>`)).toBe('550 5.1.1 No such address here')
      expect(await client.say('DATA')).toMatch(/^503/)
      expect(await client.say('RCPT TO:<Postmaster>')).toMatch(/^250/)
    },
  )

  it('takes the senders that large providers let through (an address with two dots, a dot before the @)', async () => {
    const to = await optOutAddress(person)
    const { client, answer } = await beginMail(listener.port, 'a..b.@docomo.example', to)
    expect(answer).toMatch(/^354/)
    expect(await client.say(`From: a..b.@docomo.example\r\nTo: ${to}\r\n\r\n.`)).toMatch(/^250/)
    expect(await decision()).toBe('deny')
    await client[Symbol.asyncDispose]()
  })

  it('refuses what is too large, said before or found out', async () => {
    const to = await optOutAddress(person)
    const before = await heard()
    const { client } = await beginMail(listener.port, person.value, to)
    client.write(`From: ${person.value}\r\nTo: ${to}\r\n\r\n`)
    client.write(`${'x'.repeat(998)}\r\n`.repeat(Math.ceil(mailBytesMax / 1_000)))
    expect(await client.say('.')).toMatch(/^552 5\.3\.4 /)
    expect(await client.say(`MAIL FROM:<a@b.example> SIZE=${mailBytesMax + 1}`)).toMatch(/^552 5\.3\.4 /)
    expect(await heard()).toBe(before)
    await client[Symbol.asyncDispose]()
  })

  it('asks to try again while the database is gone, and then hears it', async () => {
    await using served = await createTestHub()
    const reader = await newReader(served)
    const to = await optOutAddress(reader, served)
    await using taking = await listenFor(served)
    const mail = { from: reader.value, to, subject: 'unsubscribe', messageId: '<once@voorbeeld.example>' }
    await allowConnections(served, false)
    await expect(send(mail, taking.port)).rejects.toMatchObject({
      response: '451 4.3.0 Not recorded, please try again',
    })
    await allowConnections(served, true)
    expect(await decision(reader, served)).toBe('allow')
    expect((await send(mail, taking.port)).response).toMatch(/^250/)
    expect(await decision(reader, served)).toBe('deny')
  })

  it('speaks LMTP to a mail server of its own, with an answer for each recipient', async () => {
    await using taking = await listenFor(hub, { protocol: 'lmtp' })
    const other = await newReader()
    await using client = await openDialogue(taking.port)
    expect(client.greeting).toBe('220 optout.verzet.example LMTP')
    expect(await client.say('EHLO mx.example')).toMatch(/^500/)
    await client.say('LHLO mx.example')
    await client.say(`MAIL FROM:<${person.value}>`)
    for (const reader of [person, other]) await client.say(`RCPT TO:<${await optOutAddress(reader)}>`)
    await client.say('DATA')
    expect(await client.say(`From: ${person.value}\r\nSubject: unsubscribe\r\n\r\n.`)).toMatch(/^250/)
    expect(await client.reply()).toMatch(/^250/)
    expect([await decision(), await decision(other)]).toEqual(['deny', 'deny'])
    const third = await newReader()
    await send({ from: third.value, to: await optOutAddress(third), subject: '' }, taking.port, true)
    expect(await decision(third)).toBe('deny')
  })

  it('finishes the mail under way when it stops, and takes no other', async () => {
    const taking = await listenFor(hub)
    const to = await optOutAddress(person)
    const { client } = await beginMail(taking.port, person.value, to)
    await using idle = await openDialogue(taking.port)
    client.write(`From: ${person.value}\r\nTo: ${to}\r\n`)
    const stopped = taking[Symbol.asyncDispose]()
    expect(await idle.reply()).toMatch(/^421/)
    expect((await openDialogue(taking.port)).greeting, 'nobody answers').toBe('')
    expect(await client.say('Subject: unsubscribe\r\n\r\n.')).toMatch(/^250/)
    expect(await decision()).toBe('deny')
    expect(await client.reply()).toMatch(/^421/)
    await client[Symbol.asyncDispose]()
    await stopped
  })

  it('says that its port is taken', async () => {
    await expect(listenFor(hub, { port: listener.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('logs what a mail was and nobody it names', () => {
    expect(lines).toContain('a mail came in: opt_out')
    expect(lines).toContain('a mail came in: automatic_reply')
    expect(lines.join('\n')).not.toMatch(/@|voorbeeld|reader|STOP/)
  })
})

/** Cuts a hub off from its database, or lets it come back. */
async function allowConnections({ testDatabase }: TestHub, isAllowed: boolean): Promise<void> {
  const name = new URL(testDatabase.connectionString).pathname.slice(1)
  const server = new Client({ connectionString: inject('testServerUrl') })
  await server.connect()
  await server.query(`alter database ${name} with allow_connections ${isAllowed}`)
  if (!isAllowed)
    await server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  await server.end()
}
