import { encodePosition, type HashSecrets, uuidV7 } from '@verzet/core'
import { lastSequence } from '../storage/changes.ts'
import { type Database, type Transaction, transact } from '../storage/database.ts'
import { insertSend } from '../storage/sends.ts'
import { findStandings, lockStandings, type StandingRow } from '../storage/standings.ts'
import {
  decidePrepared,
  type GateAnswer,
  type GateQuestion,
  hasCadence,
  type PreparedQuestion,
  prepareQuestion,
  sendSubjects,
  withSends,
} from './ask-gate.ts'
import type { Catalog } from './catalog.ts'
import type { RandomBytes } from './ports.ts'

/**
 * Answers like the gate and, when the answer is allow, counts the message in the same transaction.
 * Claims for one person wait for each other, so a cadence is never passed by one more than it allows.
 */
export async function claimSend(
  db: Database,
  catalog: Catalog,
  secrets: HashSecrets,
  random: RandomBytes,
  question: GateQuestion,
  now: number,
): Promise<GateAnswer> {
  const prepared = prepareQuestion(catalog, secrets, question)
  return transact(db, async (tx) => {
    const position = encodePosition({ last: await lastSequence(tx) })
    if (prepared.kind === 'answered') return { ...prepared.decision, position }
    return { ...(await claim(tx, random, prepared, now)), position }
  })
}

async function claim(
  tx: Transaction,
  random: RandomBytes,
  prepared: Extract<PreparedQuestion, { kind: 'ready' }>,
  now: number,
) {
  const { key } = prepared
  const row = (await findStandings(tx, [key])).get(key)
  const held = row && hasCadence(row.record) ? await lockPerson(tx, row) : row
  const standing = held && (await withSends(tx, new Map([[key, held.record]]), now)).get(key)
  const decision = decidePrepared(prepared, standing, now)
  if (decision.decision !== 'allow') return decision
  const { brand, channel, topic } = prepared.question
  const subjects = standing === undefined ? [key] : sendSubjects(key, standing)
  await insertSend(tx, subjects, uuidV7(now, random(10)), { at: now, brand, channel, topic })
  return decision
}

/** The contact point and its relations: whoever else claims for this person waits here. */
async function lockPerson(tx: Transaction, row: StandingRow): Promise<StandingRow> {
  const locked = await lockStandings(tx, sendSubjects(row.contactKey, row.record))
  return locked.get(row.contactKey) ?? row
}
