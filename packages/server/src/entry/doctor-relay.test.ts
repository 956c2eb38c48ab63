import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startSmtpSink } from '../../test/smtp-sink.ts'
import { readConfig } from './config.ts'
import { dkimRecordOf, makeDkimKeys, readDkimKeysFile, writeDkimKeysFile } from './dkim-keys.ts'
import { checkRelay } from './doctor-relay.ts'

const directory = mkdtempSync(join(tmpdir(), 'verzet-relay-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const config = (settings: Record<string, string>) =>
  readConfig({ data: directory, ...settings }, { VERZET_CONFIG: '/dev/null' })

describe('what doctor says about the relay', () => {
  it('is nothing where there is none', async () => {
    expect(await checkRelay(config({}))).toEqual([])
  })

  it('is whether the next hop answers, and that TLS and keys are missing', async () => {
    await using sink = await startSmtpSink()
    const checks = await checkRelay(config({ relay_listen: '127.0.0.1:0', relay_next_hop: sink.url }))
    expect(checks.map(({ name, status }) => [name, status])).toEqual([
      ['relay', 'ok'],
      ['relay TLS', 'warn'],
      ['relay DKIM', 'warn'],
    ])
    const dead = { relay_listen: '127.0.0.1:0', relay_next_hop: 'smtp://127.0.0.1:1' }
    expect((await checkRelay(config(dead)))[0]?.status).toBe('fail')
  })

  it('is that a certificate cannot be read, and that a key is not published', async () => {
    writeDkimKeysFile(directory, makeDkimKeys({ domain: 'shop.invalid', selector: 'v1' }, 0))
    const settings = { relay_listen: '127.0.0.1:0', relay_next_hop: 'smtp://127.0.0.1:1' }
    const files = { relay_tls_cert: join(directory, 'none.pem'), relay_tls_key: join(directory, 'none.pem') }
    const [, tls, ...keys] = await checkRelay(config({ ...settings, ...files }))
    expect([tls?.status, ...keys.map(({ status }) => status)]).toEqual(['fail', 'fail', 'fail'])
    expect(readDkimKeysFile(directory).map((key) => dkimRecordOf(key).name)).toEqual([
      'v1._domainkey.shop.invalid',
      'v1-ed._domainkey.shop.invalid',
    ])
  })
})
