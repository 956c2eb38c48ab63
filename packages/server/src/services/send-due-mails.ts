import { assertNever, evidenceEntry, uuidV7 } from '@verzet/core'
import { type Database, transact } from '../storage/database.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import {
  leaseOutboundMails,
  markFailed,
  markSent,
  type OutboundMailRow,
  postponeMail,
} from '../storage/outbound-mails.ts'
import { type ComposeParts, composeMail, messageIdOf } from './compose-mail.ts'
import { markLeaveAsked } from './leaving/mark-asked.ts'
import type { Clock, MailOutcome, MailPort, RandomBytes } from './ports.ts'

/** Longer than any one mail may take (the smarthost gives up after a minute), so that nobody sends it a second time. */
export const mailLeaseMs = 5 * 60_000
/** As many as are written and under way at once. */
export const mailsAtOnceMax = 8
const firstRetryDelayMs = 60_000
/** A mail server that is down for a night is tried often enough at this pace. */
const longestRetryDelayMs = 6 * 3_600_000
/** RFC 5321 §4.5.4.1 asks for four to five days at most; an acknowledgement that comes later only confuses. */
export const mailGivenUpAfterMs = 3 * 86_400_000

/** What became of one mail; names the mail and never the recipient. */
export type MailEvent = {
  readonly kind: 'sent' | 'postponed' | 'failed'
  readonly mailId: string
  readonly mailKind: string
  readonly attempts: number
  readonly reason?: string
}

export type SendParts = ComposeParts & {
  readonly db: Database
  readonly random: RandomBytes
  readonly clock: Clock
  readonly port: MailPort
  readonly onEvent?: (event: MailEvent) => void
}

export type MailPass = {
  readonly leased: number
  /** Nothing got through: the next ones are better left until later. */
  readonly isBlocked: boolean
}

/** Takes up to `limit` due mails and sends them side by side; each is sent, postponed or given up when this returns. */
export async function sendDueMails(parts: SendParts, limit = mailsAtOnceMax): Promise<MailPass> {
  const now = parts.clock()
  const mails = await leaseOutboundMails(parts.db, now, now + mailLeaseMs, limit)
  const events = await Promise.all(mails.map((mail) => sendOne(parts, mail)))
  for (const event of events) parts.onEvent?.(event)
  return { leased: mails.length, isBlocked: events.length > 0 && events.every((event) => event.kind === 'postponed') }
}

async function sendOne(parts: SendParts, row: OutboundMailRow): Promise<MailEvent> {
  const about = { mailId: row.id, mailKind: row.kind, attempts: row.attempts }
  const outcome = await composeAndSend(parts, row)
  switch (outcome.kind) {
    case 'sent':
      await recordSent(parts, row)
      return { kind: 'sent', ...about }
    case 'refused':
      await transact(parts.db, (tx) => markFailed(tx, row.id, parts.clock(), outcome.reason))
      return { kind: 'failed', ...about, reason: outcome.reason }
    case 'unavailable':
      return { ...(await postpone(parts, row, outcome.reason)), ...about }
    default:
      return assertNever(outcome)
  }
}

async function composeAndSend(parts: SendParts, row: OutboundMailRow): Promise<MailOutcome> {
  try {
    const composed = await composeMail(parts, row, parts.clock())
    if (composed.kind === 'not_owed') return { kind: 'refused', reason: composed.reason }
    return await parts.port.send(composed.mail)
  } catch (error) {
    // The message may hold anything, an address too; the class of the error is enough to find it.
    return { kind: 'unavailable', reason: `internal ${error instanceof Error ? error.name : 'error'}` }
  }
}

/** That a mail went out is proven in the same transaction that ends it, once, even when two processes sent it. */
async function recordSent(parts: SendParts, row: OutboundMailRow): Promise<void> {
  const now = parts.clock()
  await transact(parts.db, async (tx) => {
    if (!(await markSent(tx, row.id, now))) return
    const { choiceId, confirmationId } = row.details
    const entry = evidenceEntry({
      id: uuidV7(now, parts.random(10)),
      subjectKey: row.contactKey,
      kind: 'mail_sent',
      recordedAt: now,
      details: {
        mail: row.kind,
        messageId: messageIdOf(row.id, parts.place.mailDomain),
        choice: typeof choiceId === 'string' ? choiceId : undefined,
        confirmation: typeof confirmationId === 'string' ? confirmationId : undefined,
      },
    })
    await appendEvidence(tx, [entry])
    if (row.kind === 'leaving') await markLeaveAsked(tx, parts.random, row, now)
  })
}

async function postpone(parts: SendParts, row: OutboundMailRow, reason: string) {
  const now = parts.clock()
  // A reminder that was asked for months ago is owed from the day it is due.
  const { dueAt } = row.details
  const owedAt = typeof dueAt === 'number' ? dueAt : row.createdAt.getTime()
  const lastChanceAt = owedAt + mailGivenUpAfterMs
  if (now >= lastChanceAt) {
    await transact(parts.db, (tx) => markFailed(tx, row.id, now, `given up: ${reason}`))
    return { kind: 'failed' as const, reason: `given up: ${reason}` }
  }
  const nextAttemptAt = Math.min(now + retryDelayMs(row.attempts), lastChanceAt)
  await transact(parts.db, (tx) => postponeMail(tx, row.id, nextAttemptAt, reason))
  return { kind: 'postponed' as const, reason }
}

/** 1, 2, 4 … minutes, at most 6 hours. `attempts` counts the one that just failed. */
export function retryDelayMs(attempts: number): number {
  return Math.min(firstRetryDelayMs * 2 ** Math.max(0, attempts - 1), longestRetryDelayMs)
}
