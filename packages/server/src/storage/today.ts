import type { Channel, Scope } from '@verzet/core'
import type { Queryable } from './database.ts'

/** How many noes were recorded since a moment, by where and how they were said. */
export type NoCountRow = {
  /** Null where nothing says by which channel. */
  readonly channel: Channel | null
  readonly signal: string
  readonly noes: number
  /** Of those that were heard as they were said: how many held within a second and a minute, and the slowest, in ms. */
  readonly timed: number
  readonly withinSecond: number
  readonly withinMinute: number
  readonly slowestMs: number | null
}

/** What was written down elsewhere before says nothing about how fast the hub is. */
const heardLater = ['import', 'api', 'review', 'review_deadline', 'return_post']

/** Bounded by the index on the moment of recording: a day of noes, not all of them. */
const countSince = {
  name: 'today-count-noes',
  text: `select origin ->> 'channel' as channel, signal, count(*)::int as noes,
      (count(*) filter (where is_timed))::int as timed,
      (count(*) filter (where is_timed and took <= interval '1 second'))::int as "withinSecond",
      (count(*) filter (where is_timed and took <= interval '1 minute'))::int as "withinMinute",
      (extract(epoch from max(took) filter (where is_timed)) * 1000)::float8 as "slowestMs"
    from (
      select origin, signal, greatest(recorded_at - said_at, interval '0') as took,
        author in ('person', 'provider') and said_at is not null and not signal = any($2::text[]) as is_timed
      from choices where recorded_at >= $1 and kind = 'objection' and withdrawn_at is null
    ) as said
    group by origin ->> 'channel', signal order by noes desc, signal`,
}

export async function countNoesSince(db: Queryable, since: number): Promise<NoCountRow[]> {
  return db.query<NoCountRow>(countSince, [new Date(since), heardLater])
}

export type LatestNoRow = {
  readonly id: string
  readonly recordedAt: Date
  readonly signal: string
  readonly channel: Channel | null
  readonly scope: Scope
}

/** The latest first; names nobody. */
export async function listLatestNoes(db: Queryable, since: number, limit: number): Promise<LatestNoRow[]> {
  const text = `select id, recorded_at as "recordedAt", signal, origin ->> 'channel' as channel,
      jsonb_strip_nulls(jsonb_build_object('brand', brand, 'channel', choices.channel, 'topic', topic)) as scope
    from choices where recorded_at >= $1 and kind = 'objection' and withdrawn_at is null
    order by recorded_at desc, id desc limit $2`
  return db.query<LatestNoRow>({ name: 'today-latest-noes', text }, [new Date(since), limit])
}

export type OwedMessages = {
  readonly lateMails: number
  readonly lateTexts: number
}

/** What the hub owed somebody before a moment and could not send: one that is to wait by intention is not late. */
export async function countLateMessages(db: Queryable, owedBefore: number): Promise<OwedMessages> {
  const text = `select (select count(*)::int from outbound_mails
        where sent_at is null and failed_at is null and created_at < $1 and (attempts > 0 or next_attempt_at < $1)
      ) as "lateMails", (select count(*)::int from outbound_texts
        where sent_at is null and failed_at is null and created_at < $1 and (attempts > 0 or next_attempt_at < $1)
      ) as "lateTexts"`
  const [row] = await db.query<OwedMessages>(text, [new Date(owedBefore)])
  return row ?? { lateMails: 0, lateTexts: 0 }
}

/** How many of each kind the privacy officer has not seen. */
export async function countOpenAlerts(db: Queryable): Promise<{ readonly kind: string; readonly open: number }[]> {
  const text = `select kind, count(*)::int as open from alerts cross join lateral unnest(kinds) as named (kind)
    where seen_at is null group by kind order by kind`
  return db.query(text)
}

/** When the feed last moved; null while nothing ever changed. */
export async function readLastChangeAt(db: Queryable): Promise<Date | null> {
  const text = `select max(latest.recorded_at) as at from partitions p
    cross join lateral (
      select recorded_at from changes c where c.partition = p.partition and c.seq = p.last_seq
    ) as latest`
  const [row] = await db.query<{ at: Date | null }>(text)
  return row?.at ?? null
}
