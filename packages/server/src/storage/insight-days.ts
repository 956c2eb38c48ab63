import type { Queryable, Transaction } from './database.ts'

/** What is counted: noes, pauses, a lower cadence, how it was asked after a no, noes within a minute of a mail, messages. */
export const measures = ['left', 'paused', 'less', 'asked', 'scanner', 'sent'] as const
export type Measure = (typeof measures)[number]
/** By what it is counted. `answer` is of `asked` alone. */
export const dimensions = [
  'all',
  'topic',
  'campaign',
  'signal',
  'reason',
  'language',
  'age',
  'since_send',
  'answer',
] as const
export type Dimension = (typeof dimensions)[number]

/**
 * What people said from $1 to before $2, with what each is counted by. Not what a controller or an import brought in:
 * nobody left that day. A word taken back was not said. A no within a minute of a message is quicker than most people
 * read; a scanner that follows links may have said it.
 */
export const saidBetween = `
  select c.subject_key, c.id, c.recorded_at, c.signal, c.kind, v.brand, v.channel,
    case c.kind when 'objection' then 'left' when 'pause' then 'paused' else 'less' end as measure,
    coalesce(c.origin ->> 'topic', c.topic, '') as topic,
    coalesce(c.origin ->> 'campaign', '') as campaign,
    coalesce(c.reason, '') as reason,
    coalesce(own.language, tied.language, '') as language,
    case when coalesce(own.customer_since, tied.customer_since) is null then ''
      when coalesce(own.customer_since, tied.customer_since) > c.recorded_at::date - 30 then 'month'
      when coalesce(own.customer_since, tied.customer_since) > c.recorded_at::date - 182 then 'half_year'
      when coalesce(own.customer_since, tied.customer_since) > c.recorded_at::date - 365 then 'year'
      when coalesce(own.customer_since, tied.customer_since) > c.recorded_at::date - 1095 then 'three_years'
      else 'longer' end as age,
    case when v.sent_at is null then ''
      when v.sent_at > c.recorded_at - interval '1 minute' then 'minute'
      when v.sent_at > c.recorded_at - interval '1 hour' then 'hour'
      when v.sent_at > c.recorded_at - interval '1 day' then 'day'
      when v.sent_at > c.recorded_at - interval '3 days' then 'three_days'
      when v.sent_at > c.recorded_at - interval '7 days' then 'week'
      else 'later' end as since_send
  from choices c
  left join relations own on own.key = c.subject_key
  left join lateral (
    select r.language, r.customer_since from contact_point_relations t join relations r on r.key = t.relation_key
    where t.contact_key = c.subject_key and t.ended_at is null order by t.linked_at limit 1
  ) tied on true
  cross join lateral (
    select coalesce(c.origin ->> 'brand', c.brand, '') as brand, coalesce(c.origin ->> 'channel', c.channel, '') as channel,
      greatest(
        (select max(s.sent_at) from sends s where s.subject_key = c.subject_key and s.sent_at <= c.recorded_at),
        (select max(m.recorded_at) from relayed_mails m
         where m.contact_key = c.subject_key and m.outcome = 'sent' and m.recorded_at <= c.recorded_at)
      ) as sent_at
  ) v
  where c.recorded_at >= $1 and c.recorded_at < $2 and c.kind in ('objection', 'pause', 'cadence')
    and c.withdrawn_at is null and c.author <> 'controller' and c.signal <> 'import'`

/** What something said is counted under, by dimension. */
export const countedUnder: Readonly<Record<Exclude<Dimension, 'answer'>, string>> = {
  all: "''",
  topic: 'said.topic',
  campaign: 'said.campaign',
  signal: 'said.signal',
  reason: 'said.reason',
  language: 'said.language::text',
  age: 'said.age',
  since_send: 'said.since_send',
}

/** Each thing said under each of its values. */
const byDimension = `lateral (values ${Object.entries(countedUnder)
  .map(([dimension, value]) => `('${dimension}', ${value})`)
  .join(', ')}) as by_value (dimension, value)`

const insertSaid = `with said as materialized (${saidBetween})
  insert into insight_daily (brand, dimension, day, channel, measure, value, count)
  select brand, dimension, $1::date, channel, measure, value, count(*)::int from (
    select said.brand, by_value.dimension, said.channel, said.measure, by_value.value from said cross join ${byDimension}
    union all
    select said.brand, by_value.dimension, said.channel, 'scanner', by_value.value from said cross join ${byDimension}
    where said.since_send = 'minute' and said.measure = 'left' and said.signal in ('one_click', 'page')
  ) counted
  group by brand, dimension, channel, measure, value`

const insertAsked = `insert into insight_daily (brand, dimension, day, channel, measure, value, count)
  select brand, by_value.dimension, $1::date, channel, 'asked', by_value.value, count(*)::int
  from leaves cross join lateral (values ('all', ''), ('answer', policy || ':' || state)) as by_value (dimension, value)
  where started_at >= $1 and started_at < $2
  group by brand, by_value.dimension, channel, by_value.value`

/**
 * A message counted at the gate stands under several subjects with one id; one that the relay passed on is in both
 * tables. What a system that asks nobody reports has no topic.
 */
const sentBetween = `
  select brand, channel, topic, campaign, count(*)::int as count from (
    select s.id, s.brand, s.channel, s.topic, coalesce(max(s.campaign), '') as campaign from sends s
    where s.sent_at >= $1 and s.sent_at < $2 group by s.id, s.brand, s.channel, s.topic
  ) claimed
  left join (
    select id as relayed_id from relayed_mails
    where recorded_at >= $1::timestamptz - interval '1 hour' and recorded_at < $2::timestamptz + interval '1 hour'
      and outcome = 'sent'
  ) relayed on relayed_id = claimed.id
  where relayed_id is null
  group by brand, channel, topic, campaign
  union all
  select brand, 'email', topic, coalesce(campaign, ''), count(*)::int from relayed_mails
  where recorded_at >= $1 and recorded_at < $2 and outcome = 'sent' group by brand, topic, campaign
  union all
  select brand, channel, '', campaign, sum(sends)::int from campaign_sends where sent_on = $1::date
  group by brand, channel, campaign`

const insertSent = `insert into insight_daily (brand, dimension, day, channel, measure, value, count)
  select sent.brand, by_value.dimension, $1::date, sent.channel, 'sent', by_value.value, sum(sent.count)::int
  from (${sentBetween}) sent
  cross join lateral (values ('all', ''), ('topic', sent.topic), ('campaign', sent.campaign)) as by_value (dimension, value)
  group by sent.brand, by_value.dimension, sent.channel, by_value.value
  on conflict (brand, dimension, day, channel, measure, value)
    do update set count = greatest(insight_daily.count, excluded.count)`

const insertMonth = `insert into insight_monthly (brand, dimension, month, channel, measure, value, count)
  select brand, dimension, $1::date, channel, measure, value, sum(count) from insight_daily
  where day >= $1::date and day < $1::date + interval '1 month'
  group by brand, dimension, channel, measure, value`

/** Counts can be made again, so they need not wait for the disk, and leave it to the noes: commits keep their order. */
export async function commitWithoutWaiting(tx: Transaction): Promise<void> {
  await tx.execute('set local synchronous_commit = off')
}

/**
 * Counts one day anew, and sums its month. What was sent is counted anew only while `keepsSent` is false: once the messages
 * themselves are forgotten, what was counted of them before is all there is.
 */
export async function countDay(tx: Transaction, day: Date, keepsSent: boolean): Promise<void> {
  await commitWithoutWaiting(tx)
  const range = [day, new Date(day.getTime() + 86_400_000)]
  const text = `delete from insight_daily where day = $1::date and ($2 or measure <> 'sent')`
  await tx.execute(text, [day, !keepsSent])
  await tx.execute(insertSaid, range)
  await tx.execute(insertAsked, range)
  await tx.execute(insertSent, range)
  const month = [`${day.toISOString().slice(0, 7)}-01`]
  await tx.execute('delete from insight_monthly where month = $1::date', month)
  await tx.execute(insertMonth, month)
}

/** Locks the progress of a count, so that two workers never count one day at once; undefined where it never began. */
export async function lockProgress(
  tx: Transaction,
  id: string,
): Promise<{ through: string; workedAt: Date } | undefined> {
  await tx.execute(
    `insert into insight_progress (id, through, worked_at) values ($1, '0001-01-01', to_timestamp(0))
     on conflict (id) do nothing`,
    [id],
  )
  const text = `select through::text, worked_at as "workedAt" from insight_progress where id = $1 for update`
  const [row] = await tx.query<{ through: string; workedAt: Date }>(text, [id])
  return row === undefined || row.workedAt.getTime() === 0 ? undefined : row
}

export async function findProgress(
  db: Queryable,
  id: string,
): Promise<{ through: string; workedAt: Date } | undefined> {
  const text = `select through::text, worked_at as "workedAt" from insight_progress where id = $1 and worked_at > to_timestamp(0)`
  return (await db.query<{ through: string; workedAt: Date }>(text, [id]))[0]
}

export async function saveProgress(tx: Transaction, id: string, through: string, now: number): Promise<void> {
  const text = `update insight_progress set through = greatest(through, $2::date), worked_at = $3 where id = $1`
  await tx.execute(text, [id, through, new Date(now)])
}

/** Everything is counted again at the next look. */
export async function forgetProgress(tx: Transaction): Promise<void> {
  await tx.execute('delete from insight_progress')
  await tx.execute('delete from insight_cohorts')
}

/** The first day on which anything was said or sent; undefined in an empty hub. */
export async function firstDay(db: Queryable): Promise<string | undefined> {
  const text = `select least((select min(recorded_at) from choices), (select min(sent_at) from sends),
    (select min(recorded_at) from relayed_mails), (select min(sent_on) from campaign_sends))::date::text as day`
  return (await db.query<{ day: string | null }>(text))[0]?.day ?? undefined
}
