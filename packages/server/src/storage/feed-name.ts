import type { Queryable } from './database.ts'

const firstMigration = {
  name: 'feed-name',
  text: `select to_char(applied_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') as name from migrations
    order by number limit 1`,
}

/**
 * Tells the change feeds of databases apart: a backup is restored into a new one, whose changes go on with numbers that
 * others had. When the first migration ran is what no backup brings along.
 */
export async function readFeedName(db: Queryable): Promise<string> {
  const [row] = await db.query<{ name: string }>(firstMigration)
  return row?.name ?? ''
}
