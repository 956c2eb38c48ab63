import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { leaseSmppLink } from '../../storage/sms-accounts.ts'
import { openMailboxProgress } from '../mailbox-progress.ts'
import { addPortal } from '../portal/portals.ts'
import { addSmsAccount, removeSmsAccount } from '../texts/sms-accounts.ts'
import { noteConnection, noteEveryMs, portalConnection, smsConnection } from './note-connection.ts'
import { readConnections } from './read-connections.ts'

const holder = '00000000-0000-4000-8000-000000000001'
let hub: TestHub
let now = Date.UTC(2026, 10, 21, 9)
let accounts = 0
let id = ''

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())
beforeEach(() => {
  now += 3_600_000
  accounts += 1
  id = `account-${accounts}`
})

async function account(vendor: 'twilio' | 'smpp' | 'cm', secrets = { webhook: 'a', sending: 'b' }) {
  await addSmsAccount(hub, { id, brand: 'acme', vendor, numbers: ['8850'], settings: {}, secrets })
}
const note = (given: Parameters<typeof noteConnection>[2]) => noteConnection(hub, smsConnection(id), given)
const found = async () => (await readConnections(hub)).find(({ name }) => name === id)

describe('an account for texts', () => {
  it('is quiet until something comes of it, and no mistake by that', async () => {
    await account('twilio')
    expect(await found()).toMatchObject({ kind: 'texts', brand: 'acme', health: 'quiet', canSend: true })
    await note({ kind: 'heard' })
    expect(await found()).toMatchObject({ health: 'working', heardAt: now })
  })

  it('fails while the last thing that happened to it went wrong, and says what', async () => {
    await account('twilio')
    await note({ kind: 'heard' })
    now += 1_000
    await note({ kind: 'failed', reason: 'forged' })
    expect(await found()).toMatchObject({
      health: 'failing',
      failure: { kind: 'refused_calls', reason: 'forged', at: now },
    })
    now += noteEveryMs
    await note({ kind: 'failed', reason: 'twilio 401' })
    expect(await found()).toMatchObject({ failure: { kind: 'not_sent', reason: 'twilio 401' } })
    now += 1_000
    await note({ kind: 'worked' })
    expect(await found()).toMatchObject({ health: 'working', workedAt: now })
  })

  it('fails without the secret that proves who calls', async () => {
    await addSmsAccount(hub, { id, brand: 'acme', vendor: 'sinch', numbers: [], settings: {}, secrets: {} })
    expect(await found()).toMatchObject({ health: 'failing', failure: { kind: 'secrets' } })
  })

  it('is gone once it is removed, and shows nothing secret', async () => {
    await account('cm', { webhook: 'very secret key', sending: 'very secret token' })
    expect(JSON.stringify(await readConnections(hub))).not.toContain('very secret')
    await removeSmsAccount(hub.db, id, now)
    expect(await found()).toBeUndefined()
  })
})

describe('a link to an operator', () => {
  it('is up while a process holds it and saw it up, and says why it is not', async () => {
    await account('smpp')
    expect(await found()).toMatchObject({ health: 'failing', failure: { kind: 'not_bound' } })
    await leaseSmppLink(hub.db, id, holder, now, now + 30 * 60_000)
    await note({ kind: 'worked' })
    expect(await found()).toMatchObject({ health: 'working', workedAt: now })
    now += 1_000
    await note({ kind: 'failed', reason: 'refused 14' })
    expect(await found()).toMatchObject({ health: 'failing', failure: { reason: 'refused 14' } })
    now += noteEveryMs
    await note({ kind: 'worked' })
    expect(await found()).toMatchObject({ health: 'working' })
    now += 16 * 60_000
    expect(await found()).toMatchObject({ health: 'failing', failure: { kind: 'not_bound' } })
  })
})

describe('mail and portals', () => {
  it('are off where nothing is set up', async () => {
    const health = (await readConnections(hub)).filter(({ name }) => name === undefined).map(({ kind }) => kind)
    expect(health).toEqual(['mail_out', 'mail_in', 'mailbox', 'relay'])
  })

  it('say when a mailbox was read, and that nobody reads it any more', async () => {
    const mailbox = { host: 'imap.example.com', user: 'u', folder: 'INBOX' }
    const reading = async () => (await readConnections(hub, { mailbox: 'imap.example.com' }))[2]
    expect(await reading()).toMatchObject({ health: 'quiet' })
    const progress = openMailboxProgress(hub, mailbox, holder)
    await progress.lease()
    await progress.wasRead()
    expect(await reading()).toMatchObject({ health: 'working', workedAt: now })
    now += 16 * 60_000
    expect(await reading()).toMatchObject({ health: 'failing', failure: { kind: 'not_read' } })
  })

  it('say that mails wait which the mail server does not take', async () => {
    const out = async () => (await readConnections(hub, { mailOut: 'smtp.example.com' }))[0]
    expect(await out()).toMatchObject({ health: 'quiet', waiting: 0 })
    await hub.db.execute(
      `insert into outbound_mails (id, contact_key, kind, details, created_at, next_attempt_at, attempts, last_error)
       values ($1, $1, 'acknowledgement', '{}', $2, $3, 4, '550')`,
      [holder, new Date(now - 3_600_000), new Date(now + 60_000)],
    )
    expect(await out()).toMatchObject({ health: 'failing', waiting: 1, failure: { kind: 'mail_waits', reason: '550' } })
  })

  it('say of a portal when it last spoke for somebody', async () => {
    const name = 'https://my.acme.example'
    await addPortal(hub, { name, brand: 'acme', origins: [], key: { kind: 'shared_secret' } })
    const portal = async () => (await readConnections(hub)).find((one) => one.name === name)
    expect(await portal()).toMatchObject({ kind: 'portal', health: 'quiet' })
    await noteConnection(hub, portalConnection(name), { kind: 'heard' })
    expect(await portal()).toMatchObject({ health: 'working', heardAt: now })
  })
})

describe('a note', () => {
  it('is kept at most once a minute, and never stands in the way of what it is about', async () => {
    await account('twilio')
    await note({ kind: 'heard' })
    const first = now
    now += noteEveryMs - 1
    await note({ kind: 'heard' })
    expect(await found()).toMatchObject({ heardAt: first })
    now += 1
    await note({ kind: 'heard' })
    expect(await found()).toMatchObject({ heardAt: now })
    now += 1
    await note({ kind: 'failed', reason: 'forged' })
    now += 1
    await note({ kind: 'heard' })
    expect(await found()).toMatchObject({ health: 'working', heardAt: now })
    await using other = await createTestHub({ now: () => now })
    await other.loseDatabase()
    await expect(noteConnection(other, 'sms:x', { kind: 'heard' })).resolves.toBeUndefined()
  })
})
