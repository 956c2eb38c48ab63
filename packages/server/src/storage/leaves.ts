import { type Channel, type LeaveState, type LeavingPolicy, leaveStatesBefore, type Scope } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

/** A no that was said on the personal page, and what became of it. Its id is the choice's. */
export type LeaveRow = {
  readonly subjectKey: string
  readonly id: string
  readonly scope: Scope
  readonly brand: string
  readonly topic: string | null
  readonly channel: Channel
  readonly campaign: string | null
  readonly policy: LeavingPolicy
  readonly state: LeaveState
  readonly link: string
  readonly startedAt: Date
  readonly askedAt: Date | null
  readonly closesAt: Date | null
  readonly answeredAt: Date | null
  readonly alternative: string | null
}

export type NewLeave = {
  readonly subjectKey: string
  readonly id: string
  readonly scope: Scope
  readonly brand: string
  readonly topic?: string
  readonly channel: Channel
  readonly campaign?: string
  readonly policy: LeavingPolicy
  readonly state: 'first_act' | 'asked'
  readonly link: string
  readonly startedAt: number
  /** Absent where nothing is asked. */
  readonly closesAt?: number
}

const columns = `subject_key as "subjectKey", id, scope, brand, topic, channel, campaign, policy, state, link,
  started_at as "startedAt", asked_at as "askedAt", closes_at as "closesAt", answered_at as "answeredAt", alternative`

const insertMany = {
  name: 'leaves-insert',
  text: `insert into leaves (subject_key, id, scope, brand, topic, channel, campaign, policy, state, link, started_at,
      asked_at, closes_at)
    select subject_key, id, scope, brand, topic, channel, campaign, policy, state, link, started_at,
      case when state = 'asked' then started_at end, closes_at
    from jsonb_to_recordset($1::jsonb) as new (subject_key uuid, id uuid, scope jsonb, brand text, topic text,
      channel text, campaign text, policy text, state text, link uuid, started_at timestamptz, closes_at timestamptz)
    on conflict (subject_key, id) do nothing`,
}

/** Recording the same leave (its id) again changes nothing. */
export async function insertLeaves(tx: Transaction, leaves: readonly NewLeave[]): Promise<void> {
  if (leaves.length === 0) return
  const rows = leaves.map(({ subjectKey, startedAt, closesAt, ...rest }) => ({
    ...rest,
    subject_key: subjectKey,
    started_at: new Date(startedAt).toISOString(),
    closes_at: closesAt === undefined ? null : new Date(closesAt).toISOString(),
  }))
  await tx.execute(insertMany, [JSON.stringify(rows)])
}

export async function findLeave(db: Queryable, subjectKey: string, id: string): Promise<LeaveRow | undefined> {
  const text = `select ${columns} from leaves where subject_key = $1 and id = $2`
  return (await db.query<LeaveRow>({ name: 'leaves-find', text }, [subjectKey, id]))[0]
}

/** The leaves of one subject since a moment, the newest first. */
export async function listLeaves(db: Queryable, subjectKey: string, since: number): Promise<LeaveRow[]> {
  const text = `select ${columns} from leaves where subject_key = $1 and started_at >= $2 order by started_at desc, id desc`
  return db.query<LeaveRow>({ name: 'leaves-list', text }, [subjectKey, new Date(since)])
}

export type LeaveMove = {
  readonly subjectKey: string
  readonly id: string
  readonly state: Exclude<LeaveState, 'first_act'>
  readonly alternative?: string
  /** The first choice that the answer was recorded as. */
  readonly answeredBy?: string
}

/** Brings a leave into a state, unless it is past it; false when nothing moved. */
export async function moveLeave(tx: Transaction, move: LeaveMove, now: number): Promise<boolean> {
  const text = `update leaves set state = $3, asked_at = case when $3 = 'asked' then $5 else asked_at end,
      answered_at = case when $3 in ('confirmed', 'narrowed', 'returned') then $5::timestamptz else answered_at end,
      alternative = coalesce($6, alternative), answered_by = coalesce($7::uuid, answered_by)
    where subject_key = $1 and id = $2 and state = any($4::text[])`
  const { subjectKey, id, state, alternative = null, answeredBy = null } = move
  const before = leaveStatesBefore(state)
  const values = [subjectKey, id, state, before, new Date(now), alternative, answeredBy]
  return (await tx.execute(text, values)) === 1
}

/** The answer was taken back, so the leave is as it was before: asked where something had been asked. */
export async function reopenLeaves(tx: Transaction, subjectKey: string, answeredBy: string): Promise<string[]> {
  const text = `update leaves set state = case when asked_at is null then 'first_act' else 'asked' end,
      answered_at = null, alternative = null, answered_by = null
    where subject_key = $1 and answered_by = $2 and state = 'narrowed' returning id`
  return (await tx.query<{ id: string }>(text, [subjectKey, answeredBy])).map(({ id }) => id)
}

/** What nobody answered in time, the longest overdue first. */
export async function listOverdueLeaves(db: Queryable, now: number, limit: number): Promise<LeaveRow[]> {
  const text = `select ${columns} from leaves where state in ('first_act', 'asked') and closes_at <= $1
    order by closes_at limit $2`
  return db.query<LeaveRow>(text, [new Date(now), limit])
}

export type LeaveFilter = {
  readonly brand?: string
  readonly topic?: string
  readonly since?: number
  readonly until?: number
}

export type LeaveCount = Pick<LeaveRow, 'brand' | 'topic' | 'policy' | 'state' | 'alternative'> & {
  readonly count: number
}

/** How many leaves of each kind began in a stretch of time; names nobody. */
export async function countLeaves(db: Queryable, filter: LeaveFilter): Promise<LeaveCount[]> {
  const text = `select brand, topic, policy, state, alternative, count(*)::int as count from leaves
    where ($1::text is null or brand = $1) and ($2::text is null or topic = $2)
      and ($3::timestamptz is null or started_at >= $3) and ($4::timestamptz is null or started_at < $4)
    group by brand, topic, policy, state, alternative
    order by brand, topic nulls first, policy, state, alternative nulls first`
  const { brand = null, topic = null, since, until } = filter
  const moment = (at: number | undefined) => (at === undefined ? null : new Date(at))
  return db.query<LeaveCount>(text, [brand, topic, moment(since), moment(until)])
}
