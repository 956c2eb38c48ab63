import { uuidV7 } from '@verzet/core'
import type { Transaction } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { moveLeave } from '../../storage/leaves.ts'
import type { RandomBytes } from '../ports.ts'
import { leavingEvidence } from './leaving-record.ts'

/**
 * The question about a leave has left the house, in a mail or a text of kind `leaving`; `details` are the message's.
 * Called in the transaction that marks the message as sent. The silence is counted from the no itself.
 */
export async function markLeaveAsked(
  tx: Transaction,
  random: RandomBytes,
  message: { readonly contactKey: string; readonly details: Readonly<Record<string, unknown>> },
  now: number,
): Promise<void> {
  const { choiceId: id } = message.details
  if (typeof id !== 'string') return
  const move = { subjectKey: message.contactKey, id, state: 'asked' as const }
  if (!(await moveLeave(tx, move, now))) return
  await appendEvidence(tx, [leavingEvidence({ ...move, evidenceId: uuidV7(now, random(10)), at: now })])
}
