import { digestOfWords, evidenceEntry } from '@verzet/core'
import { findChoice, updateReason } from '../storage/choices.ts'
import { transact } from '../storage/database.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import type { Hub } from './hub.ts'

export type ReasonGiven = {
  readonly subjectKey: string
  readonly choiceId: string
  readonly evidenceId: string
  readonly reason: string | null
  readonly comment: string | null
}

/** Keeps why somebody left with the choice it is about. Said after the choice held, and free to leave out; false when it is not theirs. */
export async function saveReason(hub: Hub, given: ReasonGiven): Promise<boolean> {
  const now = hub.clock()
  const { subjectKey, choiceId, reason, comment } = given
  return transact(hub.db, async (tx) => {
    if ((await findChoice(tx, [subjectKey], choiceId)) === undefined) return false
    await updateReason(tx, subjectKey, choiceId, { reason, comment })
    const digest = comment === null ? undefined : digestOfWords(hub.secrets.pepper, comment)
    const details = { choice: choiceId, reason, comment: digest }
    await appendEvidence(tx, [
      evidenceEntry({ id: given.evidenceId, subjectKey, kind: 'answer', recordedAt: now, details }),
    ])
    return true
  })
}
