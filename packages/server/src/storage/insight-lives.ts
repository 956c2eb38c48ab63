import type { Queryable, Transaction } from './database.ts'
import { commitWithoutWaiting } from './insight-days.ts'
import type { BehindRow } from './insight-people.ts'

/** Four weeks: how often somebody is written to in them is their cadence, and their life is counted from their end. */
export const earlyDays = 28

const addSends = `
  insert into insight_cohorts (contact_key, brand, first_on, last_on, early_sends)
  select sent.contact_key, sent.brand, $1::date, $1::date, count(*)::int from (
    select s.subject_key as contact_key, s.brand, s.id from sends s
    join contact_points p on p.key = s.subject_key and p.type <> 'customer'
    where s.sent_at >= $1 and s.sent_at < $2
    union
    select contact_key, brand, id from relayed_mails where recorded_at >= $1 and recorded_at < $2 and outcome = 'sent'
  ) sent
  group by sent.contact_key, sent.brand
  on conflict (contact_key, brand) do update set last_on = excluded.last_on,
    early_sends = insight_cohorts.early_sends
      + case when excluded.last_on < insight_cohorts.first_on + ${earlyDays} then excluded.early_sends else 0 end`

/** A no reaches the person's other contact points: whoever is tied to the one who said it has left as well. */
const addNoes = `
  with said as (
    select subject_key, brand from choices
    where recorded_at >= $1 and recorded_at < $2 and kind = 'objection' and withdrawn_at is null
  ), reached as (
    select subject_key as contact_key, brand from said
    union
    select t.contact_key, said.brand from said join relation_contact_points t on t.relation_key = said.subject_key
    union
    select t.contact_key, said.brand from said
    join contact_point_relations r on r.contact_key = said.subject_key and r.ended_at is null
    join relation_contact_points t on t.relation_key = r.relation_key and t.ended_at is null
  )
  update insight_cohorts c set left_on = $1::date from reached
  where c.contact_key = reached.contact_key and (reached.brand is null or reached.brand = c.brand) and c.left_on is null`

/** Adds one whole day to what is known of how long people stay; to be done once a day and in their order. */
export async function addDayToLives(tx: Transaction, day: Date): Promise<void> {
  await commitWithoutWaiting(tx)
  const range = [day, new Date(day.getTime() + 86_400_000)]
  await tx.execute(addSends, range)
  await tx.execute(addNoes, range)
}

export type LifeRow = {
  readonly brand: string
  readonly cadence: string
  readonly weeks: number
  readonly gone: number
  readonly staying: number
}

/** The fewest and the most messages of the first four weeks that are called so. */
const cadenceRanges = [
  { cadence: 'one', from: 0, to: 1 },
  { cadence: 'four', from: 2, to: 4 },
  { cadence: 'eight', from: 5, to: 8 },
  { cadence: 'more', from: 9, to: 2_147_483_647 },
] as const

const cadenceOf = `case ${cadenceRanges.map(({ cadence, to }) => `when early_sends <= ${to} then '${cadence}'`).join(' ')} end`

/** One slice of the people, by the first byte of their key, so that counting all of them never holds the database long. */
export async function countLives(db: Queryable, slice: number, through: string): Promise<LifeRow[]> {
  const low = slice.toString(16).padStart(2, '0')
  const text = `select brand,
      ${cadenceOf} as cadence,
      (greatest(0, coalesce(left_on, $3::date) - first_on - ${earlyDays}) / 7)::int as weeks,
      count(left_on)::int as gone, (count(*) - count(left_on))::int as staying
    from insight_cohorts
    where contact_key >= $1::uuid and contact_key <= $2::uuid and coalesce(left_on, $3::date) >= first_on + ${earlyDays}
    group by 1, 2, 3`
  const [first, last] = [`${low}000000-0000-0000-0000-000000000000`, `${low}ffffff-ffff-ffff-ffff-ffffffffffff`]
  return db.query<LifeRow>(text, [first, last, through])
}

/** Some of those whose stay is counted, as they are found: whoever is first says nothing, and no order is paid for. */
export async function listLivesOf(
  db: Queryable,
  wanted: { readonly brand: string; readonly cadence: string; readonly through: string; readonly limit: number },
): Promise<BehindRow[]> {
  const { brand, cadence, through, limit } = wanted
  const text = `select c.contact_key as "subjectKey", c.first_on::timestamp at time zone 'UTC' as at, '' as signal,
      '' as reason, p.type, p.value as contact
    from (
      select contact_key, first_on from insight_cohorts
      where brand = $1 and early_sends between $2 and $5 and coalesce(left_on, $3::date) >= first_on + ${earlyDays} limit $4
    ) c
    left join contact_points p on p.key = c.contact_key
    order by c.contact_key`
  const range = cadenceRanges.find((one) => one.cadence === cadence)
  return range === undefined ? [] : db.query<BehindRow>(text, [brand, range.from, through, limit, range.to])
}

export async function replaceLives(tx: Transaction, rows: readonly LifeRow[]): Promise<void> {
  await tx.execute('delete from insight_survival')
  const text = `insert into insight_survival (brand, cadence, weeks, gone, staying)
    select brand, cadence, weeks, gone, staying from jsonb_to_recordset($1::jsonb)
      as new (brand text, cadence text, weeks int, gone int, staying int)`
  await tx.execute(text, [JSON.stringify(rows)])
}

export async function listLives(db: Queryable, brand: string): Promise<LifeRow[]> {
  const text = `select brand, cadence, weeks, gone, staying from insight_survival where brand = $1 order by cadence, weeks`
  return db.query<LifeRow>(text, [brand])
}

/** Whom an alternative keeps is known when this has passed. */
export const keptDays = 90

/**
 * The no of whom an alternative of the leave `l` did not keep: said by the same address or number, by another one of the
 * person, or for the person as a whole.
 */
export const noAgain = `left join lateral (
    select said.id from (
      select l.subject_key as key
      union all select whole.contact_key from relation_contact_points whole
      where whole.relation_key = l.subject_key and whole.ended_at is null
      union all select r.relation_key from contact_point_relations r
      where r.contact_key = l.subject_key and r.ended_at is null
      union all select other.contact_key from contact_point_relations r
      join relation_contact_points other on other.relation_key = r.relation_key and other.ended_at is null
      where r.contact_key = l.subject_key and r.ended_at is null
    ) person
    cross join lateral (
      select c.id from choices c
      where c.subject_key = person.key and c.kind = 'objection' and c.withdrawn_at is null
        and c.recorded_at > l.answered_at + interval '1 second'
        and c.recorded_at < l.answered_at + make_interval(days => ${keptDays}) limit 1
    ) said
    limit 1
  ) again on true`

const insertKept = `
  insert into insight_kept (brand, day, alternative, taken, passed, stayed)
  select l.brand, $1::date, l.alternative, count(*)::int,
    (count(*) filter (where l.answered_at < $3::timestamptz - make_interval(days => ${keptDays})))::int,
    (count(*) filter (where l.answered_at < $3::timestamptz - make_interval(days => ${keptDays})
      and l.state = 'narrowed' and again.id is null))::int
  from leaves l
  ${noAgain}
  where l.started_at >= $1 and l.started_at < $2 and l.alternative is not null and l.answered_at is not null
  group by l.brand, l.alternative`

/** Counts anew whom the alternatives taken after a day's noes keep. */
export async function countKept(tx: Transaction, day: Date, now: number): Promise<void> {
  await commitWithoutWaiting(tx)
  await tx.execute('delete from insight_kept where day = $1::date', [day])
  await tx.execute(insertKept, [day, new Date(day.getTime() + 86_400_000), new Date(now)])
}

export type KeptRow = {
  readonly alternative: string
  readonly taken: number
  readonly passed: number
  readonly stayed: number
}

export async function listKept(db: Queryable, brand: string, from: string, to: string): Promise<KeptRow[]> {
  const text = `select alternative, sum(taken)::int as taken, sum(passed)::int as passed, sum(stayed)::int as stayed
    from insight_kept where brand = $1 and day >= $2::date and day <= $3::date
    group by alternative order by taken desc, alternative`
  return db.query<KeptRow>(text, [brand, from, to])
}
