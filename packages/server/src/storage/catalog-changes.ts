import type { Queryable, Transaction } from './database.ts'

export type CatalogChangeKind = 'brand' | 'topic' | 'wording' | 'questions'

export type CatalogChange = {
  readonly brand: string
  readonly what: CatalogChangeKind
  readonly topic: string | null
  /** Null for what was not there before. */
  readonly before: unknown
  readonly after: unknown
  readonly actor: string
}

export type CatalogChangeRow = CatalogChange & { readonly number: number; readonly changedAt: Date }

/** Adds the brand's next change; of two that come at once one violates the key and tries again. */
export async function insertCatalogChange(tx: Transaction, change: CatalogChange, now: number): Promise<void> {
  const { brand, what, topic, before, after, actor } = change
  await tx.execute(
    `insert into catalog_changes (brand, number, what, topic, before, after, actor, changed_at)
     values ($1, (select coalesce(max(number), 0) + 1 from catalog_changes where brand = $1), $2, $3, $4, $5, $6, $7)`,
    [brand, what, topic, before === null ? null : JSON.stringify(before), JSON.stringify(after), actor, new Date(now)],
  )
}

const columns = 'brand, number, what, topic, before, after, actor, changed_at as "changedAt"'

/** Newest first. */
export async function listCatalogChanges(db: Queryable, brand: string, limit: number): Promise<CatalogChangeRow[]> {
  const text = `select ${columns} from catalog_changes where brand = $1 order by number desc limit $2`
  return db.query<CatalogChangeRow>(text, [brand, limit])
}

export async function findCatalogChange(
  db: Queryable,
  brand: string,
  number: number,
): Promise<CatalogChangeRow | undefined> {
  const text = `select ${columns} from catalog_changes where brand = $1 and number = $2`
  return (await db.query<CatalogChangeRow>(text, [brand, number]))[0]
}
