import type { Database, Queryable } from './database.ts'

export type ConnectionSignalRow = {
  readonly connection: string
  readonly heardAt: Date | null
  readonly workedAt: Date | null
  readonly failedAt: Date | null
  readonly failure: string | null
}

const columns = `connection, heard_at as "heardAt", worked_at as "workedAt", failed_at as "failedAt", failure`

export async function listConnectionSignals(db: Queryable): Promise<ConnectionSignalRow[]> {
  return db.query<ConnectionSignalRow>(`select ${columns} from connection_signals order by connection`)
}

export async function markConnectionHeard(db: Database, connection: string, now: number): Promise<void> {
  await db.execute(
    `insert into connection_signals (connection, heard_at) values ($1, $2)
     on conflict (connection) do update set heard_at = greatest(connection_signals.heard_at, excluded.heard_at)`,
    [connection, new Date(now)],
  )
}

export async function markConnectionWorked(db: Database, connection: string, now: number): Promise<void> {
  await db.execute(
    `insert into connection_signals (connection, worked_at) values ($1, $2)
     on conflict (connection) do update set worked_at = greatest(connection_signals.worked_at, excluded.worked_at)`,
    [connection, new Date(now)],
  )
}

export async function markConnectionFailed(
  db: Database,
  connection: string,
  now: number,
  failure: string,
): Promise<void> {
  await db.execute(
    `insert into connection_signals (connection, failed_at, failure) values ($1, $2, $3)
     on conflict (connection) do update set failed_at = excluded.failed_at, failure = excluded.failure`,
    [connection, new Date(now), failure],
  )
}
