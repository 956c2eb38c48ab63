import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { email, keyed } from '../../../test/people.ts'
import { readConfig } from '../../entry/config.ts'
import { readListenerCertificate } from '../../entry/mail-intake-settings.ts'
import { listChoices } from '../../storage/choices.ts'
import { startMailListener } from './mail-listener.ts'

const directory = mkdtempSync(join(tmpdir(), 'verzet-listener-'))
const [keyPath, certPath] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
let hub: TestHub
beforeAll(async () => {
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=optout.verzet.example']
  execFileSync('openssl', [...made, '-keyout', keyPath, '-out', certPath], { stdio: 'ignore' })
  hub = await createTestHub()
})
afterAll(async () => {
  await hub[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true, force: true })
})

it('offers STARTTLS with the certificate of the settings, and hears a no over it', async () => {
  const config = readConfig({ mail_listen_cert: certPath, mail_listen_key: keyPath }, { VERZET_CONFIG: '/dev/null' })
  const certificate = readListenerCertificate(config)
  if (certificate.kind !== 'tls') throw new Error('the certificate was not taken')
  const options = { host: '127.0.0.1', port: 0, protocol: 'smtp', tls: certificate.tls, log: () => {} } as const
  await using listener = await startMailListener(hub, options)
  const transport = createTransport({
    host: '127.0.0.1',
    port: listener.port,
    requireTLS: true,
    tls: { ca: certificate.tls.cert, servername: 'optout.verzet.example' },
  })
  const to = 'unsubscribe@optout.verzet.example'
  expect((await transport.sendMail({ from: 'tls@voorbeeld.example', to, subject: '' })).response).toMatch(/^250/)
  const { key } = keyed(hub, email('tls@voorbeeld.example'))
  expect(await listChoices(hub.db, [key])).toMatchObject([{ kind: 'objection' }])
})
