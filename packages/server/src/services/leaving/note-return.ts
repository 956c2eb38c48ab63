import { covers, uuidV7 } from '@verzet/core'
import type { Transaction } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { listLeaves, moveLeave } from '../../storage/leaves.ts'
import type { RandomBytes } from '../ports.ts'
import type { ChoiceToRecord } from '../record-choices.ts'
import { leavingEvidence } from './leaving-record.ts'

/**
 * Somebody who had left this address consents again, by a way of their own: every leave whose no covered part of that
 * has ended in coming back, however long ago it was. What was not consented to again stays refused. Called in the
 * transaction that records the consents.
 */
export async function noteReturn(
  tx: Transaction,
  random: RandomBytes,
  subjectKey: string,
  consents: readonly ChoiceToRecord[],
  now: number,
): Promise<void> {
  for (const { id, scope } of await listLeaves(tx, subjectKey, 0)) {
    const answer = consents.find((consent) => covers(scope, consent.words.scope))
    if (answer === undefined) continue
    const move = { subjectKey, id, state: 'returned' as const }
    if (!(await moveLeave(tx, { ...move, answeredBy: answer.id }, now))) continue
    await appendEvidence(tx, [leavingEvidence({ ...move, evidenceId: uuidV7(now, random(10)), at: now })])
  }
}
