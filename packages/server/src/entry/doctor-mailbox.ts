import { codeOf, MailboxRefused } from '../adapters/imap/imap-failures.ts'
import { CredentialUnreadable } from '../adapters/imap/imap-sign-in.ts'
import { openMailbox } from '../adapters/imap/mailbox-connection.ts'
import type { Database } from '../storage/database.ts'
import { type MailboxState, readMailboxState } from '../storage/imap-mailboxes.ts'
import type { Config } from './config.ts'
import { type Check, fail, ok, warn } from './doctor-check.ts'
import { mailboxOf, readListenerCertificate } from './mail-intake-settings.ts'

/** Fifteen polls of the usual minute: longer than any restart takes. */
const silentMsMax = 15 * 60_000

/** Signs in and opens the folder without changing anything in it. */
export async function checkMailbox(config: Config): Promise<Check[]> {
  const options = mailboxOf(config)
  if (options === undefined) return []
  const name = 'mailbox'
  const { host, folder } = options.mailbox
  try {
    await using connection = await openMailbox(options, { readOnly: true })
    return [ok(name, `${host} lets the hub in; ${connection.messages} messages in ${folder}`)]
  } catch (error) {
    if (error instanceof CredentialUnreadable) {
      return [fail(name, error.message, 'Put the password or a fresh token into it, readable by the user of the hub.')]
    }
    if (!(error instanceof MailboxRefused)) {
      return [
        fail(
          name,
          `${host} cannot be reached (${codeOf(error)})`,
          'Check VERZET_IMAP_URL, its port and the certificate.',
        ),
      ]
    }
    return error.isSignIn
      ? [
          fail(
            name,
            `${host} refuses the sign-in (${error.code})`,
            'Check the user in VERZET_IMAP_URL and the password or token.',
          ),
        ]
      : [fail(name, `${folder} at ${host} cannot be opened (${error.code})`, 'Check the folder in VERZET_IMAP_URL.')]
  }
}

/** Whether a running hub reads it: what the database remembers of the last time. */
export async function checkMailboxReading(db: Database, config: Config, now: number): Promise<Check[]> {
  if (config.imap_url === undefined) return []
  return [judgeReading(await readMailboxState(db), now)]
}

export function judgeReading(state: MailboxState | undefined, now: number): Check {
  const name = 'mailbox reading'
  if (state === undefined || (state.readAt === null && state.failure === null)) {
    return warn(name, 'the mailbox was not read yet', 'A hub with the role worker reads it; start one.')
  }
  if (state.failure !== null) {
    return fail(
      name,
      `the mailbox cannot be read (${state.failure})`,
      'The log of the hub says since when and how often.',
    )
  }
  const minutes = Math.round((now - (state.readAt?.getTime() ?? now)) / 60_000)
  if (minutes * 60_000 > silentMsMax) {
    return warn(name, `last read ${minutes} minutes ago`, 'Is a hub with the role worker running?')
  }
  if (state.setAside === 0) return ok(name, `last read ${minutes} minutes ago`)
  return warn(
    name,
    `${state.setAside} mails could not be heard yet`,
    'They are tried for a day and then wait for a human.',
  )
}

/** The certificate of the listener, where one is set. */
export function checkListenerCertificate(config: Config): Check[] {
  const certificate = readListenerCertificate(config)
  if (certificate.kind === 'none') return []
  if (certificate.kind === 'tls') return [ok('listener certificate', 'readable, and it belongs to its key')]
  return [fail('listener certificate', certificate.reason, 'Check VERZET_MAIL_LISTEN_CERT and VERZET_MAIL_LISTEN_KEY.')]
}
