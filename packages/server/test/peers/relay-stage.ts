import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SignIn } from '../../src/adapters/smtp/relay/testing/relay.ts'
import { type Postfix, startPostfix } from './postfix.ts'

/** Where the reports of the sending server go: nowhere. */
const senderDomain = 'acme.example'

/**
 * A mail server that sends everything through the relay, signed in. One recipient a transaction is what the relay takes:
 * others it asks to come again, and Postfix then waits for its next queue run with each of them.
 */
export function startSender(relayPort: number, { user, pass }: SignIn, security: 'encrypt' | 'none'): Promise<Postfix> {
  const relay = `[127.0.0.1]:${relayPort}`
  return startPostfix(
    `relayhost = ${relay}
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = inline:{ { ${relay} = ${user}:${pass} } }
smtp_sasl_security_options = noanonymous
smtp_tls_security_level = ${security}
smtp_line_length_limit = 0
smtp_destination_recipient_limit = 1
local_header_rewrite_clients =
transport_maps = inline:{ { ${senderDomain} = discard: } }
`,
    'mail.acme.example',
  )
}

/** A key and a certificate of its own for this machine. */
export async function makeCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'verzet-certificate-'))
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  try {
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    const subject = ['-days', '2', '-subj', '/CN=localhost']
    await promisify(execFile)('openssl', ['req', ...kind, '-keyout', key, '-out', cert, ...subject])
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
