import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AfterHeard } from '../../src/adapters/imap/imap-url.ts'
import { heardKeyword } from '../../src/adapters/imap/mailbox-connection.ts'
import { MailboxPoller, type MailboxPollerOptions } from '../../src/adapters/imap/mailbox-poller.ts'
import { readFixture } from '../../src/adapters/intake/mail/testing/mail-fixtures.ts'
import { silentLookup, testSigners } from '../../src/adapters/intake/mail/testing/signed-mail.ts'
import { listChoices } from '../../src/storage/choices.ts'
import { readMailboxState } from '../../src/storage/imap-mailboxes.ts'
import { countMailVerdicts } from '../../src/storage/seen-mails.ts'
import { createTestHub, type TestHub } from '../hub.ts'
import { email, keyed, type Point } from '../people.ts'
import { type DovecotImap, password, startDovecotImap } from './dovecot-imap.ts'
import { isMissing } from './missing.ts'
import { startProxy } from './tampering-proxy.ts'

describe.skipIf(isMissing('dovecot'))('a mailbox read over IMAP', () => {
  let dovecot: DovecotImap
  let hub: TestHub
  let user: string
  let number = 0
  let skewMs = 0
  const lines: string[] = []
  const folder = 'Opt-out'

  beforeAll(async () => {
    dovecot = await startDovecotImap()
  })
  afterAll(() => dovecot[Symbol.asyncDispose]())
  beforeEach(async () => {
    number += 1
    user = `box${number}`
    skewMs = 0
    lines.length = 0
    hub = await createTestHub({ now: () => Date.now() + skewMs })
    const client = await dovecot.signIn(user)
    await client.mailboxCreate(folder)
    await client.logout()
    return () => hub[Symbol.asyncDispose]()
  })

  function poll(more: Partial<MailboxPollerOptions> = {}, port = dovecot.port, to: TestHub = hub): MailboxPoller {
    return new MailboxPoller(to, {
      mailbox: { host: '127.0.0.1', port, encryption: 'none', user, folder },
      credential: { kind: 'password', password },
      afterHeard: { kind: 'keep' },
      intake: {},
      pollEveryMs: 60_000,
      holder: randomUUID(),
      log: (line) => void lines.push(line),
      ...more,
    })
  }

  let people = 0
  /** An opt-out to the address without a token, from somebody new. */
  async function deliver(raw?: string | Buffer, at?: Date): Promise<Point> {
    people += 1
    const person = email(`reader${people}@voorbeeld.example`)
    const client = await dovecot.signIn(user)
    await client.append(folder, raw ?? noFrom(person.value), [], at)
    await client.logout()
    return person
  }

  function noFrom(address: string, id: string | undefined = randomUUID()): string {
    const date = new Date().toUTCString()
    const unmistakable = id === undefined ? '' : `Message-ID: <${id}@voorbeeld.example>\r\nDate: ${date}\r\n`
    return `From: ${address}\r\nTo: unsubscribe@optout.verzet.example\r\nSubject: unsubscribe\r\n${unmistakable}\r\n\r\n`
  }

  async function within<T>(what: string, ask: () => Promise<T | undefined | false>, milliseconds = 10_000): Promise<T> {
    const giveUpAt = Date.now() + milliseconds
    while (Date.now() < giveUpAt) {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    throw new Error(`not within ${milliseconds} ms: ${what}\n${lines.join('\n')}`)
  }

  const choicesOf = (person: Point) => listChoices(hub.db, [keyed(hub, person).key])
  const heard = (person: Point) =>
    within(`the no of ${person.value}`, async () => (await choicesOf(person)).length > 0 && (await choicesOf(person)))
  const heardCount = async () => (await countMailVerdicts(hub.db, 0)).reduce((sum, { count }) => sum + count, 0)
  /** A choice is durable a moment before its mail is counted. */
  const counted = (count: number) => within(`${count} mails counted`, async () => (await heardCount()) >= count)
  const wholeRead = () => within('the whole mailbox', async () => (await readMailboxState(hub.db))?.readAt ?? undefined)

  async function flagsIn(path = folder): Promise<string[][]> {
    const client = await dovecot.signIn(user)
    await client.mailboxOpen(path)
    const found = client.mailbox && client.mailbox.exists > 0 ? await client.fetchAll('1:*', { flags: true }) : []
    await client.logout()
    return found.map(({ flags }) => [...(flags ?? [])].sort())
  }

  it('hears what lies in it, and what comes while it looks, within a second or two', async () => {
    const early = await deliver()
    await using _poller = poll()
    expect(await heard(early)).toMatchObject([{ kind: 'objection', context: { signal: 'mailto' } }])
    await wholeRead()
    const startedAt = Date.now()
    const late = await deliver()
    await heard(late)
    expect(Date.now() - startedAt).toBeLessThan(5_000)
  })

  it.each<[AfterHeard, string[][], string[][]]>([
    [{ kind: 'keep' }, [[heardKeyword, '\\Seen'].sort()], []],
    [{ kind: 'move', folder: 'Done' }, [], [[heardKeyword, '\\Seen'].sort()]],
    [{ kind: 'delete' }, [], []],
  ])('then does %j', async (afterHeard, left, moved) => {
    const client = await dovecot.signIn(user)
    await client.mailboxCreate('Done')
    await client.logout()
    const person = await deliver()
    await using _poller = poll({ afterHeard })
    await heard(person)
    await wholeRead()
    expect(await flagsIn().then((all) => all.map((flags) => flags.filter((flag) => flag !== '\\Recent')))).toEqual(left)
    expect((await flagsIn('Done')).map((flags) => flags.filter((flag) => flag !== '\\Recent'))).toEqual(moved)
  })

  it('is not kept from hearing by a folder that does not take what was heard', async () => {
    const [first, second] = [await deliver(), await deliver()]
    await using _poller = poll({ afterHeard: { kind: 'move', folder: 'Missing' } })
    await heard(first)
    await heard(second)
    await wholeRead()
    expect(lines.filter((line) => line.includes('could not be marked'))).toHaveLength(2)
    expect(await heardCount()).toBe(2)
  })

  it('hears nothing twice after a new start, nor after the mailbox was numbered anew', async () => {
    const raw = noFrom('twice@voorbeeld.example')
    const unnamed = noFrom('unnamed@voorbeeld.example', undefined)
    await deliver(raw)
    await deliver(unnamed)
    await readOnce().then((poller) => poller[Symbol.asyncDispose]())
    expect(await heardCount()).toBe(2)
    await readOnce().then((poller) => poller[Symbol.asyncDispose]())
    expect(await heardCount()).toBe(2)
    const client = await dovecot.signIn(user)
    const before = (await client.mailboxOpen(folder)).uidValidity
    await client.mailboxClose()
    await client.mailboxDelete(folder)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await client.mailboxCreate(folder)
    expect((await client.mailboxOpen(folder)).uidValidity).not.toBe(before)
    await client.append(folder, raw)
    await client.logout()
    const fresh = await deliver()
    await using _poller = poll()
    await heard(fresh)
    await counted(3)
    expect(await countMailVerdicts(hub.db, 0)).toEqual([{ verdict: 'opt_out', reason: 'mailto', count: 3 }])
    expect(await choicesOf(email('twice@voorbeeld.example'))).toHaveLength(1)
  })

  /** A poller that has read everything that lies there. */
  async function readOnce(): Promise<MailboxPoller> {
    await hub.db.execute('update imap_mailboxes set read_at = null')
    const poller = poll()
    await wholeRead()
    return poller
  }

  it('was said when the provider took it in', async () => {
    const at = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 3 * 86_400_000)
    const person = await deliver(undefined, at)
    await using _poller = poll()
    expect(await heard(person)).toMatchObject([{ saidAt: at.getTime() }])
  })

  it('goes on after the connection breaks, in the middle of a mail as well', async () => {
    let fetches = 0
    await using proxy = await startProxy(dovecot.port, (text) => {
      if (!/BODY\.PEEK\[\]|BINARY\.PEEK\[\]/.test(text)) return 'pass'
      fetches += 1
      return fetches === 1 ? 'drop' : 'pass'
    })
    const [first, second] = [await deliver(), await deliver()]
    await using _poller = poll({}, proxy.port)
    await heard(second)
    expect(await choicesOf(first), 'set aside, for a minute').toEqual([])
    // Cut while it is being tried again, the mail would rightly wait for another two minutes.
    await wholeRead()
    skewMs = 3 * 60_000
    proxy.cut()
    await heard(first)
    await within('a whole mailbox again', async () => {
      const state = await readMailboxState(hub.db)
      return state?.setAside === 0 && state.failure === null
    })
  })

  it('sets a mail aside that cannot be given, hears the others, and puts it before a human after a day', async () => {
    await using proxy = await startProxy(dovecot.port, (text) => (/UID FETCH 1 .*\[\]/.test(text) ? 'drop' : 'pass'))
    await deliver()
    const [second, third] = [await deliver(), await deliver()]
    await using _poller = poll({ pollEveryMs: 500 }, proxy.port)
    await heard(second)
    await heard(third)
    expect(await readMailboxState(hub.db)).toMatchObject({ setAside: 1 })
    skewMs = 25 * 3_600_000
    await within('the review list', async () => {
      const counts = await countMailVerdicts(hub.db, 0)
      return counts.some(({ reason }) => reason === 'unreadable')
    })
    await within('nothing set aside', async () => (await readMailboxState(hub.db))?.setAside === 0)
  })

  it('puts a mail over the limit before a human, from its header alone', async () => {
    const large = `${noFrom('large@voorbeeld.example').trimEnd()}\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(10_600)}`
    await deliver(large)
    const small = await deliver()
    await using _poller = poll()
    await heard(small)
    expect(await countMailVerdicts(hub.db, 0)).toContainEqual({
      verdict: 'unclear_reply',
      reason: 'too_large',
      count: 1,
    })
  })

  it('keeps a report for later whose signer cannot be asked for, and hears what comes after it', async () => {
    const { signers, lookup } = testSigners('arf.mail.yahoo.com')
    const text = readFixture('complaint-yahoo-arf-without-token').toString('latin1')
    const report = Buffer.from(text.replace('Tue, 3 Nov 2026 10:15:00 +0100', new Date().toUTCString()), 'latin1')
    await deliver(signers[0]?.sign(report, Date.now()))
    const other = await deliver()
    await using first = poll({ intake: { lookup: silentLookup } })
    await heard(other)
    const piet = email('piet@yahoo.example')
    expect(await choicesOf(piet)).toEqual([])
    expect(await readMailboxState(hub.db)).toMatchObject({ setAside: 1 })
    await first[Symbol.asyncDispose]()
    skewMs = 3 * 60_000
    await using _second = poll({ intake: { lookup } })
    await heard(piet)
  })

  it('is read by one of two hubs, and by the other when that one is gone', async () => {
    const [one, two] = [poll({ holder: randomUUID() }), poll({ holder: randomUUID() })]
    const people = await Promise.all(Array.from({ length: 12 }, () => deliver()))
    for (const person of people) await heard(person)
    await counted(12)
    await one[Symbol.asyncDispose]()
    await two[Symbol.asyncDispose]()
    expect(await heardCount()).toBe(12)
    expect(
      lines.filter((line) => line.startsWith('a mail was read')),
      'each by one only',
    ).toHaveLength(12)
    await using _three = poll({ holder: randomUUID() })
    await heard(await deliver())
  })

  it('waits while the database is gone and loses nothing', async () => {
    await using lost = await createTestHub()
    const poller = poll({}, dovecot.port, lost)
    await within('the first reading', async () => (await readMailboxState(lost.db))?.readAt ?? undefined)
    await lost.loseDatabase()
    const person = await deliver()
    await within('the trouble in the log', async () => lines.some((line) => line.includes('cannot be read')))
    await poller[Symbol.asyncDispose]()
    await using _other = poll()
    expect(await heard(person)).toHaveLength(1)
  })

  it('says that it is not let in, in a word, and neither user nor password nor sentence', async () => {
    await using _poller = poll({ credential: { kind: 'password', password: 'wrong' } })
    await within('the refusal', async () => lines.some((line) => line.includes('AUTHENTICATIONFAILED')))
    expect(lines.join('\n')).not.toMatch(/box\d|wrong|failed\b/)
    await within('the reason', async () => (await readMailboxState(hub.db))?.failure === 'AUTHENTICATIONFAILED')
  })

  it('names nobody in the log', async () => {
    const person = await deliver()
    await using _poller = poll()
    await heard(person)
    await wholeRead()
    expect(lines).toEqual(['a mail was read from the mailbox: opt_out'])
  })
})
