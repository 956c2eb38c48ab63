import type { Queryable } from './database.ts'
import { readSqlState } from './retry.ts'

/** What a check of the set-up wants to know of the database server. */
export type ServerFacts = {
  readonly version: string
  readonly versionNumber: number
  readonly isSuperuser: boolean
  readonly fsync: string
  readonly synchronousCommit: string
  readonly fullPageWrites: string
  readonly clock: Date
}

export async function readServerFacts(db: Queryable): Promise<ServerFacts> {
  const [facts] = await db.query<ServerFacts>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as "versionNumber",
       (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser",
       current_setting('fsync') as fsync, current_setting('synchronous_commit') as "synchronousCommit",
       current_setting('full_page_writes') as "fullPageWrites", clock_timestamp() as clock`,
  )
  if (facts === undefined) throw new Error('the server said nothing about itself')
  return facts
}

/** True for the owner of the evidence table who may nevertheless change it. */
export async function mayChangeEvidence(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ may: boolean }>(
    `select has_table_privilege(current_user, 'evidence', 'update') as may`,
  )
  return row?.may === true
}

const undefinedTable = '42P01'

/** Undefined in a database that was never migrated. */
export async function listAppliedMigrations(db: Queryable): Promise<string[] | undefined> {
  try {
    const rows = await db.query<{ file: string }>('select file from migrations order by number')
    return rows.map((row) => row.file)
  } catch (error) {
    if (readSqlState(error) === undefinedTable) return undefined
    throw error
  }
}

/** Undefined before the first start. */
export async function findPepperCheck(db: Queryable): Promise<Buffer | undefined> {
  const [row] = await db.query<{ pepperCheck: Buffer }>('select pepper_check as "pepperCheck" from deployments')
  return row?.pepperCheck
}
