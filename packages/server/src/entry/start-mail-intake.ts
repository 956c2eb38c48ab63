import { randomUUID } from 'node:crypto'
import { MailboxPoller } from '../adapters/imap/mailbox-poller.ts'
import { dnsKeyLookup } from '../adapters/intake/mail/dkim-keys.ts'
import { startMailListener } from '../adapters/smtp/mail-listener.ts'
import type { Hub } from '../services/hub.ts'
import { type ClaimedPort, claimPort, explainListenError, mailPort } from './claim-port.ts'
import { type Config, ConfigInvalid, listed, parseListenAddress } from './config.ts'
import { mailboxOf, readListenerCertificate } from './mail-intake-settings.ts'

export type ClaimedMailPort = ClaimedPort & { readonly host: string }

/** Undefined where no opt-out mail is taken. */
export async function claimMailPort(config: Config): Promise<ClaimedMailPort | undefined> {
  const wanted = config.mail_listen === undefined ? undefined : parseListenAddress(config.mail_listen)
  return wanted && { ...(await claimPort(wanted.host, wanted.port, mailPort)), host: wanted.host }
}

type IntakeOptions = {
  readonly claimed: ClaimedMailPort
  readonly wakeMail: () => void
  readonly log: (line: string) => void
}

/** Takes opt-out mail; disposing it finishes the mails under way. */
export async function startMailIntake(
  hub: Hub,
  config: Config,
  { claimed, ...parts }: IntakeOptions,
): Promise<AsyncDisposable & { readonly address: string }> {
  const { host, port } = claimed
  const certificate = readListenerCertificate(config)
  if (certificate.kind === 'unusable') throw new ConfigInvalid(`Opt-out mail cannot be taken: ${certificate.reason}.`)
  await claimed.release()
  try {
    const listener = await startMailListener(hub, {
      host,
      port,
      protocol: config.mail_listen_protocol,
      ...(certificate.kind === 'tls' && { tls: certificate.tls }),
      ...judging(config),
      ...parts,
    })
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`
    return { address, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() }
  } catch (error) {
    throw explainListenError(error, host, port, mailPort)
  }
}

/** Reads the mailbox at an outside provider; undefined where there is none. Disposing finishes the mail under way. */
export function startMailboxPoller(
  hub: Hub,
  config: Config,
  parts: Pick<IntakeOptions, 'wakeMail' | 'log'>,
): AsyncDisposable | undefined {
  const options = mailboxOf(config)
  if (options === undefined) return undefined
  const pollEveryMs = config.imap_poll_s * 1_000
  return new MailboxPoller(hub, { ...options, pollEveryMs, holder: randomUUID(), intake: judging(config), ...parts })
}

/** Whose complaints are believed, and how their signatures are checked: the same whatever way a mail comes in. */
function judging({ complaint_providers: providers }: Config) {
  return { lookup: dnsKeyLookup(), ...(providers && { enrolledProviders: listed(providers) }) }
}
