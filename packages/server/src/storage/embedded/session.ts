import { Socket } from 'node:net'
import pg from 'pg'
import { databaseName, roleName, superuserName } from './cluster.ts'

/** A server on the same machine answers in milliseconds, or is not there. */
const connectTimeoutMs = 5_000
/** Every process that uses the embedded server holds one session of this name; the last to leave stops the server. */
const presenceName = 'verzet presence'

/** One connection over the socket in `socketDir`, to the maintenance database. */
async function connect(socketDir: string, user: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: socketDir,
    port: 5432,
    user,
    database: 'postgres',
    ssl: false,
    application_name: name,
    connectionTimeoutMillis: connectTimeoutMs,
  })
  // A session that breaks is seen by its `end`; unheard, the error would end the process.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** The session that says "this process uses the server". */
export function openPresence(socketDir: string): Promise<pg.Client> {
  return connect(socketDir, roleName, presenceName)
}

/** Between its questions a presence does not keep the process alive; during one it must, or the answer never comes. */
export function keepAlive(presence: pg.Client, wanted: boolean): void {
  const { stream } = presence.connection
  if (!(stream instanceof Socket)) return
  if (wanted) stream.ref()
  else stream.unref()
}

export async function countOtherPresences(presence: pg.Client): Promise<number> {
  const { rows } = await presence.query<{ others: number }>(
    'select count(*)::int as others from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
    [presenceName],
  )
  return rows[0]?.others ?? 0
}

export async function isProvisioned(presence: pg.Client, options: { testing: boolean }): Promise<boolean> {
  const { rows } = await presence.query<{ ready: boolean }>(
    `select exists (select from pg_database where datname = $1)
       and (not $2 or (select rolcreatedb from pg_roles where rolname = current_user)) as ready`,
    [databaseName, options.testing],
  )
  return rows[0]?.ready ?? false
}

/** The superuser's only work: to make the role that everything else is done by, and its database. Safe to repeat. */
export async function provision(socketDir: string, options: { testing: boolean }): Promise<void> {
  const superuser = await connect(socketDir, superuserName, 'verzet provision')
  try {
    const role = await superuser.query('select from pg_roles where rolname = $1', [roleName])
    if (role.rowCount === 0) await superuser.query(`create role ${roleName} login`)
    if (options.testing) await superuser.query(`alter role ${roleName} createdb`)
    const database = await superuser.query('select from pg_database where datname = $1', [databaseName])
    if (database.rowCount === 0) await superuser.query(`create database ${databaseName} owner ${roleName}`)
  } finally {
    await superuser.end()
  }
}
