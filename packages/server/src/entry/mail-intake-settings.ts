import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { z } from 'zod'
import type { ImapCredential } from '../adapters/imap/imap-sign-in.ts'
import { parseAfterHeard, parseImapUrl } from '../adapters/imap/imap-url.ts'
import type { MailboxOptions } from '../adapters/imap/mailbox-connection.ts'

/** Providers count sign-ins and commands; where they tell of new mail by themselves this is only a safety net. */
const pollSecondsMin = 10
/** An opt-out has two days with mailbox providers; an hour leaves most of them. */
const pollSecondsMax = 3_600
const pollSecondsDefault = 60

/** The settings for mail that comes home, beside the address it is listened for at. */
export const mailIntakeSettings = {
  /** PEM files: with both, the listener offers STARTTLS. */
  mail_listen_cert: z.string().optional(),
  mail_listen_key: z.string().optional(),
  /** A mailbox at an outside provider that the role `worker` reads. */
  imap_url: z
    .string()
    .refine(
      (text) => parseImapUrl(text) !== undefined,
      'is not like imaps://user@imap.example.com/INBOX; the password has a setting of its own',
    )
    .optional(),
  imap_password: z.string().optional(),
  imap_password_file: z.string().optional(),
  /** A file with an OAuth 2.0 access token that another program renews; read for each connection. */
  imap_token_file: z.string().optional(),
  imap_poll_s: z
    .preprocess(
      (value) => (typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value),
      z
        .int('is not a whole number of seconds')
        .min(pollSecondsMin, `must be ${pollSecondsMin} or more`)
        .max(pollSecondsMax, `must be ${pollSecondsMax} or less`),
    )
    .default(pollSecondsDefault),
  imap_after: z
    .string()
    .refine((text) => parseAfterHeard(text) !== undefined, 'is not keep, delete or move:Folder')
    .default('keep'),
}

const shape = z.object(mailIntakeSettings)
export type MailIntakeSettings = z.infer<typeof shape>

const credentialSettings = ['imap_password', 'imap_password_file', 'imap_token_file'] as const

/** What is wrong with these settings together; each name as it was given. */
export function mailIntakeMistakes(
  given: Readonly<Record<string, unknown>>,
  call: (name: string) => string,
): readonly string[] {
  const credentials = credentialSettings.filter((name) => given[name] !== undefined)
  const hasMailbox = given.imap_url !== undefined
  const names = credentialSettings.map(call).join(', ')
  return [
    ...((given.mail_listen_cert === undefined) !== (given.mail_listen_key === undefined)
      ? [`${call('mail_listen_cert')} and ${call('mail_listen_key')} belong together: set both or neither`]
      : []),
    ...(hasMailbox && credentials.length !== 1 ? [`${call('imap_url')} needs exactly one of ${names}`] : []),
    ...(!hasMailbox && credentials.length > 0
      ? [`${credentials.map(call).join(', ')}: of no use without ${call('imap_url')}`]
      : []),
  ]
}

/** Undefined where no mailbox is to be read. */
export function mailboxOf(config: MailIntakeSettings): MailboxOptions | undefined {
  const mailbox = config.imap_url === undefined ? undefined : parseImapUrl(config.imap_url)
  const afterHeard = parseAfterHeard(config.imap_after)
  const credential = credentialOf(config)
  if (mailbox === undefined || afterHeard === undefined || credential === undefined) return undefined
  return { mailbox, afterHeard, credential }
}

function credentialOf(config: MailIntakeSettings): ImapCredential | undefined {
  const { imap_password: password, imap_password_file: passwordFile, imap_token_file: tokenFile } = config
  if (password !== undefined) return { kind: 'password', password }
  if (passwordFile !== undefined) return { kind: 'password_file', path: passwordFile }
  return tokenFile === undefined ? undefined : { kind: 'token_file', path: tokenFile }
}

export type ListenerCertificate =
  | { readonly kind: 'none' }
  | { readonly kind: 'tls'; readonly tls: { readonly key: string; readonly cert: string } }
  /** A sentence for the operator. */
  | { readonly kind: 'unusable'; readonly reason: string }

/** Reads the listener's certificate and key, and sees that they belong together. */
export function readListenerCertificate(config: MailIntakeSettings): ListenerCertificate {
  const { mail_listen_cert: certPath, mail_listen_key: keyPath } = config
  if (certPath === undefined || keyPath === undefined) return { kind: 'none' }
  const [cert, key] = [readText(certPath), readText(keyPath)]
  if (cert === undefined) return { kind: 'unusable', reason: `the certificate ${certPath} cannot be read` }
  if (key === undefined) return { kind: 'unusable', reason: `the key ${keyPath} cannot be read` }
  try {
    createSecureContext({ cert, key })
  } catch {
    return { kind: 'unusable', reason: `${certPath} and ${keyPath} are no certificate and its key in PEM` }
  }
  return { kind: 'tls', tls: { cert, key } }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
