import { assertNever, everything, evidenceEntry, uuidV7 } from '@verzet/core'
import { type Database, type Transaction, transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import {
  type LeasedText,
  leaseOutboundTexts,
  markTextFailed,
  markTextSent,
  postponeText,
  saveTextDetails,
} from '../../storage/outbound-texts.ts'
import type { ChoiceCommitter } from '../choice-committer.ts'
import { keyContactPoint } from '../key-contact-point.ts'
import { markLeaveAsked } from '../leaving/mark-asked.ts'
import type { Clock, TextOutcome, TextPort } from '../ports.ts'
import { retryDelayMs } from '../send-due-mails.ts'
import { type ComposeTextParts, composeText } from './compose-text.ts'
import { openNumber } from './number-to-answer.ts'

/** Longer than any one text may take (a vendor is given half a minute), so that nobody sends it a second time. */
export const textLeaseMs = 2 * 60_000
export const textsAtOnceMax = 8
/** 47 CFR 64.1200(a)(12) wants a confirmation within five minutes; one that comes a day later only confuses. */
export const textGivenUpAfterMs = 24 * 3_600_000

/** What became of one text; names the text and never the number. */
export type TextEvent = {
  readonly kind: 'sent' | 'postponed' | 'failed'
  readonly textId: string
  readonly textKind: string
  readonly attempts: number
  readonly reason?: string
}

export type SendTextParts = ComposeTextParts & {
  readonly db: Database
  readonly committer: ChoiceCommitter
  readonly clock: Clock
  readonly port: TextPort
  readonly onEvent?: (event: TextEvent) => void
}

/** Takes up to `limit` due texts and sends them side by side; each is sent, postponed or given up when this returns. */
export async function sendDueTexts(
  parts: SendTextParts,
  limit = textsAtOnceMax,
): Promise<{ leased: number; isBlocked: boolean }> {
  const now = parts.clock()
  const texts = await leaseOutboundTexts(parts.db, now, now + textLeaseMs, limit)
  const events = await Promise.all(texts.map((text) => sendOne(parts, text)))
  for (const event of events) parts.onEvent?.(event)
  return { leased: texts.length, isBlocked: events.length > 0 && events.every(({ kind }) => kind === 'postponed') }
}

async function sendOne(parts: SendTextParts, row: LeasedText): Promise<TextEvent> {
  const about = { textId: row.id, textKind: row.kind, attempts: row.attempts }
  const outcome = await composeAndSend(parts, row)
  switch (outcome.kind) {
    case 'sent':
      await recordSent(parts, row)
      return { kind: 'sent', ...about }
    case 'refused':
      if (outcome.optedOut) await recordOptOut(parts, row)
      await transact(parts.db, (tx) => fail(tx, row, parts.clock(), outcome.reason))
      return { kind: 'failed', ...about, reason: outcome.reason }
    case 'unavailable':
      return { ...(await postpone(parts, row, outcome.reason)), ...about }
    default:
      return assertNever(outcome)
  }
}

async function composeAndSend(parts: SendTextParts, row: LeasedText): Promise<TextOutcome> {
  try {
    const composed = await composeText(parts, row, parts.clock())
    if (composed.kind === 'not_owed') return { kind: 'refused', reason: composed.reason }
    return await parts.port.send(composed.text)
  } catch (error) {
    // The message may hold anything, a number too; the class of the error is enough to find it.
    return { kind: 'unavailable', reason: `internal ${error instanceof Error ? error.name : 'error'}` }
  }
}

/** That a text went out is proven in the same transaction that ends it, once, even when two processes sent it. */
async function recordSent(parts: SendTextParts, row: LeasedText): Promise<void> {
  const now = parts.clock()
  await transact(parts.db, async (tx) => {
    if (!(await markTextSent(tx, row.id, now))) return
    await forgetNumber(tx, row)
    const { choiceId, confirmationId } = row.details
    const entry = evidenceEntry({
      id: uuidV7(now, parts.random(10)),
      subjectKey: row.contactKey,
      kind: 'text_sent',
      recordedAt: now,
      details: {
        text: row.kind,
        message: row.id,
        choice: typeof choiceId === 'string' ? choiceId : undefined,
        confirmation: typeof confirmationId === 'string' ? confirmationId : undefined,
      },
    })
    await appendEvidence(tx, [entry])
    if (row.kind === 'leaving') await markLeaveAsked(tx, parts.random, row, now)
  })
}

/** The vendor blocks this number because its owner said no there: a no the hub has not heard yet. */
async function recordOptOut(parts: SendTextParts, row: LeasedText): Promise<void> {
  const now = parts.clock()
  await parts.committer.record([
    {
      id: uuidV7(now, parts.random(10)),
      evidenceId: uuidV7(now, parts.random(10)),
      subjectKey: row.contactKey,
      subjectIfMissing: strangerOf(parts, row),
      words: { kind: 'objection', scope: everything, author: 'provider', saidAt: null },
      context: { signal: 'vendor_opt_out', origin: { channel: 'sms' } },
      recordedAt: now,
      actor: 'vendor',
      isRepeatable: true,
    },
  ])
}

/** Who nobody knew is known to the copies of the gate by the fingerprint alone, and the number is not kept. */
function strangerOf({ secrets }: SendTextParts, { details }: LeasedText) {
  const number = typeof details.number === 'string' ? openNumber(secrets, details.number) : undefined
  const named = number === undefined ? undefined : keyContactPoint(secrets, { type: 'phone', value: number })
  return { type: 'phone' as const, ...(named?.kind === 'ok' && { fingerprint: named.keyed.fingerprint }) }
}

async function fail(tx: Transaction, row: LeasedText, now: number, reason: string): Promise<void> {
  await markTextFailed(tx, row.id, now, reason)
  await forgetNumber(tx, row)
}

/** A number that nobody knew stays nobody's once it was answered, or will not be (GDPR art. 5(1)(c)). */
async function forgetNumber(tx: Transaction, { id, details }: LeasedText): Promise<void> {
  const { number, ...rest } = details
  if (number !== undefined) await saveTextDetails(tx, id, rest)
}

async function postpone(parts: SendTextParts, row: LeasedText, reason: string) {
  const now = parts.clock()
  const lastChanceAt = row.createdAt.getTime() + textGivenUpAfterMs
  if (now >= lastChanceAt) {
    await transact(parts.db, (tx) => fail(tx, row, now, `given up: ${reason}`))
    return { kind: 'failed' as const, reason: `given up: ${reason}` }
  }
  const nextAttemptAt = Math.min(now + retryDelayMs(row.attempts), lastChanceAt)
  await transact(parts.db, (tx) => postponeText(tx, row.id, nextAttemptAt, reason))
  return { kind: 'postponed' as const, reason }
}
