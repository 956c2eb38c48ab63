import type { ContactPointType, Standing } from '@verzet/core'
import { insertContactPoints } from '../storage/contact-points.ts'
import type { Transaction } from '../storage/database.ts'
import { insertStandings, lockStandings, writeStandings } from '../storage/standings.ts'

/** A contact point as far as it is known: an address somebody wrote down, or the key in a link. */
export type StandingSubject = {
  readonly key: string
  readonly type: ContactPointType
  /** Undefined where only the key is known. */
  readonly value?: string
  /** 0 where only the key is known. */
  readonly fingerprint: bigint
}

/**
 * Changes what is known of contact points beside what was said through them: that nothing arrives there, or that
 * something waits to be read. `amend` runs under their locks; what was said is not its business. A contact point nobody knew is
 * kept from then on (rule 7). True when something changed.
 */
export async function amendStandings(
  tx: Transaction,
  subjects: readonly StandingSubject[],
  amend: (standing: Standing, subject: StandingSubject) => Standing | Promise<Standing>,
  now: number,
): Promise<boolean> {
  const unique = [...new Map(subjects.map((subject) => [subject.key, subject])).values()]
  const inOrder = unique.sort((one, other) => (one.key < other.key ? -1 : 1))
  await introduce(tx, inOrder, now)
  const rows = await lockStandings(
    tx,
    inOrder.map((subject) => subject.key),
  )
  const updates = []
  for (const subject of inOrder) {
    const row = rows.get(subject.key)
    if (row === undefined) continue
    const record = await amend(row.record, subject)
    // The transitions of core give back what they were given when nothing changes.
    if (record !== row.record) updates.push({ contactKey: subject.key, record, fingerprint: row.fingerprint })
  }
  if (updates.length > 0) await writeStandings(tx, updates, now)
  return updates.length > 0
}

async function introduce(tx: Transaction, subjects: readonly StandingSubject[], now: number): Promise<void> {
  if (subjects.length === 0) return
  await insertContactPoints(
    tx,
    subjects.map(({ key, type, value = null }) => ({ key, type, value })),
    now,
  )
  await insertStandings(
    tx,
    subjects.map(({ key, type, fingerprint }) => ({ contactKey: key, type, fingerprint })),
  )
}
