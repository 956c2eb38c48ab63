import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heardKeyword } from '../../src/adapters/imap/mailbox-connection.ts'
import { countMailVerdicts } from '../../src/storage/seen-mails.ts'
import { createEmptyDatabase, type TestDatabase } from '../database.ts'
import { buildHub, startHub } from '../end-to-end/hub-process.ts'
import { type DovecotImap, password, startDovecotImap } from './dovecot-imap.ts'
import { isMissing } from './missing.ts'
import { startProxy } from './tampering-proxy.ts'

/** With neither Message-ID nor Date: nothing but its place tells this mail from another one. */
const no = (name: string) =>
  `From: ${name}@voorbeeld.example\r\nTo: unsubscribe@optout.verzet.example\r\nSubject: unsubscribe\r\n\r\n`

describe.skipIf(isMissing('dovecot'))('a hub that is killed while it reads a mailbox', () => {
  let dovecot: DovecotImap
  let database: TestDatabase
  let dataDir: string
  beforeAll(async () => {
    await buildHub()
    dovecot = await startDovecotImap()
    database = await createEmptyDatabase()
    dataDir = await mkdtemp(join(tmpdir(), 'verzet-imap-kill-'))
  })
  afterAll(async () => {
    await dovecot[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
    await rm(dataDir, { recursive: true, force: true })
  })

  const startOn = (port: number) =>
    startHub({
      dataDir,
      env: {
        VERZET_DATABASE_URL: database.connectionString,
        VERZET_MAIL_DOMAIN: 'optout.verzet.example',
        VERZET_IMAP_URL: `imap://box@127.0.0.1:${port}`,
        VERZET_IMAP_PASSWORD: password,
      },
    })

  it('between the commit and the mark has recorded the no, and the next one marks it and records it no second time', async () => {
    const client = await dovecot.signIn('box')
    for (const name of ['an', 'bert', 'cis']) await client.append('INBOX', no(name))
    let isDue = false
    let kill = () => {
      isDue = true
    }
    await using proxy = await startProxy(dovecot.port, (text) => {
      if (!text.includes('UID STORE')) return 'pass'
      kill()
      return 'drop'
    })
    const first = await startHub({
      dataDir,
      env: {
        VERZET_DATABASE_URL: database.connectionString,
        VERZET_MAIL_DOMAIN: 'optout.verzet.example',
        // The mailbox is named by host, user and folder: another port is the same one.
        VERZET_IMAP_URL: `imap://box@127.0.0.1:${proxy.port}`,
        VERZET_IMAP_PASSWORD: password,
      },
    }).catch(() => undefined)
    kill = () => first?.kill('SIGKILL')
    if (isDue) kill()
    expect(await first?.ended).toMatchObject({ signal: 'SIGKILL' })
    const counts = () => countMailVerdicts(database.db, 0)
    expect(await counts()).toEqual([{ verdict: 'opt_out', reason: 'mailto', count: 1 }])
    // A dead process holds the mailbox until its lease ends.
    await database.db.execute('update imap_mailboxes set lease_until = now()')
    await using second = await startOn(dovecot.port)
    await expect.poll(async () => (await counts())[0]?.count, { timeout: 15_000 }).toBe(3)
    await client.mailboxOpen('INBOX')
    const marked = async () => (await client.search({ keyword: heardKeyword })) || []
    await expect.poll(async () => (await marked()).length, { timeout: 15_000 }).toBe(3)
    expect(await counts()).toEqual([{ verdict: 'opt_out', reason: 'mailto', count: 3 }])
    const choices = await database.db.query('select subject_key from choices')
    expect(choices).toHaveLength(3)
    expect(second.stderr()).not.toMatch(/@|voorbeeld|imap:/)
    await client.logout()
  }, 60_000)
})
