import type { ContactPointType, Scope } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

/** Where the words were heard. */
export const reviewSources = ['email', 'sms', 'phone', 'post', 'portal'] as const
export type ReviewSource = (typeof reviewSources)[number]

/** What a human said it was; `deadline`: nobody said so in time, and the no was recorded. */
export const reviewDecisions = ['opt_out', 'narrow', 'not_a_no', 'deadline'] as const
export type ReviewDecision = (typeof reviewDecisions)[number]

/** Something a human has to read and decide before its deadline. */
export type NewReviewItem = {
  readonly id: string
  /** Whom it seems to be from. Null when nothing says. */
  readonly contactKey: string | null
  readonly source: ReviewSource
  readonly kind: string
  readonly reason: string
  /** Null once forgotten. */
  readonly excerpt: string | null
  readonly sender: string | null
  readonly language: string | null
  readonly brand: string | null
  /** What it would refuse if it is a no; null where silence must not be taken for one. */
  readonly proposedScope: Scope | null
  readonly proofHash: Buffer | null
  readonly arrivedAt: Date
  readonly dueAt: Date
}

export type ReviewItemRow = NewReviewItem & {
  readonly decision: ReviewDecision | null
  readonly decisionScope: Scope | null
  readonly decidedAt: Date | null
  readonly decidedBy: string | null
  readonly note: string | null
  readonly recorded: readonly { readonly subjectKey: string; readonly choiceId: string }[] | null
  readonly forgottenAt: Date | null
}

export type ReviewSubjectRow = {
  readonly contactKey: string
  readonly type: ContactPointType
  /** 0 where only the key is known. */
  readonly fingerprint: bigint
}

const columns = `id, contact_key as "contactKey", source, kind, reason, excerpt, sender, language, brand,
  proposed_scope as "proposedScope", proof_hash as "proofHash", arrived_at as "arrivedAt", due_at as "dueAt", decision,
  decision_scope as "decisionScope", decided_at as "decidedAt", decided_by as "decidedBy", note, recorded,
  forgotten_at as "forgottenAt"`

/** With everybody whose marketing waits for it. */
export async function insertReviewItem(
  tx: Transaction,
  row: NewReviewItem,
  subjects: readonly ReviewSubjectRow[],
): Promise<void> {
  const text = `insert into review_items (id, contact_key, source, kind, reason, excerpt, sender, language, brand,
      proposed_scope, proof_hash, arrived_at, due_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (id) do nothing`
  const { id, contactKey, source, kind, reason, excerpt, sender, language, brand, proofHash, arrivedAt, dueAt } = row
  const proposed = row.proposedScope === null ? null : JSON.stringify(row.proposedScope)
  const words = [excerpt, sender, language, brand, proposed]
  await tx.execute(text, [id, contactKey, source, kind, reason, ...words, proofHash, arrivedAt, dueAt])
  await insertReviewSubjects(tx, id, subjects)
}

export async function insertReviewSubjects(
  tx: Transaction,
  itemId: string,
  subjects: readonly ReviewSubjectRow[],
): Promise<void> {
  const text = `insert into review_subjects (contact_key, item_id, type, fingerprint)
    select contact_key, $2, type, fingerprint
    from unnest($1::uuid[], $3::text[], $4::bigint[]) as new (contact_key, type, fingerprint)
    on conflict (contact_key, item_id) do nothing`
  const keys = subjects.map((one) => one.contactKey)
  await tx.execute(text, [keys, itemId, subjects.map((one) => one.type), subjects.map((one) => one.fingerprint)])
}

/** In the order of their keys, which is the order of locking. */
export async function listReviewSubjects(db: Queryable, itemId: string): Promise<ReviewSubjectRow[]> {
  const text = `select contact_key as "contactKey", type, fingerprint from review_subjects
    where item_id = $1 order by contact_key`
  return db.query<ReviewSubjectRow>(text, [itemId])
}

/** What still waits, the most urgent first. */
export async function listOpenReviewItems(db: Queryable, limit: number, afterId?: string): Promise<ReviewItemRow[]> {
  const text = `select ${columns} from review_items
    where decided_at is null
      and ($2::uuid is null or (due_at, id) > (select due_at, id from review_items where id = $2::uuid))
    order by due_at, id limit $1`
  return db.query<ReviewItemRow>(text, [limit, afterId ?? null])
}

/** Who decides what is recognised as no no: the reader of words, and no human. */
export const decidedByReader = 'reader'

/** What was decided, the latest first: by humans and deadlines, or by the reader. */
export async function listDecidedReviewItems(
  db: Queryable,
  limit: number,
  afterId?: string,
  by: 'human' | 'reader' = 'human',
): Promise<ReviewItemRow[]> {
  const text = `select ${columns} from review_items
    where decided_at is not null and (decided_by = '${decidedByReader}') = $3
      and ($2::uuid is null or (decided_at, id) < (select decided_at, id from review_items where id = $2::uuid))
    order by decided_at desc, id desc limit $1`
  return db.query<ReviewItemRow>(text, [limit, afterId ?? null, by === 'reader'])
}

export async function findReviewItem(db: Queryable, id: string): Promise<ReviewItemRow | undefined> {
  return (await db.query<ReviewItemRow>(`select ${columns} from review_items where id = $1`, [id]))[0]
}

/** Two people who decide the same item wait for each other here. */
export async function lockReviewItem(tx: Transaction, id: string): Promise<ReviewItemRow | undefined> {
  return (await tx.query<ReviewItemRow>(`select ${columns} from review_items where id = $1 for update`, [id]))[0]
}

/** Items past their deadline where silence is taken for a no, the oldest first. */
export async function listOverdueReviewItems(db: Queryable, now: number, limit: number): Promise<{ id: string }[]> {
  const text = `select id from review_items
    where decided_at is null and due_at <= $1 and proposed_scope is not null order by due_at, id limit $2`
  return db.query<{ id: string }>(text, [new Date(now), limit])
}

export type DecisionToMark = {
  readonly decision: ReviewDecision
  readonly scope: Scope | null
  readonly by: string
  readonly note: string | null
  readonly recorded: readonly { readonly subjectKey: string; readonly choiceId: string }[]
}

/** False when it had been decided already. */
export async function markReviewDecided(
  tx: Transaction,
  id: string,
  decision: DecisionToMark,
  now: number,
): Promise<boolean> {
  const text = `update review_items set decided_at = $2, decision = $3, decision_scope = $4, decided_by = $5, note = $6,
      recorded = $7 where id = $1 and decided_at is null`
  const scope = decision.scope === null ? null : JSON.stringify(decision.scope)
  const values = [scope, decision.by, decision.note, JSON.stringify(decision.recorded)]
  return (await tx.execute(text, [id, new Date(now), decision.decision, ...values])) === 1
}

/** It waits again, until `dueAt`. */
export async function reopenReviewItem(tx: Transaction, id: string, dueAt: number): Promise<void> {
  const text = `update review_items set decided_at = null, decision = null, decision_scope = null, decided_by = null,
      note = null, recorded = null, due_at = $2 where id = $1`
  await tx.execute(text, [id, new Date(dueAt)])
}

/** After an erasure: nobody's words or address stay; that something waited, and until when, does. */
export async function forgetReviewItems(tx: Transaction, contactKeys: readonly string[], now: number): Promise<void> {
  await tx.execute(
    `update review_items set excerpt = null, sender = null, note = null, forgotten_at = coalesce(forgotten_at, $2)
     where contact_key = any($1::uuid[])
       or id in (select item_id from review_subjects where contact_key = any($1::uuid[]))`,
    [contactKeys, new Date(now)],
  )
}

/** The words of what was decided before `decidedBefore`; returns how many items lost theirs. */
export async function forgetDecidedWords(tx: Transaction, decidedBefore: number, now: number): Promise<number> {
  const text = `update review_items set excerpt = null, sender = null, note = null, forgotten_at = $2
    where decided_at < $1 and forgotten_at is null`
  return tx.execute(text, [new Date(decidedBefore), new Date(now)])
}

export type ReviewCounts = { readonly open: number; readonly overdue: number; readonly oldestArrivedAt: number | null }

export async function countOpenReviewItems(db: Queryable, now: number): Promise<ReviewCounts> {
  const text = `select count(*)::int as open, (count(*) filter (where due_at <= $1))::int as overdue,
      min(arrived_at) as oldest from review_items where decided_at is null`
  const [row] = await db.query<{ open: number; overdue: number; oldest: Date | null }>(text, [new Date(now)])
  return {
    open: row?.open ?? 0,
    overdue: row?.overdue ?? 0,
    oldestArrivedAt: row?.oldest?.getTime() ?? null,
  }
}
