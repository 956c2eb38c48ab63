import type { Author, CadencePeriod, Channel, Choice, ChoiceKind, Scope } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

/** What came with a choice besides what it says: how it was heard, and the person's own words. */
export type ChoiceContext = {
  readonly signal: string
  readonly source?: string
  readonly reason?: string
  readonly comment?: string
  readonly proof?: unknown
  /** The message that brought the person here. */
  readonly origin?: {
    readonly brand?: string
    readonly topic?: string
    readonly channel?: Channel
    readonly campaign?: string
  }
}

export type StoredChoice = Choice & {
  readonly subjectKey: string
  readonly context: ChoiceContext
  readonly withdrawnAt: number | null
}

const insertMany = {
  name: 'choices-insert',
  text: `insert into choices (subject_key, id, kind, brand, channel, topic, until_at, cadence_max, cadence_per, author,
      said_at, recorded_at, signal, source, reason, comment, proof, origin)
    select * from jsonb_to_recordset($1::jsonb) as new (subject_key uuid, id uuid, kind text, brand text, channel text,
      topic text, until_at timestamptz, cadence_max int, cadence_per text, author text, said_at timestamptz,
      recorded_at timestamptz, signal text, source text, reason text, comment text, proof jsonb, origin jsonb)
    on conflict (subject_key, id) do nothing`,
}

export type NewChoice = { readonly subjectKey: string; readonly choice: Choice; readonly context: ChoiceContext }

/** Recording the same choice (its id) again changes nothing. */
export async function insertChoices(tx: Transaction, rows: readonly NewChoice[]): Promise<void> {
  if (rows.length > 0) await tx.execute(insertMany, [JSON.stringify(rows.map(toRow))])
}

function toRow({ subjectKey, choice, context }: NewChoice) {
  const date = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  return {
    ...choice.scope,
    ...context,
    subject_key: subjectKey,
    id: choice.id,
    kind: choice.kind,
    author: choice.author,
    said_at: date(choice.saidAt),
    recorded_at: date(choice.recordedAt),
    ...(choice.kind === 'pause' && { until_at: date(choice.until) }),
    ...(choice.kind === 'cadence' && { cadence_max: choice.cadence.max, cadence_per: choice.cadence.per }),
  }
}

type ChoiceRow = {
  subjectKey: string
  id: string
  kind: ChoiceKind
  brand: string | null
  channel: Channel | null
  topic: string | null
  untilAt: Date | null
  cadenceMax: number | null
  cadencePer: CadencePeriod | null
  author: Author
  saidAt: Date | null
  recordedAt: Date
  signal: string
  source: string | null
  reason: string | null
  comment: string | null
  proof: unknown
  origin: ChoiceContext['origin'] | null
  withdrawnAt: Date | null
}

const columns = `subject_key as "subjectKey", id, kind, brand, channel, topic, until_at as "untilAt",
  cadence_max as "cadenceMax", cadence_per as "cadencePer", author, said_at as "saidAt", recorded_at as "recordedAt",
  signal, source, reason, comment, proof, origin, withdrawn_at as "withdrawnAt"`

const listBySubjects = {
  name: 'choices-list',
  text: `select ${columns} from choices where subject_key = any($1::uuid[]) order by id`,
}

/** Every choice said through or for these subjects, withdrawn ones too, oldest first. */
export async function listChoices(db: Queryable, subjectKeys: readonly string[]): Promise<StoredChoice[]> {
  return (await db.query<ChoiceRow>(listBySubjects, [subjectKeys])).map(fromRow)
}

export async function findChoice(
  db: Queryable,
  subjectKeys: readonly string[],
  id: string,
): Promise<StoredChoice | undefined> {
  const text = `select ${columns} from choices where subject_key = any($1::uuid[]) and id = $2`
  const [row] = await db.query<ChoiceRow>({ name: 'choices-find', text }, [subjectKeys, id])
  return row && fromRow(row)
}

/** Marks a choice as taken back; false when it already was. The row and its evidence stay. */
export async function markWithdrawn(tx: Transaction, subjectKey: string, id: string, at: number): Promise<boolean> {
  const text = 'update choices set withdrawn_at = $3 where subject_key = $1 and id = $2 and withdrawn_at is null'
  return (await tx.execute(text, [subjectKey, id, new Date(at)])) === 1
}

/** The person's own words about a choice, said after it. */
export async function updateReason(
  tx: Transaction,
  subjectKey: string,
  id: string,
  words: { reason: string | null; comment: string | null },
): Promise<boolean> {
  const text = `update choices set reason = $3, comment = $4 where subject_key = $1 and id = $2`
  return (await tx.execute(text, [subjectKey, id, words.reason, words.comment])) === 1
}

/** After an erasure: no consent outlives the person, and a refusal keeps no words. */
export async function forgetChoices(tx: Transaction, subjectKeys: readonly string[]): Promise<void> {
  await tx.execute(`delete from choices where subject_key = any($1::uuid[]) and kind = 'consent'`, [subjectKeys])
  await tx.execute(
    `update choices set comment = null, proof = null, source = null where subject_key = any($1::uuid[])`,
    [subjectKeys],
  )
}

function fromRow(row: ChoiceRow): StoredChoice {
  const base = {
    subjectKey: row.subjectKey,
    id: row.id,
    scope: scopeOf(row),
    author: row.author,
    saidAt: row.saidAt === null ? null : row.saidAt.getTime(),
    recordedAt: row.recordedAt.getTime(),
    withdrawnAt: row.withdrawnAt === null ? null : row.withdrawnAt.getTime(),
    context: contextOf(row),
  }
  if (row.kind === 'pause') return { ...base, kind: 'pause', until: row.untilAt?.getTime() ?? 0 }
  if (row.kind === 'cadence') {
    return { ...base, kind: 'cadence', cadence: { max: row.cadenceMax ?? 1, per: row.cadencePer ?? 'month' } }
  }
  return { ...base, kind: row.kind }
}

function scopeOf(row: ChoiceRow): Scope {
  return {
    ...(row.brand !== null && { brand: row.brand }),
    ...(row.channel !== null && { channel: row.channel }),
    ...(row.topic !== null && { topic: row.topic }),
  }
}

function contextOf(row: ChoiceRow): ChoiceContext {
  return {
    signal: row.signal,
    ...(row.source !== null && { source: row.source }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.comment !== null && { comment: row.comment }),
    ...(row.proof !== null && { proof: row.proof }),
    ...(row.origin !== null && { origin: row.origin }),
  }
}
