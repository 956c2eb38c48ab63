import { encodePosition, evidenceEntry, type Standing } from '@verzet/core'
import { lastSequence } from '../storage/changes.ts'
import { findChoice, markWithdrawn } from '../storage/choices.ts'
import type { Transaction } from '../storage/database.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import { moveLeave, reopenLeaves } from '../storage/leaves.ts'
import { lockReach } from '../storage/ties.ts'
import { leavingEvidence } from './leaving/leaving-record.ts'
import { refoldStandings } from './refold-standings.ts'

/** How long a person can take back what they just did on the page; later, an older no is lifted by a confirmed consent. */
export const undoWithinMs = 30 * 60_000

export type WithdrawalToRecord = {
  readonly subjectKey: string
  readonly choiceId: string
  readonly evidenceId: string
  /** For what it does to a leave: a no that is taken back was no leaving, an alternative that is leaves it open. */
  readonly leavingEvidenceId: string
  /** Something narrower was said in its place: the person took an alternative, and did not come back. */
  readonly alternative?: string
  readonly signal: string
  readonly actor: string
  /** How long after it an objection or a consent can still be taken back; without it `undoWithinMs`. */
  readonly withinMs?: number
}

export type WithdrawOutcome =
  | { readonly kind: 'withdrawn'; readonly standing: Standing; readonly position: string }
  | { readonly kind: 'already_withdrawn' }
  | { readonly kind: 'unknown_choice' }
  | { readonly kind: 'too_late' }

/**
 * Takes back a choice as if it had not been said: whatever held before it holds again, no more and no less.
 * A pause or a cadence can be taken back at any time; an objection or a consent only right after.
 * The choice and its evidence stay in the record; the taking back is an entry of its own.
 */
export async function withdrawChoice(
  tx: Transaction,
  input: WithdrawalToRecord,
  now: number,
): Promise<WithdrawOutcome> {
  const choice = await findChoice(tx, [input.subjectKey], input.choiceId)
  if (choice === undefined) return { kind: 'unknown_choice' }
  if (choice.withdrawnAt !== null) return { kind: 'already_withdrawn' }
  const hasLimit = choice.kind === 'objection' || choice.kind === 'consent'
  if (hasLimit && choice.recordedAt + (input.withinMs ?? undoWithinMs) < now) return { kind: 'too_late' }

  const { rows } = await lockReach(tx, [input.subjectKey], choice.recordedAt)
  if (!(await markWithdrawn(tx, input.subjectKey, input.choiceId, now))) return { kind: 'already_withdrawn' }
  const standings = await refoldStandings(tx, [...rows.values()], now)
  const details = { choice: input.choiceId, signal: input.signal, actor: input.actor }
  const { subjectKey, evidenceId } = input
  await tellLeave(tx, input, choice.kind, now)
  await appendEvidence(tx, [
    evidenceEntry({ id: evidenceId, subjectKey, kind: 'withdrawal', recordedAt: now, details }),
  ])
  const position = encodePosition({ last: await lastSequence(tx) })
  return { kind: 'withdrawn', standing: standings.get(subjectKey) ?? { groups: [] }, position }
}

async function tellLeave(tx: Transaction, input: WithdrawalToRecord, kind: string, now: number): Promise<void> {
  const { subjectKey, choiceId: id, leavingEvidenceId: evidenceId, alternative } = input
  if (kind === 'objection') {
    const state = alternative === undefined ? ('returned' as const) : ('narrowed' as const)
    const move = { subjectKey, id, state, ...(alternative && { alternative }) }
    const isMoved = await moveLeave(tx, move, now)
    // That the person came back is proven by the withdrawal itself.
    if (!isMoved || alternative === undefined) return
    await appendEvidence(tx, [leavingEvidence({ ...move, evidenceId, at: now })])
    return
  }
  const reopened = (await reopenLeaves(tx, subjectKey, id))[0]
  if (reopened === undefined) return
  await appendEvidence(tx, [leavingEvidence({ evidenceId, id: reopened, subjectKey, state: 'asked', at: now })])
}
