import type { Channel } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

/** What a person said that the privacy officer has to hear of. */
export const alertKinds = ['never_signed_up', 'spam'] as const
export type AlertKind = (typeof alertKinds)[number]

export type AlertRow = {
  /** That of the choice it came with: one act, one alert. */
  readonly id: string
  readonly kinds: readonly AlertKind[]
  readonly contactKey: string
  readonly brand: string
  readonly topic: string | null
  readonly channel: Channel
  readonly campaign: string | null
  readonly raisedAt: Date
  readonly mailId: string | null
  readonly seenAt: Date | null
  readonly seenBy: string | null
}

export type NewAlert = Omit<AlertRow, 'seenAt' | 'seenBy'>

/** False when the act had raised one already. */
export async function insertAlert(tx: Transaction, alert: NewAlert): Promise<boolean> {
  const text = `insert into alerts (id, kinds, contact_key, brand, topic, channel, campaign, raised_at, mail_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing`
  const { id, kinds, contactKey, brand, topic, channel, campaign, raisedAt, mailId } = alert
  const values = [id, kinds, contactKey, brand, topic, channel, campaign, raisedAt, mailId]
  return (await tx.execute(text, values)) === 1
}

/** How many mails about a brand's alerts were owed since a moment. */
export async function countAlertMails(tx: Transaction, brand: string, since: number): Promise<number> {
  const text = `select count(distinct mail_id)::int as count from alerts
    where brand = $1 and raised_at >= $2 and mail_id is not null`
  return (await tx.query<{ count: number }>(text, [brand, new Date(since)]))[0]?.count ?? 0
}

/** Owes the officer a mail from `dueAt` on; the same id again is the same mail. */
export async function insertAlertMail(
  tx: Transaction,
  mail: { readonly id: string; readonly contactKey: string; readonly details: object; readonly dueAt: number },
  now: number,
): Promise<void> {
  const text = `insert into outbound_mails (id, contact_key, kind, details, created_at, next_attempt_at)
    values ($1, $2, 'privacy_alert', $3, $4, $5) on conflict (id) do nothing`
  const { id, contactKey, details, dueAt } = mail
  await tx.execute(text, [id, contactKey, JSON.stringify(details), new Date(now), new Date(dueAt)])
}

const columns = `id, kinds, contact_key as "contactKey", brand, topic, channel, campaign, raised_at as "raisedAt",
  mail_id as "mailId", seen_at as "seenAt", seen_by as "seenBy"`

/** The newest first; with `isOpen` those nobody has seen to yet. */
export async function listAlerts(
  db: Queryable,
  wanted: { readonly isOpen: boolean; readonly brand?: string; readonly limit: number },
): Promise<AlertRow[]> {
  const text = `select ${columns} from alerts
    where (seen_at is null or not $1::boolean) and ($2::text is null or brand = $2)
    order by raised_at desc, id desc limit $3`
  return db.query<AlertRow>(text, [wanted.isOpen, wanted.brand ?? null, wanted.limit])
}

export async function listAlertsOfMail(db: Queryable, mailId: string, limit: number): Promise<AlertRow[]> {
  const text = `select ${columns} from alerts where mail_id = $1 order by raised_at, id limit $2`
  return db.query<AlertRow>(text, [mailId, limit])
}

export async function findAlert(db: Queryable, id: string): Promise<AlertRow | undefined> {
  return (await db.query<AlertRow>(`select ${columns} from alerts where id = $1`, [id]))[0]
}

/** Keeps who saw it first; false for whoever came later. */
export async function markAlertSeen(tx: Transaction, id: string, by: string, now: number): Promise<boolean> {
  const text = 'update alerts set seen_at = $2, seen_by = $3 where id = $1 and seen_at is null'
  return (await tx.execute(text, [id, new Date(now), by])) === 1
}

/** For the operator: how many of each kind were raised, and how many of them nobody has seen. */
export async function countAlerts(
  db: Queryable,
): Promise<{ readonly kind: AlertKind; readonly raised: number; readonly open: number }[]> {
  const text = `select kind, count(*)::int as raised, (count(*) filter (where seen_at is null))::int as open
    from alerts cross join lateral unnest(kinds) as named (kind) group by kind order by kind`
  return db.query(text)
}
