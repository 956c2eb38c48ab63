import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../../test/hub.ts'
import { email, keyed, type Point, saveTestRelation, say } from '../../../../test/people.ts'
import { openDialogue, type SmtpDialogue } from '../../../../test/smtp-dialogue.ts'
import { listRelayedMails } from '../../../storage/relayed-mails.ts'
import { listSends } from '../../../storage/sends.ts'
import { type SignIn, sendThrough, signInFor, startTestRelay, type TestRelay } from './testing/relay.ts'

let hub: TestHub
let relay: TestRelay
let news: SignIn
let number = 0
let reader: Point

beforeAll(async () => {
  hub = await createTestHub()
  relay = await startTestRelay(hub)
  news = await signInFor(hub, { topic: 'news' })
})
afterAll(async () => {
  await relay[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
})
beforeEach(async () => {
  relay.nextHop.script = {}
  reader = await newReader()
})

async function newReader(): Promise<Point> {
  number += 1
  const point = email(`lezer${number}@voorbeeld.example`)
  await saveTestRelation(hub, `F-${number}`, [point], { customerSince: '2024-01-01' })
  return point
}

const letter = (more: object = {}) => ({
  from: 'news@acme.example',
  to: reader.value,
  subject: 'Maart',
  messageId: `<${number}@acme.example>`,
  date: new Date(0),
  text: 'Nieuw brood.',
  ...more,
})
const send = (more: object = {}) => sendThrough(relay.port, news, letter(more))
const takenFor = (point: Point = reader) => relay.nextHop.taken.filter(({ to }) => to.includes(point.value))
const outcomes = async () =>
  (await listRelayedMails(hub.db, [keyed(hub, reader).key])).map(({ outcome, reason }) => [outcome, reason])
const counted = async () => (await listSends(hub.db, [keyed(hub, reader).key], 0)).length

/** Signed in, and up to DATA. */
async function beginMail(to: string, port = relay.port): Promise<SmtpDialogue> {
  const client = await openDialogue(port)
  await client.say('EHLO shop.example')
  await client.say(`AUTH PLAIN ${Buffer.from(`\0${news.user}\0${news.pass}`).toString('base64')}`)
  await client.say('MAIL FROM:<news@acme.example>')
  await client.say(`RCPT TO:<${to}>`)
  return client
}
const head = () =>
  `From: news@acme.example\r\nTo: ${reader.value}\r\nSubject: x\r\nMessage-ID: <${number}@a.example>\r\n\r\n`

describe('what the next hop answers', () => {
  it('reaches the client with its own code, status and words', async () => {
    relay.nextHop.script = { onRecipient: () => '550 5.1.1 No such user' }
    await expect(send()).rejects.toMatchObject({ response: '550 5.1.1 No such user' })
    relay.nextHop.script = { onData: () => '452-4.3.1 Disk\r\n452 4.3.1 full' }
    await expect(send()).rejects.toMatchObject({ response: '452 4.3.1 Disk full' })
    relay.nextHop.script = { onMail: () => '451 no status' }
    await expect(send()).rejects.toMatchObject({ response: '451 4.0.0 no status' })
  })

  it('takes back what was counted, says so in the record, and the next try counts once', async () => {
    relay.nextHop.script = { onData: () => '450 4.2.0 later' }
    await expect(send()).rejects.toMatchObject({ responseCode: 450 })
    expect([await outcomes(), await counted()]).toEqual([[['failed', 'next_hop_postponed']], 0])
    relay.nextHop.script = {}
    await send()
    expect([await outcomes(), await counted(), takenFor().length]).toEqual([[['sent', null]], 1, 1])
  })

  it.each([
    ['wants us to sign in', '530 5.7.0 Authentication required', /^451 4\.3\.5 /],
    ['closes (421)', '421 4.3.2 closing', /^451 4\.4\.2 /],
  ])('is for the operator and not about the mail when it %s', async (_, answer, expected) => {
    relay.nextHop.script = { onMail: () => answer }
    await expect(send()).rejects.toMatchObject({ response: expect.stringMatching(expected) })
  })
})

describe('a next hop that fails', () => {
  it('is tried again on a fresh connection when an idle one had ended', async () => {
    await send()
    const before = relay.nextHop.connections()
    let isFirst = true
    relay.nextHop.script = {
      onMail: () => {
        const answer = isFirst ? 'hang_up' : undefined
        isFirst = false
        return answer
      },
    }
    reader = await newReader()
    expect((await send()).response).toMatch(/^250/)
    expect(relay.nextHop.connections()).toBe(before + 1)
    expect(takenFor()).toHaveLength(1)
  })

  it.each([
    ['before the end of the message', { whileData: () => 'hang_up' as const }],
    ['after it', { onData: () => 'hang_up' as const }],
  ])('that dies %s leaves the mail with the client, and the next try arrives', async (_, script) => {
    relay.nextHop.script = script
    await expect(send()).rejects.toMatchObject({ responseCode: 451 })
    relay.nextHop.script = {}
    expect((await send()).response).toMatch(/^250/)
    expect([takenFor().length, await counted()]).toEqual([1, 1])
  })

  it('that is gone is 451, and nothing is counted', async () => {
    await relay.nextHop.kill()
    await expect(send()).rejects.toMatchObject({ response: expect.stringMatching(/^451 4\.4\.1 /) })
    expect([await outcomes(), await counted()]).toEqual([[], 0])
    await relay.nextHop.revive()
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    expect((await send()).response).toMatch(/^250/)
  })

  it('loses no mail that was answered 250, and nothing reaches a refused recipient, killed again and again', async () => {
    const readers = await Promise.all(Array.from({ length: 60 }, () => newReader()))
    const refused = readers.filter((_, index) => index % 5 === 0)
    for (const one of refused) await say(hub, one, { kind: 'objection' })
    const killing = setInterval(() => relay.nextHop.cut(), 250)
    const accepted: string[] = []
    await Promise.all(
      readers.map(async ({ value }) => {
        for (let attempt = 0; attempt < 8; attempt++) {
          const answer = await send({ to: value, messageId: `<${value}>` }).catch(() => undefined)
          if (answer !== undefined) return void accepted.push(value)
          await new Promise((resolve) => setTimeout(resolve, 300))
        }
      }),
    )
    clearInterval(killing)
    const arrived = new Set(relay.nextHop.taken.flatMap(({ to }) => to))
    expect(accepted.filter((value) => !arrived.has(value))).toEqual([])
    expect(refused.filter(({ value }) => arrived.has(value) || accepted.includes(value))).toEqual([])
    expect(accepted.length).toBeGreaterThan(0)
  })
})

describe('a client that fails', () => {
  it('in the middle of the message sends nothing', async () => {
    const client = await beginMail(reader.value)
    expect(await client.say('DATA')).toMatch(/^354/)
    client.write(`${head()}Half of it`)
    await client[Symbol.asyncDispose]()
    const other = await newReader()
    await send({ to: other.value })
    expect(takenFor()).toEqual([])
  })

  it('and ends a line with a bare LF is refused (RFC 5321 §2.3.8)', async () => {
    await using client = await beginMail(reader.value)
    await client.say('DATA')
    expect(await client.say(`${head()}one\ntwo\r\n.`)).toBe('550 5.6.0 A line ends in a lone CR or LF (bare_line_end)')
    expect(takenFor()).toEqual([])
  })

  it('and sends in a circle is stopped (RFC 5321 §6.3)', async () => {
    await using client = await beginMail(reader.value)
    await client.say('DATA')
    const answer = await client.say(`${'Received: from a by b; now\r\n'.repeat(101)}${head()}x\r\n.`)
    expect(answer).toMatch(/^554 5\.4\.6 /)
  })
})

describe('a second recipient in one transaction', () => {
  it('is asked to come again, since SMTP has one answer for all of them', async () => {
    const other = await newReader()
    await using client = await beginMail(reader.value)
    expect(await client.say(`RCPT TO:<${other.value}>`)).toMatch(/^452 4\.5\.3 /)
    await client.say('DATA')
    expect(await client.say(`${head()}x\r\n.`)).toMatch(/^250/)
    expect([takenFor().length, takenFor(other).length]).toEqual([1, 0])
  })

  it('takes the place of one that was refused', async () => {
    const other = await newReader()
    await say(hub, reader, { kind: 'objection' })
    await using client = await beginMail(reader.value)
    expect(await client.say(`RCPT TO:<${other.value}>`)).toMatch(/^250/)
    await client.say('DATA')
    expect(await client.say(`${head()}x\r\n.`)).toMatch(/^250/)
    expect([takenFor().length, takenFor(other).length]).toEqual([0, 1])
  })

  it('has an answer and a copy of its own with LMTP', async () => {
    await using lmtp = await startTestRelay(hub, { protocol: 'lmtp' })
    const [other, third] = [await newReader(), await newReader()]
    lmtp.nextHop.script = { onRecipient: (address) => (address === other.value ? '450 4.2.1 busy' : undefined) }
    await using client = await openDialogue(lmtp.port)
    await client.say('LHLO shop.example')
    await client.say(`AUTH PLAIN ${Buffer.from(`\0${news.user}\0${news.pass}`).toString('base64')}`)
    await client.say('MAIL FROM:<news@acme.example>')
    for (const { value } of [reader, other, third]) await client.say(`RCPT TO:<${value}>`)
    await client.say('DATA')
    const answers = [await client.say(`${head()}x\r\n.`), await client.reply(), await client.reply()]
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['250', '450', '250'])
    const pages = lmtp.nextHop.taken.map(({ data }) => /List-Unsubscribe: <([^>]+)>/.exec(data)?.[1])
    expect([new Set(pages).size, lmtp.nextHop.taken.map(({ to }) => to.length)]).toEqual([2, [1, 1]])
  })
})

describe('a relay that stops', () => {
  it('finishes the mail under way, ends who waits, and takes no other', async () => {
    const stopping = await startTestRelay(hub)
    const client = await beginMail(reader.value, stopping.port)
    await using idle = await openDialogue(stopping.port)
    await client.say('DATA')
    client.write(head())
    await new Promise((resolve) => setTimeout(resolve, 50))
    const stopped = stopping.running[Symbol.asyncDispose]()
    expect(await idle.reply()).toMatch(/^421/)
    expect((await openDialogue(stopping.port)).greeting, 'nobody answers').toBe('')
    expect(await client.say('the rest of it\r\n.')).toMatch(/^250/)
    expect(stopping.nextHop.taken.map(({ to }) => to)).toEqual([[reader.value]])
    await client[Symbol.asyncDispose]()
    await stopped
    await stopping.nextHop[Symbol.asyncDispose]()
  })
})

describe('a hub without its database', () => {
  it('sends nothing and asks to try again', async () => {
    const alone = await createTestHub()
    const signIn = await signInFor(alone)
    await using taking = await startTestRelay(alone)
    await using client = await openDialogue(taking.port)
    await client.say('EHLO shop.example')
    await client.say(`AUTH PLAIN ${Buffer.from(`\0${signIn.user}\0${signIn.pass}`).toString('base64')}`)
    await client.say('MAIL FROM:<news@acme.example>')
    await client.say(`RCPT TO:<${reader.value}>`)
    await client.say('DATA')
    await alone.loseDatabase()
    expect(await client.say(`X-Verzet-Topic: news\r\n${head()}x\r\n.`)).toBe('451 4.3.0 Not sent, please try again')
    expect(taking.nextHop.taken).toEqual([])
  })
})

describe('a cadence', () => {
  it('lets as many mails pass as the person asked for, and a mail that is tried again counts once', async () => {
    await say(hub, reader, { kind: 'consent' })
    await say(hub, reader, { kind: 'cadence', cadence: { max: 1, per: 'week' } })
    relay.nextHop.script = { onData: () => 'hang_up' }
    await expect(send()).rejects.toMatchObject({ responseCode: 451 })
    relay.nextHop.script = {}
    await send()
    await expect(send({ messageId: '<another@acme.example>' })).rejects.toMatchObject({
      response: expect.stringMatching(/^550 5\.7\.1 .*\(cadence\)$/),
    })
    expect(takenFor()).toHaveLength(1)
  })

  it('holds for twenty mails at once', async () => {
    await say(hub, reader, { kind: 'consent' })
    await say(hub, reader, { kind: 'cadence', cadence: { max: 2, per: 'week' } })
    const tries = Array.from({ length: 20 }, (_, index) => send({ messageId: `<c${index}@acme.example>` }))
    const done = await Promise.allSettled(tries)
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    expect(takenFor()).toHaveLength(2)
  })
})

describe('the log', () => {
  it('says what became of each mail and names nobody', () => {
    const text = relay.log.join('\n')
    expect(text).toMatch(/^mail \S+: sent$/m)
    expect(text).toMatch(/^mail \S+: postponed \(next_hop_postponed\)$/m)
    expect(text).not.toMatch(/@|voorbeeld|lezer|Maart|brood/)
    expect(text).not.toContain(news.pass)
  })
})
