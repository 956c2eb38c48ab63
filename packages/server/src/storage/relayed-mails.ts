import type { Send } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

export type RelayedMailRow = {
  readonly contactKey: string
  readonly id: string
  readonly brand: string
  readonly topic: string
  readonly campaign: string | null
  readonly credential: string
  readonly outcome: 'sent' | 'dropped' | 'failed'
  readonly reason: string | null
  readonly headersOnly: boolean
  readonly recordedAt: Date
}

const writeMany = {
  name: 'relayed-mails-write',
  text: `insert into relayed_mails
      (contact_key, id, brand, topic, campaign, credential, outcome, reason, headers_only, recorded_at)
    select contact_key, id, brand, topic, campaign, credential, outcome, reason, headers_only, $2::timestamptz
    from jsonb_to_recordset($1::jsonb) as new (
      contact_key uuid, id uuid, brand text, topic text, campaign text, credential text, outcome text, reason text,
      headers_only boolean
    )
    on conflict (contact_key, id) do update set outcome = excluded.outcome, reason = excluded.reason,
      headers_only = excluded.headers_only, recorded_at = excluded.recorded_at`,
}

/** Records what became of mails, each at most once in `rows`. The same mail tried again keeps one row, with its latest outcome. */
export async function writeRelayedMails(
  tx: Transaction,
  rows: readonly Omit<RelayedMailRow, 'recordedAt'>[],
  now: number,
): Promise<void> {
  const records = rows.map((row) => ({
    contact_key: row.contactKey,
    id: row.id,
    brand: row.brand,
    topic: row.topic,
    campaign: row.campaign,
    credential: row.credential,
    outcome: row.outcome,
    reason: row.reason,
    headers_only: row.headersOnly,
  }))
  await tx.execute(writeMany, [JSON.stringify(records), new Date(now)])
}

export async function listRelayedMails(db: Queryable, contactKeys: readonly string[]): Promise<RelayedMailRow[]> {
  return db.query<RelayedMailRow>(
    `select contact_key as "contactKey", id, brand, topic, campaign, credential, outcome, reason,
       headers_only as "headersOnly", recorded_at as "recordedAt"
     from relayed_mails where contact_key = any($1::uuid[]) order by recorded_at`,
    [contactKeys],
  )
}

/** Which mails are counted; an absent part means all. */
export type RelayedMailFilter = {
  readonly brand?: string
  readonly campaign?: string
  /** ms since 1970. */
  readonly since?: number
  /** Before this moment, ms since 1970. */
  readonly until?: number
}

export type RelayedMailCount = Pick<RelayedMailRow, 'brand' | 'topic' | 'campaign' | 'outcome' | 'reason'> & {
  readonly count: number
  /** Of these, how many carried their ways out in the header alone. */
  readonly headersOnly: number
}

/** How many mails left, were dropped or failed, by brand, topic, campaign and reason. Names nobody. */
export async function countRelayedMails(db: Queryable, filter: RelayedMailFilter): Promise<RelayedMailCount[]> {
  const moment = (at: number | undefined) => (at === undefined ? null : new Date(at))
  return db.query<RelayedMailCount>(
    `select brand, topic, campaign, outcome, reason, count(*)::int as count,
       (count(*) filter (where headers_only))::int as "headersOnly"
     from relayed_mails
     where ($1::text is null or brand = $1) and ($2::text is null or campaign = $2)
       and ($3::timestamptz is null or recorded_at >= $3) and ($4::timestamptz is null or recorded_at < $4)
     group by brand, topic, campaign, outcome, reason order by brand, topic, campaign, outcome, reason`,
    [filter.brand ?? null, filter.campaign ?? null, moment(filter.since), moment(filter.until)],
  )
}

/** Deletes what was recorded before a moment; returns how many. */
export async function deleteRelayedMailsBefore(tx: Transaction, before: number): Promise<number> {
  return tx.execute('delete from relayed_mails where recorded_at < $1', [new Date(before)])
}

const countMany = {
  name: 'relay-sends-insert',
  text: `insert into sends (subject_key, id, sent_at, brand, channel, topic)
    select subject_key, id, $2::timestamptz, brand, channel, topic
    from jsonb_to_recordset($1::jsonb) as new (subject_key uuid, id uuid, brand text, channel text, topic text)
    order by subject_key, id on conflict (subject_key, id) do nothing`,
}

export type SendToCount = Omit<Send, 'at'> & { readonly subjectKeys: readonly string[]; readonly id: string }

/** Counts messages under every subject they concern; one that was counted before under its id is not counted again. */
export async function countSends(tx: Transaction, sends: readonly SendToCount[], now: number): Promise<void> {
  const rows = sends.flatMap(({ subjectKeys, id, brand, channel, topic }) =>
    subjectKeys.map((subject) => ({ subject_key: subject, id, brand, channel, topic })),
  )
  await tx.execute(countMany, [JSON.stringify(rows), new Date(now)])
}

/** Takes back what was counted for a message that did not leave. */
export async function uncountSend(tx: Transaction, subjectKeys: readonly string[], id: string): Promise<void> {
  await tx.execute('delete from sends where subject_key = any($1::uuid[]) and id = $2', [subjectKeys, id])
}
