import type { PublishedWording } from './catalog.ts'
import type { Queryable, Transaction } from './database.ts'

export type BrandWordingRow = PublishedWording & { readonly publishedAt: Date }

/** Adds the next version and returns its number; of two that come at once one violates the key and tries again. */
export async function insertBrandWording(
  tx: Transaction,
  brand: string,
  texts: PublishedWording['texts'],
  now: number,
): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    `insert into brand_wordings (brand, version, texts, published_at)
     values ($1, (select coalesce(max(version), 0) + 1 from brand_wordings where brand = $1), $2, $3) returning version`,
    [brand, JSON.stringify(texts), new Date(now)],
  )
  if (row === undefined) throw new Error('a wording was not stored')
  return row.version
}

/** Newest first; the first one is used. */
export async function listBrandWordings(db: Queryable, brand: string): Promise<BrandWordingRow[]> {
  const text = `select version, texts, published_at as "publishedAt" from brand_wordings
    where brand = $1 order by version desc`
  return db.query<BrandWordingRow>(text, [brand])
}
