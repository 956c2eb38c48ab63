import { uuidV7 } from '@verzet/core'
import { type Database, transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { listOverdueLeaves, moveLeave } from '../../storage/leaves.ts'
import type { RandomBytes } from '../ports.ts'
import { leavingEvidence } from './leaving-record.ts'

/** Few enough for one look, many enough for an hour of a large deployment to be a handful of looks. */
const leavesAtOnceMax = 500

/** Says of every leave that nobody answered in time that nobody did. The no stands as it stood; returns how many. */
export async function closeUnansweredLeaves(db: Database, random: RandomBytes, now: number): Promise<number> {
  let closed = 0
  for (;;) {
    const overdue = await listOverdueLeaves(db, now, leavesAtOnceMax)
    for (const { subjectKey, id } of overdue) {
      await transact(db, async (tx) => {
        if (!(await moveLeave(tx, { subjectKey, id, state: 'unanswered' }, now))) return
        const evidenceId = uuidV7(now, random(10))
        await appendEvidence(tx, [leavingEvidence({ evidenceId, id, subjectKey, state: 'unanswered', at: now })])
      })
    }
    closed += overdue.length
    if (overdue.length < leavesAtOnceMax) return closed
  }
}
