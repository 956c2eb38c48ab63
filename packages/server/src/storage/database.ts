import pg from 'pg'
import { letOthersGoFirst } from './let-others-go-first.ts'
import { isTransactionConflict, retry } from './retry.ts'

/** A statement with a `name` is prepared once per connection and only bound after that: use it on every hot path. */
export type Statement = string | { readonly name: string; readonly text: string }

/**
 * What a storage function that only reads takes as its first argument: a database or a transaction.
 *
 * Columns arrive as: uuid and text → string, int8 → bigint, int4 and int2 → number, timestamptz → Date, date → string
 * (`2026-11-21`: a day has no moment), jsonb → the parsed value, bytea → Buffer, numeric → string.
 */
export type Queryable = {
  query<Row extends pg.QueryResultRow>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>
  /** For a statement that returns no rows: how many rows it changed. */
  execute(statement: Statement, values?: readonly unknown[]): Promise<number>
}

/** What a storage function that writes takes: only `transact` makes one, so a write is never outside a transaction. */
export type Transaction = Queryable & {
  /** The connection itself, for `pg-copy-streams` only. */
  readonly client: pg.PoolClient
  /**
   * Runs the last statements of a transaction: on a pipelined connection they travel with the commit and are not waited
   * for here; elsewhere they have run when this resolves. A statement that fails fails the transaction either way.
   */
  withCommit(statements: readonly (() => Promise<unknown>)[]): Promise<void>
}

/**
 * Runs statements that do not depend on each other: on a pipelined connection they travel together, elsewhere one after
 * the other. All or nothing either way, since one that fails fails the transaction.
 */
export async function together(tx: Transaction, statements: readonly (() => Promise<unknown>)[]): Promise<void> {
  if (tx.client.pipeline) {
    await Promise.all(inOneWrite(tx.client, () => statements.map((run) => run())))
    return
  }
  for (const run of statements) await run()
}

export type Database = Queryable & {
  readonly pool: pg.Pool
  [Symbol.asyncDispose](): Promise<void>
}

/** The database cannot be used at all; the message is a sentence for the operator and holds no password. */
export class DatabaseUnavailable extends Error {
  readonly code = 'database_unavailable'
  override readonly name = 'DatabaseUnavailable'
}

/** Enough for a group commit, its readers and an import; far below the 120 connections of the embedded server. */
const poolSizeDefault = 16
/** Covers a server that restarts behind a proxy; a person waits no longer than this for a page. */
const connectionTimeoutMs = 10_000
/** The longest statement of a request is a page of an export; what may take longer says so with `set local`. */
const statementTimeoutMs = 30_000
/** A transaction that waits for its own process this long holds locks for nothing. */
const idleInTransactionTimeoutMs = 60_000
/** The first version without `pg_start_backup` and with everything the portable subset uses. */
const serverVersionMin = 150_000
/**
 * Every statement planned once, to go by the index. Left to itself the planner reads a whole table of ties for one batch
 * of noes while the table is small or its statistics are old, and plans each batch anew: half of a no's cost, measured.
 */
const plansByKey = [
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'plan_cache_mode=force_generic_plan',
]
  .map((setting) => ` -c ${setting}`)
  .join('')
/** With full jitter and at most 250 ms a wait: gives up after about a second of conflicts. */
const attemptsMaxDefault = 8

/**
 * Opens a pool and proves that it works: one connection, a server of version 15 or later, UTF-8.
 * @throws {DatabaseUnavailable} with a sentence that says which of these failed.
 */
export async function openDatabase(options: {
  connectionString: string
  poolSize?: number
  applicationName?: string
  /** Statements that are sent together travel together; not for connections that copy or page through a cursor. */
  pipeline?: boolean
  /** For connections that only ever look up rows by their key, see `plansByKey`. */
  plansByKey?: boolean
  /** For a server on this machine whose connections are to leave the processors to the others. */
  yields?: boolean
}): Promise<Database> {
  const place = describeConnection(options.connectionString)
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.poolSize ?? poolSizeDefault,
    application_name: options.applicationName ?? 'verzet',
    connectionTimeoutMillis: connectionTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    keepAlive: true,
    pipeline: options.pipeline ?? false,
    ...(options.yields && { onConnect: letOthersGoFirst }),
    // Days are counted in UTC whatever the server's own clock is set to.
    // An acknowledged opt-out is on disk, whatever the server's default is.
    options: `-c timezone=UTC -c synchronous_commit=on${options.plansByKey ? plansByKey : ''}`,
    types: columnTypes(),
  })
  // The pool has already dropped the idle connection that broke; without a listener the process would end here.
  pool.on('error', () => {})
  try {
    await assertUsable(pool, place)
  } catch (error) {
    await pool.end()
    if (error instanceof DatabaseUnavailable) throw error
    throw new DatabaseUnavailable(`The database ${place} cannot be reached: ${describeError(error)}.`, { cause: error })
  }
  return {
    ...queryable(pool),
    pool,
    async [Symbol.asyncDispose]() {
      if (!pool.ending) await pool.end()
    },
  }
}

/**
 * Runs `work` in one transaction and commits it. Whatever `work` throws rolls it back and is thrown on; a serialization
 * failure or deadlock runs all of `work` again, so it must be idempotent in its effects outside the database.
 *
 * When the connection breaks during the commit, nobody knows whether it held: the error is thrown, and the caller's own
 * idempotency (the event id) makes saying it again harmless.
 */
export function transact<T>(
  db: Database,
  work: (tx: Transaction) => Promise<T>,
  options: { isolation?: 'read committed' | 'repeatable read'; attemptsMax?: number; readOnly?: boolean } = {},
): Promise<T> {
  const begin = `begin isolation level ${options.isolation ?? 'read committed'} ${options.readOnly ? 'read only' : 'read write'}`
  return retry(() => attempt(db.pool, begin, work), {
    attemptsMax: options.attemptsMax ?? attemptsMaxDefault,
    isPassing: isTransactionConflict,
  })
}

async function attempt<T>(pool: pg.Pool, begin: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken = false
  // A checked-out connection that breaks emits an error beside failing its query; unheard, it would end the process.
  const onError = () => {
    broken = true
  }
  client.on('error', onError)
  try {
    const travelling: Promise<unknown>[] = []
    const travel = (statement: Promise<unknown>) => {
      // Heard at the commit at the latest; until then a failure must not count as one nobody listens for.
      statement.catch(() => {})
      travelling.push(statement)
    }
    let sendBegin: (() => void) | undefined = () => travel(client.query(begin))
    if (!client.pipeline) {
      await client.query(begin)
      sendBegin = undefined
    }
    let last: readonly (() => Promise<unknown>)[] = []
    const tx: Transaction = {
      ...queryable({
        // The first statement takes the begin along.
        query: (config) =>
          inOneWrite(client, () => {
            sendBegin?.()
            sendBegin = undefined
            return client.query(config)
          }),
      }),
      client,
      async withCommit(statements) {
        if (client.pipeline) last = statements
        else for (const run of statements) await run()
      },
    }
    const result = await work(tx)
    const commit = inOneWrite(client, () => {
      for (const run of last) travel(run())
      return client.query('commit')
    })
    await Promise.all([...travelling, commit])
    return result
  } catch (error) {
    if (!broken) {
      await client.query('rollback').catch(() => {
        broken = true
      })
    }
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

/** What is sent meanwhile leaves in one write: each write wakes the server, which on a busy machine takes our turn. */
function inOneWrite<T>(client: pg.PoolClient, send: () => T): T {
  const { stream } = client.connection
  stream.cork()
  try {
    return send()
  } finally {
    stream.uncork()
  }
}

type Connection = { query(config: pg.QueryConfig): Promise<pg.QueryResult> }

function queryable(connection: Connection): Queryable {
  return {
    async query<Row extends pg.QueryResultRow>(statement: Statement, values: readonly unknown[] = []) {
      const result: pg.QueryResult<Row> = await connection.query(queryConfig(statement, values))
      return result.rows
    },
    async execute(statement, values = []) {
      return (await connection.query(queryConfig(statement, values))).rowCount ?? 0
    },
  }
}

function queryConfig(statement: Statement, values: readonly unknown[]): pg.QueryConfig {
  // With no values and no name PostgreSQL's simple protocol is used, which takes several statements: a migration.
  return typeof statement === 'string'
    ? { text: statement, values: [...values] }
    : { name: statement.name, text: statement.text, values: [...values] }
}

/** `_int8` in pg_type; the driver has no names for array types. */
const int8ArrayType = 1016

/** Set on this pool only: another user of `pg` in the same process keeps its own parsers. */
function columnTypes(): pg.CustomTypesConfig {
  const { builtins } = pg.types
  const types = new pg.TypeOverrides()
  // A number cannot hold every int8, and a position that is sometimes a number is a bug that waits for 2^53.
  types.setTypeParser(builtins.INT8, (text: string) => BigInt(text))
  types.setTypeParser(int8ArrayType, parseInt8Array)
  types.setTypeParser(builtins.DATE, (text: string) => text)
  return types
}

/** Reads `{1,2,NULL}`. Arrays of arrays do not occur in our tables. */
function parseInt8Array(text: string): (bigint | null)[] {
  const inside = text.slice(1, -1)
  return inside === '' ? [] : inside.split(',').map((entry) => (entry === 'NULL' ? null : BigInt(entry)))
}

async function assertUsable(pool: pg.Pool, place: string): Promise<void> {
  const { rows } = await pool.query<{ version: string; number: number; encoding: string }>(`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      current_setting('server_encoding') as encoding`)
  const server = rows[0]
  if (!server || server.number < serverVersionMin) {
    throw new DatabaseUnavailable(
      `The database ${place} runs PostgreSQL ${server?.version ?? 'of an unknown version'}; Verzet needs 15 or later.`,
    )
  }
  if (server.encoding !== 'UTF8') {
    throw new DatabaseUnavailable(
      `The database ${place} stores text as ${server.encoding}; Verzet needs a database with encoding UTF8.`,
    )
  }
}

/** Names the database without its password, which a connection string may hold in two places. */
function describeConnection(connectionString: string): string {
  try {
    const url = new URL(connectionString)
    const host = url.searchParams.get('host') ?? url.host
    return `"${decodeURIComponent(url.pathname.slice(1))}" at ${host === '' ? 'this machine' : host}`
  } catch {
    throw new DatabaseUnavailable(
      'The database address is not a URL; it looks like postgresql://user:password@host:5432/name.',
    )
  }
}

function describeError(error: unknown): string {
  // A name that resolves to several addresses fails with all of their errors and an empty message of its own.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(describeError).join('; ')
  return error instanceof Error ? error.message.replace(/\.$/, '') : 'unknown error'
}
