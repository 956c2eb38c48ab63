import type { Channel } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

/** What was answered to one question. */
export type LeaveAnswerRow = {
  readonly subjectKey: string
  readonly choiceId: string
  readonly question: string
  readonly picked: readonly string[]
  readonly hasWords: boolean
  readonly formVersion: number
  readonly brand: string
  readonly topic: string | null
  readonly channel: Channel
  readonly campaign: string | null
  readonly answeredAt: Date
}

const insertMany = `insert into leave_answers (subject_key, choice_id, question, picked, has_words, form_version, brand,
    topic, channel, campaign, answered_at)
  select subject_key, choice_id, question, picked, has_words, form_version, brand, topic, channel, campaign, answered_at
  from jsonb_to_recordset($1::jsonb) as new (subject_key uuid, choice_id uuid, question text, picked text[],
    has_words boolean, form_version int, brand text, topic text, channel text, campaign text, answered_at timestamptz)`

/** Answers given about a choice take the place of those given about it before. */
export async function replaceLeaveAnswers(
  tx: Transaction,
  subjectKey: string,
  choiceId: string,
  rows: readonly Omit<LeaveAnswerRow, 'subjectKey' | 'choiceId'>[],
): Promise<void> {
  await tx.execute('delete from leave_answers where subject_key = $1 and choice_id = $2', [subjectKey, choiceId])
  if (rows.length === 0) return
  const stored = rows.map((row) => ({
    subject_key: subjectKey,
    choice_id: choiceId,
    question: row.question,
    picked: row.picked,
    has_words: row.hasWords,
    form_version: row.formVersion,
    brand: row.brand,
    topic: row.topic,
    channel: row.channel,
    campaign: row.campaign,
    answered_at: row.answeredAt.toISOString(),
  }))
  await tx.execute(insertMany, [JSON.stringify(stored)])
}

/** What the person did last since the choice they were asked about, that choice included. */
export const afterwards = ['left', 'narrowed', 'paused', 'came_back'] as const
export type Afterwards = (typeof afterwards)[number]

/** How often one thing was answered, by what brought the people and by what they did afterwards. */
export type AnswerCount = {
  readonly formVersion: number
  readonly question: string
  /** Null for free text. */
  readonly picked: string | null
  readonly topic: string | null
  readonly channel: Channel
  readonly campaign: string | null
  readonly afterwards: Afterwards
  readonly count: number
}

/**
 * An act may record several choices within a moment: a pause taken instead of a no is the consents that reopen and the
 * pause. The alternative names the act, then a no, then a consent.
 */
const actMs = 1_000

const countByBrand = `
  select a.form_version as "formVersion", a.question, p.picked, a.topic, a.channel, a.campaign, a.afterwards,
    count(*)::int as count
  from (
    select answers.*, case
        when last.has_pause then 'paused'
        when last.has_cadence then 'narrowed'
        when last.has_wide_no then 'left'
        when last.has_narrow_no then 'narrowed'
        when last.has_wide_yes then 'came_back'
        when last.has_narrow_yes then 'narrowed'
        else 'came_back'
      end as afterwards
    from leave_answers answers
    join choices about on about.subject_key = answers.subject_key and about.id = answers.choice_id
    left join lateral (
      select bool_or(kind = 'pause') as has_pause, bool_or(kind = 'cadence') as has_cadence,
        bool_or(kind = 'objection' and is_wide) as has_wide_no,
        bool_or(kind = 'objection' and is_wide is false) as has_narrow_no,
        bool_or(kind = 'consent' and is_wide) as has_wide_yes,
        bool_or(kind = 'consent' and is_wide is false) as has_narrow_yes
      from (
        select kind, channel is null and topic is null as is_wide, recorded_at, max(recorded_at) over () as latest_at
        from choices
        where subject_key = answers.subject_key and author in ('person', 'agent') and withdrawn_at is null
          and recorded_at >= about.recorded_at
      ) since
      where recorded_at >= latest_at - make_interval(secs => $4::float8 / 1000)
    ) last on true
    where answers.brand = $1 and answers.answered_at >= $2 and answers.answered_at < $3
  ) a
  left join lateral unnest(a.picked) as p (picked) on true
  group by 1, 2, 3, 4, 5, 6, 7
  order by 1, 2, count desc, 3, 4, 5, 6, 7
  limit $5`

/** Answers about one brand's messages, given from `from` up to and not including `to`. A choice taken back is nothing said. */
export async function countLeaveAnswers(
  db: Queryable,
  wanted: { readonly brand: string; readonly from: number; readonly to: number; readonly limit: number },
): Promise<AnswerCount[]> {
  const { brand, from, to, limit } = wanted
  return db.query<AnswerCount>(countByBrand, [brand, new Date(from), new Date(to), actMs, limit])
}
