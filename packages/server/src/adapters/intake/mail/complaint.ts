import { allHeaders, firstHeader, type MailHeader, shownHeader } from './read-headers.ts'
import {
  addressIn,
  allText,
  domainOf,
  enclosedMessages,
  type MailPart,
  ownParts,
  type ReadMail,
  senderOf,
} from './read-mail.ts'
import { readXarf } from './xarf.ts'

/** A report that a reader called a message unwanted, before anybody asks whether it can be believed. */
export type ComplaintReport = {
  /** What became of the message in the reader's eyes, and what we do about it. */
  readonly meaning: 'leaves' | 'not_spam' | 'auth_failure' | 'other' | 'unreadable'
  readonly feedbackType: string
  /** Whom the message went to, where the report says so and does not hide it (RFC 6590). */
  readonly addresses: readonly string[]
  /** The domain of whoever sends the report. */
  readonly reporter: string
  /** Messages it returns in a form of its own; those it encloses are parts of the mail. */
  readonly returned?: readonly MailPart[]
}

/** Reporters send one report a reader; a sample with seven is known, more is no longer about a person. */
const complainersMax = 20

/** RFC 5965 §7.3 with its later types, and two that real reporters use without having registered them. */
const meanings: Readonly<Record<string, ComplaintReport['meaning']>> = {
  abuse: 'leaves',
  fraud: 'leaves',
  'opt-out': 'leaves',
  'opt-out-list': 'leaves',
  'not-spam': 'not_spam',
  'auth-failure': 'auth_failure',
  dmarc: 'auth_failure',
}

/** X-ARF reports attacks of every kind; of those that are about mail these are a reader's no. */
const unwantedMail: ReadonlySet<string> = new Set(['spam', 'abuse', 'bulk-messaging', 'fraud', 'phishing', 'opt-out'])

/** Undefined for a mail that is no feedback report in any of the forms we know. */
export function readComplaint(mail: ReadMail): ComplaintReport | undefined {
  return readXarfReport(mail) ?? readFeedbackReport(mail) ?? readForwardedReport(mail) ?? readHotmailReport(mail)
}

/** In a mail of its own, or as the third part of a feedback report that says its type is `xarf`. */
function readXarfReport(mail: ReadMail): ComplaintReport | undefined {
  const xarf = readXarf(mail)
  if (xarf === undefined) return undefined
  const reporter = domainOf(senderOf(mail))
  if (xarf.kind === 'unreadable') return { meaning: 'unreadable', feedbackType: 'xarf', addresses: [], reporter }
  const named = xarf.addresses.flatMap((value) => addressIn(value) ?? [])
  return {
    meaning: unwantedMail.has(xarf.type) ? 'leaves' : 'other',
    feedbackType: xarf.type.slice(0, 40),
    addresses: [...new Set([...named.filter((one) => !isRedacted(one)), ...complainers([], mail)])].slice(
      0,
      complainersMax,
    ),
    reporter,
    returned: xarf.returned,
  }
}

/** A postmaster who passes a report on encloses it whole. */
function readForwardedReport(mail: ReadMail): ComplaintReport | undefined {
  const reports = enclosedMessages(mail).filter(({ mediaType }) => mediaType === 'multipart/report')
  const [read] = reports.flatMap((root) => readFeedbackReport({ ...mail, root, headers: root.headers }) ?? [])
  return read && { ...read, reporter: domainOf(senderOf(mail)) }
}

/** RFC 5965: a part message/feedback-report, or a mail that says it has one. */
function readFeedbackReport(mail: ReadMail): ComplaintReport | undefined {
  const part = ownParts(mail.root).find(({ mediaType }) => mediaType === 'message/feedback-report')
  const { mediaType, parameters } = mail.root
  const isReport =
    mediaType === 'multipart/report' && parameters.get('report-type')?.toLowerCase() === 'feedback-report'
  if (part === undefined && !isReport) return undefined
  const fields = part?.kind === 'fields' ? part.blocks.flat() : []
  const types = new Set(
    allHeaders(fields, 'feedback-type').map((value) => value.toLowerCase().replace(/[\s;(].*$/, '')),
  )
  const [feedbackType = ''] = types
  return {
    meaning: meaningOf(mail, feedbackType, types.size),
    feedbackType: feedbackType === '' ? 'unstated' : feedbackType.slice(0, 40),
    addresses: complainers(fields, mail),
    reporter: domainOf(senderOf(mail)),
  }
}

/** RFC 5965 §3.1: the type stands once. A report that gives two, or none and no message, is read by a human. */
function meaningOf(mail: ReadMail, feedbackType: string, types: number): ComplaintReport['meaning'] {
  if (types > 1) return 'unreadable'
  if (types === 1) return Object.hasOwn(meanings, feedbackType) ? (meanings[feedbackType] ?? 'other') : 'other'
  // Reports without their second part are seen; one that speaks of "not spam" in its words is taken at them.
  if (enclosedMessages(mail).length === 0) return 'unreadable'
  return /\b(?:not|isn't|no) (?:spam|junk)\b/i.test(mail.text) ? 'not_spam' : 'leaves'
}

function complainers(fields: readonly MailHeader[], mail: ReadMail): string[] {
  const named = [
    ...allHeaders(fields, 'original-rcpt-to', 'original-recipient', 'removal-recipient'),
    ...enclosedMessages(mail).flatMap(({ headers }) => allHeaders(headers, 'x-hmxmroriginalrecipient')),
  ]
  const addresses = named.flatMap((value) => addressIn(value.replace(/^rfc822;/i, '').trim()) ?? [])
  return [...new Set(addresses.filter((address) => !isRedacted(address)))].slice(0, complainersMax)
}

/** RFC 6590: hashes and fixed words in place of the local part. */
export function isRedacted(address: string): boolean {
  const local = address.slice(0, address.lastIndexOf('@')).toLowerCase()
  return (
    /^(?:redacted|hidden|private|removed|undisclosed|anonymous|x{3,}|\*+|-+)/.test(local) ||
    /^[0-9a-f]{24,}$/.test(local) ||
    /^[\w+/-]{26,}={1,2}$/.test(local)
  )
}

/** Microsoft's programme for Hotmail and Outlook.com returns the message in a mail of no standard form (RULE ARF-8). */
function readHotmailReport(mail: ReadMail): ComplaintReport | undefined {
  const messages = enclosedMessages(mail)
  const isNamed = messages.some(({ headers }) => firstHeader(headers, 'x-hmxmroriginalrecipient') !== undefined)
  const sender = (senderOf(mail) ?? '').toLowerCase()
  const isStaff = /^staff@(?:hotmail|outlook|live|msn)\.com$/.test(sender)
  const saysSo = /^complaint about message from\b/i.test(shownHeader(mail.headers, 'subject'))
  if (messages.length === 0 || !(isNamed || isStaff) || !(isStaff || saysSo)) return undefined
  const isNotJunk = /\b(?:not|isn't) (?:spam|junk)\b/i.test(allText(mail.root).slice(0, 1_000))
  return {
    meaning: isNotJunk ? 'not_spam' : 'leaves',
    feedbackType: 'abuse',
    addresses: complainers([], mail),
    reporter: domainOf(sender),
  }
}

/**
 * Who may name a complainer by address alone, when their signature verifies (RULE ARF-7): the feedback loops that sign
 * under a name of their own and that anybody may enrol with. An operator adds those they enrolled with; everybody else
 * has to return a token of ours. Where readers have mailboxes under the same domain, as at Hotmail, a signature of that
 * domain says no more than that one of them wrote, and only the loop's own address counts.
 */
export const complaintProviders: readonly string[] = ['arf.mail.yahoo.com', 'staff@hotmail.com']

/** Whether a report that `signer` vouches for is one of this provider: a signing domain, or one address of it. */
export function isProvider(provider: string, reporter: string, signer: string): boolean {
  const wanted = provider.toLowerCase()
  const at = wanted.lastIndexOf('@')
  return at === -1 ? isOfDomain(signer, wanted) : wanted === reporter && isOfDomain(wanted.slice(at + 1), signer)
}

/** The domain itself or one below it: what a relaxed alignment accepts (RFC 7489 §3.1.1). */
export function isOfDomain(domain: string, owner: string): boolean {
  return domain === owner || domain.endsWith(`.${owner}`)
}
