import { createTransport } from 'nodemailer'
import { messageIdOf } from '../../services/compose-mail.ts'
import type { MailOutcome, MailPort, OutgoingMail } from '../../services/ports.ts'

export type SmarthostOptions = {
  /** `smtp://user:password@host:587` or `smtps://…`; user and password percent-encoded. */
  readonly url: string
  /** The address in From. */
  readonly from: string
  readonly mailDomain: string
  /** The sender of the envelope, where bounces go; none by default: nobody reads them (RFC 3834 §3.3, null path). */
  readonly envelopeFrom?: string
  /** For a mail server whose certificate no public authority signed. */
  readonly certificateAuthority?: string
}

/** The smarthost may open as many connections as it likes to the world; this is what it gets from us. */
const connectionsMax = 4
/** A mail server in the same network answers in milliseconds; one that needs longer than this is taken for down. */
const connectTimeoutMs = 10_000
/** RFC 5321 §4.5.3.2.1 gives the greeting five minutes; a smarthost of one's own that is so slow is overloaded. */
const greetingTimeoutMs = 15_000
/** Silence in the middle of a conversation. RFC 5321 §4.5.3.2 allows minutes for a remote server, not a smarthost. */
const silenceTimeoutMs = 30_000
/** One mail, whatever the server does; well below the lease of a mail. */
const sendTimeoutMs = 60_000
const submissionPort = 587
const relayPort = 25
const implicitTlsPort = 465
const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Hands mails to one mail server over SMTP, on pooled connections, with STARTTLS wherever it is offered. */
export function createSmarthost(options: SmarthostOptions): MailPort & AsyncDisposable {
  const transport = createTransport({
    ...readSmarthostUrl(options.url),
    pool: true,
    maxConnections: connectionsMax,
    // Our queue knows when to try again, and counts.
    maxRequeues: 0,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: greetingTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(options.certificateAuthority && { tls: { ca: options.certificateAuthority } }),
  })
  return {
    async send(mail) {
      try {
        await transport.sendMail({ ...messageOf(mail, options), signal: AbortSignal.timeout(sendTimeoutMs) })
        return { kind: 'sent' }
      } catch (error) {
        return outcomeOf(error)
      }
    },
    async [Symbol.asyncDispose]() {
      transport.close()
    },
  }
}

/**
 * Reads the address of a smarthost. With a password the connection must be encrypted, or somebody in between could
 * leave STARTTLS out and read it; on this machine nobody is in between.
 */
export function readSmarthostUrl(text: string) {
  const url = new URL(text)
  const secure = url.protocol === 'smtps:'
  const hasAuth = url.username !== ''
  const defaultPort = secure ? implicitTlsPort : hasAuth ? submissionPort : relayPort
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? defaultPort : Number(url.port),
    secure,
    requireTLS: !secure && hasAuth && !loopbackHosts.has(url.hostname),
    ...(hasAuth && { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
  }
}

/** No List-* field: this is no list mail, and must not be taken for one (RFC 2369 §2). */
function messageOf(mail: OutgoingMail, options: SmarthostOptions) {
  return {
    from: { name: mail.fromName, address: options.from },
    to: { name: '', address: mail.to },
    envelope: { from: options.envelopeFrom ?? '', to: [mail.to] },
    subject: mail.subject,
    messageId: messageIdOf(mail.id, options.mailDomain),
    text: mail.text,
    html: mail.html,
    textEncoding: 'quoted-printable' as const,
    xMailer: false as const,
    headers: {
      // RFC 3834 §5: whatever answers mail by itself leaves this one alone; the second is what Exchange reads.
      'Auto-Submitted': mail.autoSubmitted,
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': mail.language,
    },
  }
}

/**
 * Only what the server said about this very mail (its sender, its recipient, its content) with a 5xx is final; a
 * refused password or a broken connection is for the operator to mend, and the mail waits.
 */
function outcomeOf(error: unknown): MailOutcome {
  const code = stringOf(error, 'code') ?? 'ERROR'
  const reason = reasonOf(error, code)
  const isAboutTheMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  const reply = numberOf(error, 'responseCode')
  return isAboutTheMail && reply !== undefined && reply >= 500
    ? { kind: 'refused', reason }
    : { kind: 'unavailable', reason }
}

/** The codes alone: the text of a reply often repeats the recipient's address. */
function reasonOf(error: unknown, code: string): string {
  const reply = /^[245]\d\d(?:[ -][245]\.\d{1,3}\.\d{1,3}(?=\s))?/.exec(stringOf(error, 'response') ?? '')?.[0]
  return reply === undefined ? `smtp ${code}` : `smtp ${reply.replace('-', ' ')}`
}

function stringOf(error: unknown, member: string): string | undefined {
  const value = memberOf(error, member)
  return typeof value === 'string' ? value : undefined
}

function numberOf(error: unknown, member: string): number | undefined {
  const value = memberOf(error, member)
  return typeof value === 'number' ? value : undefined
}

function memberOf(error: unknown, member: string): unknown {
  return error instanceof Error ? new Map<string, unknown>(Object.entries(error)).get(member) : undefined
}
