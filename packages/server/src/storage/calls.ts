import type { Queryable, Transaction } from './database.ts'

export const callOutcomes = ['answered', 'no_answer', 'busy', 'failed', 'dead_number'] as const
export type CallOutcome = (typeof callOutcomes)[number]
export const callAnswers = ['objection', 'no_objection', 'consent', 'restriction'] as const
export type CallAnswer = (typeof callAnswers)[number]

export type CallRow = {
  readonly contactKey: string
  readonly id: string
  readonly brand: string | null
  readonly topic: string | null
  readonly campaign: string | null
  readonly outcome: CallOutcome
  /** Null where nobody said whether the right to object was offered. */
  readonly rightOffered: boolean | null
  readonly answer: CallAnswer | null
  readonly choiceId: string | null
  /** When each register that was consulted was taken, as RFC 3339. */
  readonly registers: Readonly<Record<string, string>>
  readonly calledAt: Date
  readonly recordedAt: Date
  readonly actor: string
  readonly source: string | null
}

const insertMany = {
  name: 'calls-insert',
  text: `insert into calls (contact_key, id, brand, topic, campaign, outcome, right_offered, answer, choice_id, registers,
      called_at, recorded_at, actor, source)
    select "contactKey", id, brand, topic, campaign, outcome, "rightOffered", answer, "choiceId", registers, "calledAt",
      "recordedAt", actor, source
    from jsonb_to_recordset($1::jsonb) as new ("contactKey" uuid, id uuid, brand text, topic text, campaign text,
      outcome text, "rightOffered" boolean, answer text, "choiceId" uuid, registers jsonb, "calledAt" timestamptz,
      "recordedAt" timestamptz, actor text, source text)
    on conflict (contact_key, id) do nothing`,
}

/** The same call (its id) again changes nothing. */
export async function insertCalls(tx: Transaction, rows: readonly CallRow[]): Promise<void> {
  if (rows.length > 0) await tx.execute(insertMany, [JSON.stringify(rows)])
}

const columns = `contact_key as "contactKey", id, brand, topic, campaign, outcome, right_offered as "rightOffered", answer,
  choice_id as "choiceId", registers, called_at as "calledAt", recorded_at as "recordedAt", actor, source`

/** Newest first. */
export async function listCalls(db: Queryable, contactKey: string, limit: number): Promise<CallRow[]> {
  const text = `select ${columns} from calls where contact_key = $1 order by called_at desc, id desc limit $2`
  return db.query<CallRow>({ name: 'calls-list', text }, [contactKey, limit])
}

/** Says whether the right was offered in a call that its agent recorded; once, and only while nobody has said so. */
export async function markRightOffered(
  tx: Transaction,
  call: { readonly contactKey: string; readonly id: string; readonly actor: string },
  offered: boolean,
): Promise<boolean> {
  const text = `update calls set right_offered = $4
    where contact_key = $1 and id = $2 and actor = $3 and right_offered is null`
  return (await tx.execute(text, [call.contactKey, call.id, call.actor, offered])) === 1
}
