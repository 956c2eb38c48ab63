import { createHash } from 'node:crypto'
import { uuidFromHex } from '@verzet/core'
import type { Hub } from '../../../services/hub.ts'
import type { MailVerdict } from '../../../services/mail-verdict.ts'
import { openMailLink, openPathLink } from '../../../services/open-link.ts'
import { recordMailSignal } from '../../../services/record-mail-signal.ts'
import { complaintProviders } from './complaint.ts'
import { checkSignatures, type KeyLookup } from './dkim-signatures.ts'
import { judgeMail, judgeUnread, type MailContext, mayComeFromProvider, useOfSignature } from './judge-mail.ts'
import { firstHeader, type MailHeader, readHeaders } from './read-headers.ts'
import { type MailEnvelope, type ReadMail, readMail } from './read-mail.ts'

export type IncomingMail = {
  readonly raw: Uint8Array
  readonly envelope?: MailEnvelope
  /** When it came to whoever took it, ms since 1970: what it says was said then. */
  readonly receivedAt: number
  /** Feedback loops the operator enrolled with, beside those known by name. */
  readonly enrolledProviders?: readonly string[]
  /** Finds the keys of signers; without it no signature is believed. */
  readonly lookup?: KeyLookup
  /** What it is known by where it lies: tells a mail without Message-ID or Date from another one of the same words. */
  readonly place?: string
  /** Set when `raw` is not the whole mail: nothing but its header, or what could be had of it. */
  readonly unread?: 'too_large' | 'unreadable'
}

/** How long a report may wait for a DNS that does not answer; then a human reads it. A sender tries for days. */
const dnsPatienceMs = 24 * 3_600_000

/** Nothing was recorded: whether the report is believed depends on a key that could not be asked for. To be tried again. */
export class SignatureUncheckable extends Error {
  readonly code = 'dns_unavailable'
  override readonly name = 'SignatureUncheckable'
}

/**
 * Reads, judges and records one mail that came home; the caller accepts it (SMTP 250, or the mailbox's own mark) only
 * after this resolves. A mail heard before is `seen_before` and changes nothing. Rejects only where the database does.
 * @throws {SignatureUncheckable} for a report whose signature decides, while the DNS does not answer.
 */
export async function handleIncomingMail(hub: Hub, mail: IncomingMail): Promise<MailVerdict> {
  const read = await readMail(mail.raw, mail.envelope)
  const context: MailContext = {
    tokens: {
      mail: (localPart) => openMailLink(hub.linkRing, hub.catalog, localPart),
      path: (token) => openPathLink(hub.linkRing, hub.catalog, token),
    },
    optOutDomain: hub.place.mailDomain,
    complaintProviders: [...complaintProviders, ...(mail.enrolledProviders ?? [])],
  }
  const verdict =
    mail.unread === undefined
      ? await judgeWithSignature(hub, mail, read, context)
      : judgeUnread(read, mail.unread, context)
  const mailHash = createHash('sha256').update(mail.raw).digest()
  const mailKey = mailKeyOf(hub, mail, read.headers, read.envelope.recipients)
  return recordMailSignal(hub, verdict, { mailKey, mailHash, receivedAt: mail.receivedAt })
}

/** The DNS is asked only where its answer matters: a no by token holds whether it answers or not. */
async function judgeWithSignature(
  hub: Pick<Hub, 'clock'>,
  mail: IncomingMail,
  read: ReadMail,
  context: MailContext,
): Promise<MailVerdict> {
  const verdict = judgeMail(read, context)
  const use = useOfSignature(verdict)
  if (mail.lookup === undefined || use === 'none') return verdict
  if (use === 'decides' && !mayComeFromProvider(read, context)) return verdict
  const check = await checkSignatures(mail.raw, mail.lookup, mail.receivedAt)
  if (check.kind === 'checked') return judgeMail(read, { ...context, signers: check.signers })
  if (use === 'proves' || hub.clock() - writtenAt(read, mail.receivedAt) > dnsPatienceMs) return verdict
  throw new SignatureUncheckable('the key of the signer could not be asked for')
}

/** Since when it has waited, here or at a server that tries again: a forged date only brings it to a human sooner. */
function writtenAt({ headers }: ReadMail, receivedAt: number): number {
  const dated = Date.parse(firstHeader(headers, 'date') ?? '')
  return Number.isNaN(dated) ? receivedAt : Math.min(dated, receivedAt)
}

/** Fields that servers add on the way: they differ each time the same mail is delivered. */
const traceFields =
  /^(?:received|return-path|delivered-to|x-original-to|envelope-to|x-envelope-to|x-received|received-spf|authentication-results|delivery-date|status|x-spam-.*|arc-.*)$/

/**
 * The same for one mail however often it is delivered. A mail without Message-ID or Date cannot be told from a later one
 * of the same words but by where it lies, and is heard each time it is delivered: a no said again is the same no, but a no
 * unheard is lost.
 */
function mailKeyOf(
  hub: Pick<Hub, 'random'>,
  { raw, place }: IncomingMail,
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
    hash.update(place ?? hub.random(32))
  }
  return uuidFromHex(hash.digest('hex').slice(0, 32))
}
