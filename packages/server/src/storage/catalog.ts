import type { Purpose } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

export type BrandRow = {
  readonly id: string
  readonly number: number
  readonly name: string
  readonly controller: string
  readonly country: string
  readonly settings: Readonly<Record<string, unknown>>
}

export type TopicRow = {
  readonly brand: string
  readonly id: string
  readonly number: number
  readonly purpose: Purpose
  /** By language, `en` at least when others lack. */
  readonly names: Readonly<Record<string, string>>
}

export type CampaignRow = { readonly brand: string; readonly id: string; readonly number: number }

export async function listBrands(db: Queryable): Promise<BrandRow[]> {
  return db.query('select id, number, name, controller, country, settings from brands order by number')
}

export async function listTopics(db: Queryable): Promise<TopicRow[]> {
  return db.query('select brand, id, number, purpose, names from topics order by brand, number')
}

export async function listCampaigns(db: Queryable): Promise<CampaignRow[]> {
  return db.query('select brand, id, number from campaigns order by number')
}

/** Inserts or changes; the number, which links carry, is given once and stays. */
export async function upsertBrand(tx: Transaction, brand: Omit<BrandRow, 'number'>, now: number): Promise<boolean> {
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

export async function upsertTopic(tx: Transaction, topic: Omit<TopicRow, 'number'>, now: number): Promise<boolean> {
  const rows = await tx.query<{ inserted: boolean }>(
    `insert into topics (brand, id, number, purpose, names, created_at)
     values ($1, $2, (select coalesce(max(number), 0) + 1 from topics where brand = $1), $3, $4, $5)
     on conflict (brand, id) do update set purpose = excluded.purpose, names = excluded.names
     returning xmax = 0 as inserted`,
    [topic.brand, topic.id, topic.purpose, JSON.stringify(topic.names), new Date(now)],
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
