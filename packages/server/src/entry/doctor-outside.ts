import { lookup, resolveMx } from 'node:dns/promises'
import { greetSmarthost } from '../adapters/mail/greet-smarthost.ts'
import type { Config } from './config.ts'
import { type Check, fail, ok, warn } from './doctor-check.ts'
import { readMailAuthority } from './mail-authority.ts'
import { isLocal } from './note-outside-url.ts'

/** What people and mail systems on the outside will meet. */
export async function checkPublicUrl({ url }: Config): Promise<Check> {
  const name = 'public URL'
  if (url === undefined) {
    return warn(
      name,
      'not set: links would lead to localhost',
      'Fine for the demo; else set VERZET_URL to where people reach the hub.',
    )
  }
  const { protocol, hostname } = new URL(url)
  if (isLocal(hostname))
    return warn(name, `${url} is this machine only`, 'Fine for the demo; people outside cannot reach it.')
  if (protocol !== 'https:') {
    return fail(
      name,
      `${url} is not https`,
      'Put a TLS proxy in front: RFC 8058 asks for https, and a link must not travel in the open.',
    )
  }
  try {
    await lookup(hostname)
    return ok(name, url)
  } catch {
    return fail(
      name,
      `${hostname} is not in the DNS`,
      'Add an A or AAAA record before the first mailing: links never change.',
    )
  }
}

export async function checkMailDomain(config: Config): Promise<Check> {
  const name = 'mail domain'
  const domain = config.mail_domain ?? (config.url === undefined ? 'localhost' : new URL(config.url).hostname)
  if (isLocal(domain))
    return warn(
      name,
      `${domain} takes no mail from outside`,
      'Set VERZET_MAIL_DOMAIN to a domain whose mail reaches the hub.',
    )
  try {
    const hosts = await resolveMx(domain)
    return ok(name, `mail to ${domain} goes to ${hosts.map((host) => host.exchange).join(', ')}`)
  } catch {
    return warn(name, `${domain} has no MX record`, 'Opt-outs by mail (List-Unsubscribe mailto) would not arrive.')
  }
}

export async function checkSmarthost(config: Config): Promise<Check[]> {
  if (config.smarthost === undefined) {
    return [
      warn(
        'mail',
        'no smarthost is set',
        'Confirmations and acknowledgements wait until VERZET_SMARTHOST is; the demo shows them on a page.',
      ),
    ]
  }
  const own = config.url === undefined ? 'localhost' : new URL(config.url).hostname
  const greeting = await greetSmarthost(config.smarthost, own, readMailAuthority(config))
  const { host } = new URL(config.smarthost)
  const reached =
    greeting.kind === 'failed'
      ? fail(
          'mail',
          `${host} cannot be used: ${greeting.reason}`,
          'Check VERZET_SMARTHOST, and that it lets this machine in.',
        )
      : greeting.offersTls
        ? ok('mail', `${host} answers, with TLS`)
        : warn(
            'mail',
            `${host} answers, without TLS`,
            'Use smtps:// or a server with STARTTLS: these mails hold personal links.',
          )
  const from =
    config.mail_from === undefined
      ? fail('mail sender', 'VERZET_MAIL_FROM is not set', 'Set it to an address the smarthost may send as.')
      : ok('mail sender', config.mail_from)
  return [reached, from]
}
