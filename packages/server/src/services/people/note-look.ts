import { evidenceEntry, uuidV7 } from '@verzet/core'
import { z } from 'zod'
import { transact } from '../../storage/database.ts'
import { appendEvidence, listEvidence } from '../../storage/evidence-log.ts'
import type { Hub } from '../hub.ts'
import { staffActor } from '../staff/staff-evidence.ts'

/** Somebody who works on one person opens the page many times; that is one look. */
export const sameLookMs = 10 * 60_000

export type LookAt = {
  readonly subjectKey: string
  readonly staffId: string
  /** Seeing them on a page, or taking a copy away. */
  readonly act: 'person_viewed' | 'person_exported'
}

/** Proves who saw a person's data and when (GDPR art. 5(2) and 32): before it is shown, or it is not shown. */
export async function noteLook(hub: Pick<Hub, 'db' | 'clock' | 'random'>, look: LookAt): Promise<void> {
  const now = hub.clock()
  const { subjectKey, staffId, act } = look
  const actor = staffActor(staffId)
  if (act === 'person_viewed') {
    const sameLook = z.object({ details: z.object({ act: z.literal(act), actor: z.literal(actor) }) })
    const entries = await listEvidence(hub.db, [subjectKey])
    const recent = entries.filter(({ kind, recordedAt }) => kind === 'staff_act' && recordedAt > now - sameLookMs)
    if (recent.some(({ body }) => sameLook.safeParse(JSON.parse(body)).success)) return
  }
  const entry = evidenceEntry({
    id: uuidV7(now, hub.random(10)),
    subjectKey,
    kind: 'staff_act',
    recordedAt: now,
    details: { act, actor },
  })
  await transact(hub.db, (tx) => appendEvidence(tx, [entry]))
}
