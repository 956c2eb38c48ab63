import { type Scope, uuidV7 } from '@verzet/core'
import { type Database, type Transaction, transact } from '../storage/database.ts'
import { findKnownChoices } from '../storage/import-batch.ts'
import type { ImportTools } from './person-to-import.ts'
import type { KeyedContactPoint } from './ports.ts'
import { type ChoiceToRecord, recordChoices } from './record-choices.ts'

/** A no the organisation heard before, or elsewhere. */
export type ObjectionToImport = {
  /** Made from what it says, so that the same line twice is one objection. */
  readonly id: string
  readonly keyed: KeyedContactPoint
  readonly scope: Scope
  /** Null when nobody knows: it then counts from its arrival (rule 2). */
  readonly saidAt: number | null
  readonly source?: string
}

export type ObjectionCounts = {
  recorded: number
  /** The same no, or a wider one, stood already. */
  stoodAlready: number
  /** This very line was brought in before; what the person said since goes on holding. */
  repeated: number
}

/** Many in one transaction. Whom nobody knew is kept, and the no holds for that contact point (rule 7). */
export async function importObjections(
  db: Database,
  tools: ImportTools,
  objections: readonly ObjectionToImport[],
  actor: string,
  now: number,
  close: (tx: Transaction, counts: ObjectionCounts) => Promise<void>,
): Promise<ObjectionCounts> {
  return transact(db, async (tx) => {
    const repeated = await findKnownChoices(
      tx,
      objections.map(({ id, keyed }) => ({ subjectKey: keyed.key, id })),
    )
    const fresh = objections.filter((objection) => !repeated.has(objection.id))
    const choices = fresh.map((objection) => choiceToRecord(tools, objection, actor, now))
    const outcomes = choices.length === 0 ? [] : (await recordChoices(tx, tools.pepper, choices)).outcomes()
    const recorded = outcomes.filter((one) => one.kind === 'recorded' && one.alreadySince === undefined).length
    const counts = { recorded, stoodAlready: outcomes.length - recorded, repeated: objections.length - fresh.length }
    await close(tx, counts)
    return counts
  })
}

function choiceToRecord(tools: ImportTools, objection: ObjectionToImport, actor: string, now: number): ChoiceToRecord {
  const { id, keyed, scope, saidAt, source } = objection
  const { type, normalised } = keyed.contactPoint
  return {
    id,
    evidenceId: uuidV7(now, tools.random(10)),
    subjectKey: keyed.key,
    subject: { type, value: normalised, fingerprint: keyed.fingerprint },
    words: { kind: 'objection', scope, author: 'controller', saidAt },
    context: { signal: 'import', ...(source !== undefined && { source }) },
    recordedAt: now,
    actor,
    isRepeatable: true,
  }
}
