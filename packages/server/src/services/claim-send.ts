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
  keysOf,
  type PreparedQuestion,
  prepareQuestion,
  sendSubjects,
  withSends,
} from './ask-gate.ts'
import { isHeld } from './campaigns/campaign-identity.ts'
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
  const { campaign } = question
  // Known from its first message on, so that it can be found and held.
  if (campaign !== undefined && prepared.kind === 'ready') {
    await catalog.campaign(prepared.question.brand, campaign, now)
  }
  return transact(db, async (tx) => {
    const position = encodePosition({ last: await lastSequence(tx) })
    if (prepared.kind === 'answered') return { ...prepared.decision, position }
    return { ...(await claim(tx, random, prepared, now, campaign)), position }
  })
}

async function claim(
  tx: Transaction,
  random: RandomBytes,
  prepared: Extract<PreparedQuestion, { kind: 'ready' }>,
  now: number,
  campaign: string | undefined,
) {
  const { key } = prepared
  const found = await findStandings(tx, keysOf([prepared]))
  const row = found.get(key)
  const locked = row && hasCadence(row.record) ? await lockPerson(tx, row) : row
  const standing = locked && (await withSends(tx, new Map([[key, locked.record]]), now)).get(key)
  const held = isHeld(found.get(prepared.campaign?.key ?? '')?.record)
  const decision = decidePrepared(prepared, standing, now, held)
  if (decision.decision !== 'allow') return decision
  const { brand, channel, topic } = prepared.question
  const subjects = standing === undefined ? [key] : sendSubjects(key, standing)
  await insertSend(tx, subjects, uuidV7(now, random(10)), {
    at: now,
    brand,
    channel,
    topic,
    ...(campaign && { campaign }),
  })
  return decision
}

/** The contact point and its relations: whoever else claims for this person waits here. */
async function lockPerson(tx: Transaction, row: StandingRow): Promise<StandingRow> {
  const locked = await lockStandings(tx, sendSubjects(row.contactKey, row.record))
  return locked.get(row.contactKey) ?? row
}
