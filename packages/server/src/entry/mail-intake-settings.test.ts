import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { CredentialUnreadable, readCredential } from '../adapters/imap/imap-sign-in.ts'
import { readConfig } from './config.ts'
import { checkListenerCertificate, checkMailbox, judgeReading } from './doctor-mailbox.ts'
import { mailboxOf, readListenerCertificate } from './mail-intake-settings.ts'

const directory = mkdtempSync(join(tmpdir(), 'verzet-mailbox-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const config = (settings: Record<string, string>) => readConfig(settings, { VERZET_CONFIG: '/dev/null' })
const url = 'imaps://box@imap.example.com/INBOX'

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

describe('the settings of a mailbox', () => {
  it('are none by default, and one address with one secret', () => {
    expect(mailboxOf(config({}))).toBeUndefined()
    expect(mailboxOf(config({ imap_url: url, imap_password: 'x', imap_after: 'move:Heard' }))).toEqual({
      mailbox: { host: 'imap.example.com', port: 993, encryption: 'tls', user: 'box', folder: 'INBOX' },
      credential: { kind: 'password', password: 'x' },
      afterHeard: { kind: 'move', folder: 'Heard' },
    })
    expect(config({ imap_url: url, imap_password: 'x' })).toMatchObject({ imap_poll_s: 60, imap_after: 'keep' })
  })

  it.each([
    [{ imap_url: url }, 'needs exactly one of'],
    [{ imap_url: url, imap_password: 'hunter2', imap_token_file: '/token' }, 'needs exactly one of'],
    [{ imap_password: 'hunter2' }, '--imap-password: of no use without VERZET_IMAP_URL'],
    [{ imap_url: 'imaps://box:hunter2@imap.example.com' }, 'the password has a setting of its own'],
    [{ imap_url: url, imap_password: 'x', imap_poll_s: '5' }, '--imap-poll-s must be 10 or more'],
    [{ imap_url: url, imap_password: 'x', imap_poll_s: 'often' }, '--imap-poll-s is not a whole number'],
    [{ imap_url: url, imap_password: 'x', imap_after: 'burn' }, 'is not keep, delete or move:Folder'],
    [{ mail_listen_cert: '/cert.pem' }, '--mail-listen-cert and VERZET_MAIL_LISTEN_KEY belong together'],
    [{ complaint_providers: 'fbl.example.com,fbl@' }, 'is not a list of domains or addresses'],
  ])('%j is a mistake that is named without its value', (settings, words) => {
    expect(() => config(settings)).toThrow(words)
    expect(() => config(settings)).not.toThrow('hunter2')
  })

  it('take a domain or one address of it for a provider of complaints', () => {
    expect(config({ complaint_providers: 'fbl.example.com, reports@isp.example' }).complaint_providers).toBeDefined()
  })
})

describe('the secret of a mailbox', () => {
  it('is read from its file each time, since a token is renewed there', async () => {
    const path = file('token', 'one\n')
    expect(await readCredential({ kind: 'token_file', path })).toEqual({ accessToken: 'one' })
    writeFileSync(path, 'two')
    expect(await readCredential({ kind: 'token_file', path })).toEqual({ accessToken: 'two' })
    expect(await readCredential({ kind: 'password_file', path })).toEqual({ pass: 'two' })
  })

  it.each(['', ' \n', 'one\ntwo', 'x'.repeat(20_000)])('is not %j', async (text) => {
    const path = file('bad', text)
    await expect(readCredential({ kind: 'token_file', path })).rejects.toThrow(CredentialUnreadable)
  })
})

describe('what doctor says of incoming mail', () => {
  it('about a mailbox nobody named, one that cannot be reached and a missing password', async () => {
    expect(await checkMailbox(config({}))).toEqual([])
    const closed = config({ imap_url: 'imap://box@127.0.0.1:1', imap_password: 'x' })
    expect(await checkMailbox(closed)).toMatchObject([
      { status: 'fail', message: '127.0.0.1 cannot be reached (ECONNREFUSED)' },
    ])
    const without = config({ imap_url: url, imap_password_file: join(directory, 'none') })
    expect(await checkMailbox(without)).toMatchObject([{ status: 'fail' }])
  })

  it('about when it was last read', () => {
    const now = Date.now()
    const state = { readAt: new Date(now - 60_000), failedAt: null, failure: null, setAside: 0 }
    expect(judgeReading(undefined, now).status).toBe('warn')
    expect(judgeReading(state, now)).toMatchObject({ status: 'ok', message: 'last read 1 minutes ago' })
    expect(judgeReading({ ...state, setAside: 2 }, now).status).toBe('warn')
    expect(judgeReading({ ...state, readAt: new Date(now - 3_600_000) }, now).status).toBe('warn')
    expect(judgeReading({ ...state, failure: 'AUTHENTICATIONFAILED' }, now).status).toBe('fail')
  })

  it('about a certificate that is not there or is none', () => {
    const key = file('key.pem', 'no key')
    const missing = config({ mail_listen_cert: join(directory, 'none.pem'), mail_listen_key: key })
    expect(checkListenerCertificate(missing)).toMatchObject([{ status: 'fail' }])
    const wrong = config({ mail_listen_cert: key, mail_listen_key: key })
    expect(readListenerCertificate(wrong)).toMatchObject({ kind: 'unusable' })
    expect(checkListenerCertificate(config({}))).toEqual([])
  })
})
