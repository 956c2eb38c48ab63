import { evidenceEntry, uuidV7 } from '@verzet/core'
import { forgetChoices } from '../storage/choices.ts'
import { eraseContactPoints } from '../storage/contact-points.ts'
import type { Transaction } from '../storage/database.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import { deleteLiftProposalsOf } from '../storage/lift-proposals.ts'
import { forgetReviewItems } from '../storage/review-items.ts'
import { deleteSignUps } from '../storage/sign-ups.ts'
import { lockStandings } from '../storage/standings.ts'
import type { RandomBytes } from './ports.ts'
import { refoldStandings } from './refold-standings.ts'

/** Forgets a contact point that belongs to no relation, and keeps its no by the key alone (rule 7). */
export async function eraseContactPoint(
  tx: Transaction,
  random: RandomBytes,
  contactKey: string,
  now: number,
  actor: string,
): Promise<void> {
  const rows = await lockStandings(tx, [contactKey])
  await forgetChoices(tx, [contactKey])
  await deleteSignUps(tx, [contactKey])
  await forgetReviewItems(tx, [contactKey], now)
  await deleteLiftProposalsOf(tx, [contactKey])
  await eraseContactPoints(tx, [contactKey], now)
  await refoldStandings(tx, [...rows.values()], now)
  const id = uuidV7(now, random(10))
  const details = { contactPoints: 1, actor }
  await appendEvidence(tx, [
    evidenceEntry({ id, subjectKey: contactKey, kind: 'relation_erased', recordedAt: now, details }),
  ])
}
