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

type Parts = Pick<Hub, 'db' | 'clock' | 'random'>

/** Proves who saw a person's data and when (GDPR art. 5(2) and 32): before it is shown, or it is not shown. */
export function noteLook(hub: Parts, { subjectKey, ...look }: LookAt): Promise<void> {
  return noteLooks(hub, [subjectKey], look)
}

/** The same of a page that shows several. */
export async function noteLooks(
  hub: Parts,
  subjectKeys: readonly string[],
  { staffId, act }: Omit<LookAt, 'subjectKey'>,
): Promise<void> {
  const now = hub.clock()
  const actor = staffActor(staffId)
  const seen = act === 'person_viewed' ? await seenLately(hub, subjectKeys, actor) : new Set<string>()
  const unseen = [...new Set(subjectKeys)].filter((key) => !seen.has(key))
  if (unseen.length === 0) return
  const entries = unseen.map((subjectKey) =>
    evidenceEntry({
      id: uuidV7(now, hub.random(10)),
      subjectKey,
      kind: 'staff_act',
      recordedAt: now,
      details: { act, actor },
    }),
  )
  await transact(hub.db, (tx) => appendEvidence(tx, entries))
}

/** Those of whom it is kept already that this member of staff looks at them. */
async function seenLately(hub: Parts, subjectKeys: readonly string[], actor: string): Promise<ReadonlySet<string>> {
  const since = hub.clock() - sameLookMs
  const sameLook = z.object({ details: z.object({ act: z.literal('person_viewed'), actor: z.literal(actor) }) })
  const entries = await listEvidence(hub.db, subjectKeys)
  const looks = entries.filter(
    ({ kind, recordedAt, body }) =>
      kind === 'staff_act' && recordedAt > since && sameLook.safeParse(JSON.parse(body)).success,
  )
  return new Set(looks.map(({ subjectKey }) => subjectKey))
}
