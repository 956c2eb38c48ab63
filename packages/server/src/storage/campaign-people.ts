import type { CampaignRef } from './campaigns.ts'
import type { Queryable } from './database.ts'
import type { BehindRow } from './insight-people.ts'

/** What a number of a campaign counts; `signal` is everybody who objected, by how they said it. */
export const campaignNumbers = ['sends', 'left', 'paused', 'complained', 'bounced', 'signal'] as const
export type CampaignNumber = (typeof campaignNumbers)[number]

export type CampaignPeople = CampaignRef & {
  readonly number: CampaignNumber
  /** Of `signal` alone. */
  readonly signal?: string
  /** YYYY-MM-DD in `timeZone`; every day where it is left out. */
  readonly day?: string
  readonly timeZone: string
}

/** Each parameter has its type here, as no statement uses them all. */
const asked = `asked as (select $1::text as brand, $2::text as campaign, $3::text as what, $4::text as signal,
  $5::date as day, $6::text as zone)`
const isAskedDay = (at: string) => `(asked.day is null or (${at} at time zone asked.zone)::date = asked.day)`

const said = `select distinct on (c.subject_key) c.subject_key as contact_key, c.recorded_at as at, c.signal,
    coalesce(c.reason, '') as reason
  from choices c cross join asked
  where c.origin ->> 'brand' = $1 and c.origin ->> 'campaign' = $2 and c.withdrawn_at is null
    and case asked.what when 'left' then c.kind = 'objection' and c.signal <> 'complaint'
      when 'paused' then c.kind in ('pause', 'cadence') when 'complained' then c.signal = 'complaint'
      else c.kind = 'objection' and c.signal = asked.signal end
    and ${isAskedDay('c.recorded_at')}
  order by c.subject_key, c.recorded_at desc`

const bounced = `select f.contact_key, max(f.heard_at) as at, '' as signal, '' as reason
  from delivery_facts f cross join asked
  where f.brand = $1 and f.campaign = $2 and f.is_verified and f.outcome in ('hard', 'dead')
    and ${isAskedDay('f.heard_at')}
  group by f.contact_key`

/** The latest of them first, before anything is joined: a campaign may have gone to millions. */
const sent = `select known.contact_key, known.at, '' as signal, '' as reason from (
    (select r.contact_key, r.recorded_at as at from relayed_mails r cross join asked
      where r.brand = $1 and r.campaign = $2 and r.outcome = 'sent' and ${isAskedDay('r.recorded_at')}
      order by r.recorded_at desc limit $7)
    union all
    (select s.subject_key, s.sent_at from sends s cross join asked
      where s.brand = $1 and s.campaign = $2 and ${isAskedDay('s.sent_at')}
      order by s.sent_at desc limit $7)
  ) known`

/** Who is behind a number of a campaign, the latest first. A reported number of messages names nobody. */
export async function listCampaignPeople(db: Queryable, wanted: CampaignPeople, limit: number): Promise<BehindRow[]> {
  const { brand, campaign, number, signal = null, day = null, timeZone } = wanted
  const who = number === 'sends' ? sent : number === 'bounced' ? bounced : said
  const text = `with ${asked} select behind.contact_key as "subjectKey", behind.at, behind.signal, behind.reason, p.type,
      p.value as contact
    from (${who}) behind left join contact_points p on p.key = behind.contact_key
    order by behind.at desc limit $7`
  return db.query<BehindRow>(text, [brand, campaign, number, signal, day, timeZone, limit])
}
