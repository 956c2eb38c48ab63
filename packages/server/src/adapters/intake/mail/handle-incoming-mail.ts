import { createHash } from 'node:crypto'
import { uuidFromHex } from '@verzet/core'
import type { Hub } from '../../../services/hub.ts'
import type { MailVerdict } from '../../../services/mail-verdict.ts'
import { openMailLink, openPathLink } from '../../../services/open-link.ts'
import { recordMailSignal } from '../../../services/record-mail-signal.ts'
import { complaintProviders } from './complaint.ts'
import { judgeMail } from './judge-mail.ts'
import { firstHeader, type MailHeader, readHeaders } from './read-headers.ts'
import { type MailEnvelope, readMail } from './read-mail.ts'

export type IncomingMail = {
  readonly raw: Uint8Array
  readonly envelope?: MailEnvelope
  /** ms since 1970. */
  readonly receivedAt: number
  /** The domain whose DKIM signature verified and that From is aligned with. */
  readonly authenticated?: { readonly domain: string }
  /** Feedback loops the operator enrolled with, beside those known by name. */
  readonly enrolledProviders?: readonly string[]
}

/**
 * Reads, judges and records one mail that came home; the caller accepts it (SMTP 250, or the mailbox's own mark) only
 * after this resolves. A mail heard before is `seen_before` and changes nothing. Rejects only where the database does.
 */
export async function handleIncomingMail(hub: Hub, mail: IncomingMail): Promise<MailVerdict> {
  const read = await readMail(mail.raw, mail.envelope)
  const verdict = judgeMail(read, {
    tokens: {
      mail: (localPart) => openMailLink(hub.linkRing, hub.catalog, localPart),
      path: (token) => openPathLink(hub.linkRing, hub.catalog, token),
    },
    optOutDomain: hub.place.mailDomain,
    complaintProviders: [...complaintProviders, ...(mail.enrolledProviders ?? [])],
    ...(mail.authenticated && { authenticated: mail.authenticated }),
  })
  const mailHash = createHash('sha256').update(mail.raw).digest()
  const mailKey = mailKeyOf(hub, mail.raw, read.headers, read.envelope.recipients)
  return recordMailSignal(hub, verdict, { mailKey, mailHash, receivedAt: mail.receivedAt })
}

/** Fields that servers add on the way: they differ each time the same mail is delivered. */
const traceFields =
  /^(?:received|return-path|delivered-to|x-original-to|envelope-to|x-envelope-to|x-received|received-spf|authentication-results|delivery-date|status|x-spam-.*|arc-.*)$/

/**
 * The same for one mail however often it is delivered. A mail without Message-ID or Date cannot be told from a later one
 * of the same words, and is heard each time: a no said again is the same no, but a no unheard is lost.
 */
function mailKeyOf(
  hub: Pick<Hub, 'random'>,
  raw: Uint8Array,
  headers: readonly MailHeader[],
  recipients: readonly string[],
): string {
  const isUnmistakable = firstHeader(headers, 'message-id') !== undefined && firstHeader(headers, 'date') !== undefined
  const hash = createHash('sha256')
  if (isUnmistakable) {
    for (const recipient of recipients.map((address) => address.toLowerCase()).toSorted()) hash.update(`${recipient}\n`)
    for (const { name, value } of headers) if (!traceFields.test(name)) hash.update(`${name}:${value}\n`)
    hash.update(raw.subarray(readHeaders(raw).bodyAt))
  } else {
    hash.update(hub.random(32))
  }
  return uuidFromHex(hash.digest('hex').slice(0, 32))
}
