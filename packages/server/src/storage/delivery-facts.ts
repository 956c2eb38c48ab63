import type { Channel } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

/** `dead`: a number nobody has. `delivered`: proof of life. */
export type DeliveryOutcome = 'hard' | 'soft' | 'delayed' | 'delivered' | 'dead'

/** What a mail server, a sending platform or an operator said of one address. */
export type DeliveryFactRow = {
  readonly contactKey: string
  readonly id: string
  readonly channel: Channel
  readonly outcome: DeliveryOutcome
  readonly status: string | null
  readonly diagnostic: string | null
  readonly source: string | null
  readonly isVerified: boolean
  readonly heardAt: Date
  /** The message that did not arrive, where the report says which it was. */
  readonly brand: string | null
  readonly campaign: string | null
}

const insertMany = {
  name: 'delivery-facts-insert',
  text: `insert into delivery_facts (contact_key, id, channel, outcome, status, diagnostic, source, is_verified, heard_at,
      brand, campaign)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[],
      $9::timestamptz[], $10::text[], $11::text[])
    on conflict (contact_key, id) do nothing`,
}

export async function insertDeliveryFacts(tx: Transaction, rows: readonly DeliveryFactRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.execute(insertMany, [
    rows.map((row) => row.contactKey),
    rows.map((row) => row.id),
    rows.map((row) => row.channel),
    rows.map((row) => row.outcome),
    rows.map((row) => row.status),
    rows.map((row) => row.diagnostic),
    rows.map((row) => row.source),
    rows.map((row) => row.isVerified),
    rows.map((row) => row.heardAt),
    rows.map((row) => row.brand),
    rows.map((row) => row.campaign),
  ])
}

/** What was heard of these addresses, newest first. */
export async function listDeliveryFacts(db: Queryable, contactKeys: readonly string[]): Promise<DeliveryFactRow[]> {
  const text = `select contact_key as "contactKey", id, channel, outcome, status, diagnostic, source,
      is_verified as "isVerified", heard_at as "heardAt", brand, campaign from delivery_facts
    where contact_key = any($1::uuid[]) order by id desc limit 200`
  return db.query<DeliveryFactRow>({ name: 'delivery-facts-list', text }, [contactKeys])
}

/** What decides whether an address that failed is still to be tried. */
export type DeliveryHistory = {
  /** When it last proved alive on the channel, ms since 1970: a delivery, or a word that came that way. Null: never. */
  readonly aliveAt: number | null
  /** Verified soft bounces on the channel since then, and since the moment asked for. */
  readonly softBounces: number
}

const history = {
  name: 'delivery-facts-history',
  text: `with alive as (
      select max(moment) as at from (
        select heard_at as moment from delivery_facts
          where contact_key = $1 and channel = $2 and outcome = 'delivered'
        union all
        select least(said_at, recorded_at) from choices
          where subject_key = $1 and signal = any($3::text[]) and origin ->> 'channel' = $2
      ) as proofs
    )
    select alive.at as "aliveAt", (
      select count(*)::int from delivery_facts
      where contact_key = $1 and channel = $2 and outcome = 'soft' and is_verified and heard_at >= $4
        and (alive.at is null or heard_at > alive.at)
    ) as "softBounces" from alive`,
}

/** Words recorded by one of `aliveSignals` through the contact point count as proof of life. */
export async function readDeliveryHistory(
  db: Queryable,
  about: { readonly contactKey: string; readonly channel: Channel },
  aliveSignals: readonly string[],
  since: number,
): Promise<DeliveryHistory> {
  const values = [about.contactKey, about.channel, aliveSignals, new Date(since)]
  const [row] = await db.query<{ aliveAt: Date | null; softBounces: number }>(history, values)
  return { aliveAt: row?.aliveAt?.getTime() ?? null, softBounces: row?.softBounces ?? 0 }
}
