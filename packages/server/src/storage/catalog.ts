import type { Purpose } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

export type BrandRow = {
  readonly id: string
  readonly number: number
  readonly name: string
  readonly controller: string
  readonly country: string
  readonly settings: Readonly<Record<string, unknown>>
  /** The brand's own sentences by language and key; absent where it uses the product's. */
  readonly wording?: PublishedWording | null
}

export type PublishedWording = {
  readonly version: number
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export type TopicRow = {
  readonly brand: string
  readonly id: string
  readonly number: number
  readonly purpose: Purpose
  /** By language, `en` at least when others lack. */
  readonly names: Readonly<Record<string, string>>
  readonly settings: Readonly<Record<string, unknown>>
}

export type CampaignRow = { readonly brand: string; readonly id: string; readonly number: number }

export async function listBrands(db: Queryable): Promise<BrandRow[]> {
  return db.query(
    `select b.id, b.number, b.name, b.controller, b.country, b.settings,
       case when w.version is not null then jsonb_build_object('version', w.version, 'texts', w.texts) end as wording
     from brands b
     left join brand_wordings w
       on w.brand = b.id and w.version = (select max(version) from brand_wordings where brand = b.id)
     order by b.number`,
  )
}

/** As a change of it is noted; locked until the transaction ends, so that the next change begins where this one ended. */
export async function findBrand(
  tx: Transaction,
  id: string,
): Promise<Omit<BrandRow, 'id' | 'number' | 'wording'> | undefined> {
  const text = 'select name, controller, country, settings from brands where id = $1 for update'
  return (await tx.query<Omit<BrandRow, 'id' | 'number' | 'wording'>>(text, [id]))[0]
}

/** As a change of it is noted; locked until the transaction ends. */
export async function findTopic(
  tx: Transaction,
  brand: string,
  id: string,
): Promise<Pick<TopicRow, 'purpose' | 'names' | 'settings'> | undefined> {
  const text = 'select purpose, names, settings from topics where brand = $1 and id = $2 for update'
  return (await tx.query<Pick<TopicRow, 'purpose' | 'names' | 'settings'>>(text, [brand, id]))[0]
}

export async function listTopics(db: Queryable): Promise<TopicRow[]> {
  return db.query('select brand, id, number, purpose, names, settings from topics order by brand, number')
}

export async function listCampaigns(db: Queryable): Promise<CampaignRow[]> {
  return db.query('select brand, id, number from campaigns order by number')
}

/** Inserts or changes; the number, which links carry, is given once and stays. */
export async function upsertBrand(
  tx: Transaction,
  brand: Omit<BrandRow, 'number' | 'wording'>,
  now: number,
): Promise<boolean> {
  const rows = await tx.query<{ inserted: boolean }>(
    `insert into brands (id, number, name, controller, country, settings, created_at)
     values ($1, (select coalesce(max(number), 0) + 1 from brands), $2, $3, $4, $5, $6)
     on conflict (id) do update set name = excluded.name, controller = excluded.controller,
       country = excluded.country, settings = excluded.settings
     returning xmax = 0 as inserted`,
    [brand.id, brand.name, brand.controller, brand.country, JSON.stringify(brand.settings), new Date(now)],
  )
  return rows[0]?.inserted === true
}

export type TopicToWrite = Omit<TopicRow, 'number' | 'settings'> & Partial<Pick<TopicRow, 'settings'>>

/** Inserts or changes; settings that are left out are none. */
export async function upsertTopic(tx: Transaction, topic: TopicToWrite, now: number): Promise<boolean> {
  const rows = await tx.query<{ inserted: boolean }>(
    `insert into topics (brand, id, number, purpose, names, settings, created_at)
     values ($1, $2, (select coalesce(max(number), 0) + 1 from topics where brand = $1), $3, $4, $5, $6)
     on conflict (brand, id) do update set purpose = excluded.purpose, names = excluded.names,
       settings = excluded.settings
     returning xmax = 0 as inserted`,
    [
      topic.brand,
      topic.id,
      topic.purpose,
      JSON.stringify(topic.names),
      JSON.stringify(topic.settings ?? {}),
      new Date(now),
    ],
  )
  return rows[0]?.inserted === true
}

/** The campaign's number, given at first sight. */
export async function insertCampaign(tx: Transaction, brand: string, id: string, now: number): Promise<void> {
  await tx.execute(
    `insert into campaigns (brand, id, number, created_at)
     values ($1, $2, (select coalesce(max(number), 0) + 1 from campaigns), $3) on conflict (brand, id) do nothing`,
    [brand, id, new Date(now)],
  )
}
