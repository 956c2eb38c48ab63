import type { Queryable, Transaction } from './database.ts'
import { countedUnder, type Dimension, type Measure, saidBetween } from './insight-days.ts'

export type Behind = {
  readonly brand: string
  readonly channel?: string
  readonly measure: Exclude<Measure, 'sent' | 'asked'>
  readonly dimension: Exclude<Dimension, 'answer'>
  readonly value: string
}

export type BehindRow = {
  readonly subjectKey: string
  /** When they said it or it reached them; of how long they stay, since when they are written to. */
  readonly at: Date
  /** '' where nothing was said. */
  readonly signal: string
  readonly reason: string
  readonly type: string | null
  readonly contact: string | null
}

/** Asked for by one value, so that nothing is looked up for what was said beside it. */
const behindOneDay = (dimension: Behind['dimension']) => `
  select said.subject_key as "subjectKey", said.recorded_at as at, said.signal, said.reason, p.type, p.value as contact
  from (${saidBetween}) said
  left join contact_points p on p.key = said.subject_key
  where said.brand in ($3, '') and ($4::text is null or said.channel = $4) and ${countedUnder[dimension]} = $6
    and case when $5 = 'scanner' then said.since_send = 'minute' and said.measure = 'left'
        and said.signal in ('one_click', 'page') else said.measure = $5 end
  order by said.recorded_at desc limit $7`

/** Who is behind a number of one day, the latest first. */
export async function listBehind(db: Queryable, day: Date, about: Behind, limit: number): Promise<BehindRow[]> {
  const { brand, channel = null, measure, dimension, value } = about
  const until = new Date(day.getTime() + 86_400_000)
  return db.query<BehindRow>(behindOneDay(dimension), [day, until, brand, channel, measure, value, limit])
}

export type SentBehind = Pick<Behind, 'brand' | 'channel' | 'value'> & {
  readonly dimension: 'all' | 'topic' | 'campaign'
}

/** One that was counted at the gate and passed on by the relay is one message; the person stands behind it by its address. */
const sentOneDay = `
  select sent.contact_key as "subjectKey", sent.at, '' as signal, '' as reason, p.type, p.value as contact
  from (
    select contact_key, id, min(at) as at from (
      select s.subject_key as contact_key, s.id, s.sent_at as at, s.brand, s.channel, s.topic, s.campaign from sends s
      join contact_points c on c.key = s.subject_key and c.type <> 'customer'
      where s.sent_at >= $1 and s.sent_at < $2
      union all
      select contact_key, id, recorded_at, brand, 'email', topic, campaign from relayed_mails
      where recorded_at >= $1 and recorded_at < $2 and outcome = 'sent'
    ) known
    where brand = $3 and ($4::text is null or channel = $4)
      and case $5 when 'topic' then topic = $6 when 'campaign' then coalesce(campaign, '') = $6 else true end
    group by contact_key, id
  ) sent
  left join contact_points p on p.key = sent.contact_key
  order by sent.at desc limit $7`

/** Whom the messages of one day went to, the latest first, as far as messages are remembered; a reported number names nobody. */
export async function listSentBehind(db: Queryable, day: Date, about: SentBehind, limit: number): Promise<BehindRow[]> {
  const { brand, channel = null, dimension, value } = about
  const until = new Date(day.getTime() + 86_400_000)
  return db.query<BehindRow>(sentOneDay, [day, until, brand, channel, dimension, value, limit])
}

export type CommentRow = {
  readonly subjectKey: string
  readonly choiceId: string
  readonly recordedAt: Date
  readonly comment: string
  readonly reason: string | null
  readonly topic: string | null
  readonly tags: readonly string[]
}

/** What people wrote in a stretch of time, the latest first. */
export async function listComments(
  db: Queryable,
  wanted: { readonly brand: string; readonly from: Date; readonly to: Date; readonly limit: number },
): Promise<CommentRow[]> {
  const text = `select c.subject_key as "subjectKey", c.id as "choiceId", c.recorded_at as "recordedAt", c.comment, c.reason,
      c.origin ->> 'topic' as topic,
      array(select tag from insight_comment_tags g where g.subject_key = c.subject_key and g.choice_id = c.id order by tag)
        as tags
    from choices c
    where c.comment is not null and c.recorded_at >= $1 and c.recorded_at < $2
      and coalesce(c.origin ->> 'brand', c.brand, $3) = $3
    order by c.recorded_at desc limit $4`
  return db.query<CommentRow>(text, [wanted.from, wanted.to, wanted.brand, wanted.limit])
}

/** The language each of these people reads, as far as it is known. */
export async function listLanguagesOf(db: Queryable, subjectKeys: readonly string[]): Promise<Map<string, string>> {
  const text = `select s.key as "subjectKey", coalesce(own.language, tied.language) as language
    from unnest($1::uuid[]) as s (key)
    left join relations own on own.key = s.key
    left join lateral (
      select r.language from contact_point_relations t join relations r on r.key = t.relation_key
      where t.contact_key = s.key and t.ended_at is null order by t.linked_at limit 1
    ) tied on true
    where coalesce(own.language, tied.language) is not null`
  const rows = await db.query<{ subjectKey: string; language: string }>(text, [subjectKeys])
  return new Map(rows.map(({ subjectKey, language }) => [subjectKey, language]))
}

export type CommentTag = { readonly subjectKey: string; readonly choiceId: string; readonly tag: string }

/** False where the comment has it already, or is none. */
export async function insertCommentTag(tx: Transaction, tag: CommentTag, actor: string, now: number): Promise<boolean> {
  const text = `insert into insight_comment_tags (subject_key, choice_id, tag, tagged_at, tagged_by)
    select c.subject_key, c.id, $3::text, $4::timestamptz, $5::text from choices c
    where c.subject_key = $1 and c.id = $2 and c.comment is not null
    on conflict (subject_key, choice_id, tag) do nothing`
  return (await tx.execute(text, [tag.subjectKey, tag.choiceId, tag.tag, new Date(now), actor])) === 1
}

/** False where the comment does not have it. */
export async function deleteCommentTag(tx: Transaction, tag: CommentTag): Promise<boolean> {
  const text = 'delete from insight_comment_tags where subject_key = $1 and choice_id = $2 and tag = $3'
  return (await tx.execute(text, [tag.subjectKey, tag.choiceId, tag.tag])) === 1
}
