import type { Channel } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

export type CampaignRef = { readonly brand: string; readonly campaign: string }

/** The campaigns that were seen last, the newest first; `named` is a part of the name in any case. */
export async function listRecentCampaigns(
  db: Queryable,
  wanted: { readonly brand?: string; readonly named?: string; readonly limit: number },
): Promise<CampaignRef[]> {
  const text = `select brand, id as campaign from campaigns
    where ($1::text is null or brand = $1) and ($2::text is null or strpos(lower(id), lower($2)) > 0)
    order by number desc limit $3`
  return db.query<CampaignRef>(text, [wanted.brand ?? null, wanted.named ?? null, wanted.limit])
}

export type CampaignCountRow = CampaignRef & {
  /** Messages that left by the relay, were claimed, and were reported by systems that ask nobody. */
  readonly relayed: number
  readonly claimed: number
  readonly reported: number
  /** Of these three together, e-mails: what mailbox providers hold complaints against. */
  readonly mails: number
  /** People, each once. */
  readonly left: number
  readonly paused: number
  readonly complained: number
  readonly bounced: number
}

const counts = {
  name: 'campaigns-count',
  text: `select named.brand, named.campaign, passed.relayed, counted.claimed, told.reported,
      passed.relayed + counted.mails + told.mails as mails, said."left", said.paused, said.complained, failed.bounced
    from unnest($1::text[], $2::text[]) with ordinality as named (brand, campaign, place)
    cross join lateral (
      select count(*)::int as relayed from relayed_mails r
      where r.brand = named.brand and r.campaign = named.campaign and r.outcome = 'sent'
    ) as passed
    cross join lateral (
      select count(*)::int as claimed, (count(*) filter (where s.channel = 'email'))::int as mails from sends s
      where s.brand = named.brand and s.campaign = named.campaign
    ) as counted
    cross join lateral (
      select coalesce(sum(t.sends), 0)::int as reported,
        coalesce(sum(t.sends) filter (where t.channel = 'email'), 0)::int as mails
      from campaign_sends t where t.brand = named.brand and t.campaign = named.campaign
    ) as told
    cross join lateral (
      select (count(distinct c.subject_key) filter (where c.kind = 'objection' and c.signal <> 'complaint'))::int as "left",
        (count(distinct c.subject_key) filter (where c.kind in ('pause', 'cadence')))::int as paused,
        (count(distinct c.subject_key) filter (where c.signal = 'complaint'))::int as complained
      from choices c
      where c.origin ->> 'brand' = named.brand and c.origin ->> 'campaign' = named.campaign and c.withdrawn_at is null
    ) as said
    cross join lateral (
      select count(distinct f.contact_key)::int as bounced from delivery_facts f
      where f.brand = named.brand and f.campaign = named.campaign and f.is_verified and f.outcome in ('hard', 'dead')
    ) as failed
    order by named.place`,
}

/** What came of these campaigns, in their order; names nobody. */
export async function countCampaigns(db: Queryable, names: readonly CampaignRef[]): Promise<CampaignCountRow[]> {
  if (names.length === 0) return []
  return db.query<CampaignCountRow>(counts, [names.map(({ brand }) => brand), names.map(({ campaign }) => campaign)])
}

export type CampaignDayRow = {
  readonly day: string
  readonly sends: number
  readonly left: number
  readonly paused: number
  readonly complained: number
}

/** The days of one campaign on which something happened, the latest first. Days are those of `timeZone`. */
export async function listCampaignDays(
  db: Queryable,
  { brand, campaign }: CampaignRef,
  timeZone: string,
  limit: number,
): Promise<CampaignDayRow[]> {
  const text = `with events as (
      select recorded_at as at, 1 as sends, null::text as what, null::uuid as who from relayed_mails
        where brand = $1 and campaign = $2 and outcome = 'sent'
      union all
      select sent_at, 1, null, null from sends where brand = $1 and campaign = $2
      union all
      select recorded_at, 0, case when signal = 'complaint' then 'complained' when kind = 'objection' then 'left'
          when kind in ('pause', 'cadence') then 'paused' end, subject_key from choices
        where origin ->> 'brand' = $1 and origin ->> 'campaign' = $2 and withdrawn_at is null
    ), days as (
      select (at at time zone $3)::date as day, sends, what, who from events
      union all
      select sent_on, sends, null, null from campaign_sends where brand = $1 and campaign = $2
    )
    select to_char(day, 'YYYY-MM-DD') as day, sum(sends)::int as sends,
      (count(distinct who) filter (where what = 'left'))::int as "left",
      (count(distinct who) filter (where what = 'paused'))::int as paused,
      (count(distinct who) filter (where what = 'complained'))::int as complained
    from days group by day order by day desc limit $4`
  return db.query<CampaignDayRow>(text, [brand, campaign, timeZone, limit])
}

/** How many people left by each signal. */
export async function countCampaignSignals(
  db: Queryable,
  { brand, campaign }: CampaignRef,
): Promise<{ readonly signal: string; readonly people: number }[]> {
  const text = `select signal, count(distinct subject_key)::int as people from choices
    where origin ->> 'brand' = $1 and origin ->> 'campaign' = $2 and kind = 'objection' and withdrawn_at is null
    group by signal order by people desc, signal`
  return db.query(text, [brand, campaign])
}

export type ReportedSends = CampaignRef & {
  readonly channel: Channel
  /** YYYY-MM-DD. */
  readonly sentOn: string
  /** Which system says so. */
  readonly source: string
  readonly sends: number
}

/** The newest report of a day, a channel and a system counts. */
export async function writeCampaignSends(
  tx: Transaction,
  reports: readonly ReportedSends[],
  now: number,
): Promise<void> {
  if (reports.length === 0) return
  const text = `insert into campaign_sends (brand, campaign, channel, sent_on, source, sends, reported_at)
    select brand, campaign, channel, sent_on, source, sends, $2::timestamptz
    from jsonb_to_recordset($1::jsonb) as new (brand text, campaign text, channel text, sent_on date, source text, sends int)
    on conflict (brand, campaign, channel, sent_on, source) do update set sends = excluded.sends,
      reported_at = excluded.reported_at`
  const rows = reports.map(({ sentOn, ...rest }) => ({ ...rest, sent_on: sentOn }))
  await tx.execute(text, [JSON.stringify(rows), new Date(now)])
}
