import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Queryable, Transaction } from './database.ts'

/**
 * A backup is text: a line of JSON that says what it is, then each table as PostgreSQL's COPY writes it between a line
 * `table <name> <columns>` and a line `\.`, then a line `end <rows>` without which it was cut off.
 */
export type BackupHeader = {
  readonly format: 'verzet-backup'
  readonly version: 1
  /** The migrations the rows belong to, in order. */
  readonly migrations: readonly string[]
  /** Which pepper the keys were made with; hex, and not the pepper. */
  readonly pepperCheck: string
  readonly exportedAt: string
}

/** The backup cannot be used here; the message says why and what to do. Nothing was written. */
export class BackupRefused extends Error {
  readonly code = 'backup_refused'
}

/** What belongs to one database and not to the data in it. */
const ownTables = new Set(['migrations', 'migration_lease', 'idempotency_keys'])
/** Rows a new database has before anybody used it; they give way to those of the backup. */
const madeAtStart = ['deployments', 'partitions', 'api_keys'] as const

type TableColumns = { readonly name: string; readonly columns: readonly string[] }

/** Every table with its columns; brands first, since topics and campaigns refer to them. */
async function listTables(db: Queryable): Promise<TableColumns[]> {
  const rows = await db.query<{ name: string; columns: string[] }>(
    `select table_name as name, array_agg(column_name::text order by ordinal_position) as columns
     from information_schema.columns where table_schema = current_schema() group by table_name`,
  )
  const first = (name: string) => (name === 'brands' ? 0 : 1)
  return rows
    .filter(({ name }) => !ownTables.has(name))
    .sort((one, other) => first(one.name) - first(other.name) || (one.name < other.name ? -1 : 1))
}

async function readHeader(db: Queryable, now: number): Promise<BackupHeader> {
  const migrations = await db.query<{ file: string }>('select file from migrations order by number')
  const [deployment] = await db.query<{ check: Buffer }>('select pepper_check as "check" from deployments')
  return {
    format: 'verzet-backup',
    version: 1,
    migrations: migrations.map(({ file }) => file),
    pepperCheck: deployment?.check.toString('hex') ?? '',
    exportedAt: new Date(now).toISOString(),
  }
}

/** Writes everything as of one moment; the transaction must be `repeatable read`. Returns how many rows were written. */
export async function exportTables(
  tx: Transaction,
  out: Writable,
  now: number,
  onTable: (name: string, rows: number) => void = () => {},
): Promise<number> {
  await tx.execute('set local statement_timeout = 0')
  const write = async (chunk: string | Buffer) => {
    // Once it has failed it says nothing any more, and never drains.
    if (out.errored) throw out.errored
    if (!out.write(chunk)) await once(out, 'drain')
  }
  await write(`${JSON.stringify(await readHeader(tx, now))}\n`)
  let rows = 0
  for (const { name, columns } of await listTables(tx)) {
    await write(`table ${name} ${columns.join(',')}\n`)
    const stream = tx.client.query(copyTo(`copy ${name} (${columns.join(', ')}) to stdout`))
    let failure: unknown
    for await (const chunk of stream) {
      // Left unread, the rest of a table would keep the connection for ever.
      if (failure === undefined) await write(chunk).catch((error: unknown) => (failure = error))
    }
    if (failure !== undefined) throw failure
    await write('\\.\n')
    rows += stream.rowCount
    onTable(name, stream.rowCount)
  }
  await write(`end ${rows}\n`)
  return rows
}

/**
 * Reads a backup into a database nobody has used yet, all or nothing. Refuses one of another version, one made with
 * another pepper, one that was cut off, and a database that holds people already.
 */
export async function restoreTables(
  tx: Transaction,
  backup: Readable,
  pepperCheck: Buffer,
  onTable: (name: string, rows: number) => void = () => {},
): Promise<number> {
  await tx.execute('set local statement_timeout = 0')
  const lines = linesOf(backup)
  await assertFits(tx, await nextLine(lines), pepperCheck)
  for (const table of madeAtStart) await tx.execute(`delete from ${table}`)
  const known = new Map((await listTables(tx)).map(({ name, columns }) => [name, new Set(columns)]))
  let rows = 0
  for (;;) {
    const [word, name = '', columns = ''] = (await nextLine(lines)).split(' ')
    if (word === 'end') return assertComplete(Number(name), rows)
    const names = columns.split(',')
    if (word !== 'table' || !names.every((column) => known.get(name)?.has(column))) {
      throw new BackupRefused('The backup is damaged: restore an earlier one.')
    }
    const copied = await copyLines(tx, `copy ${name} (${names.join(', ')}) from stdin`, lines)
    rows += copied
    onTable(name, copied)
  }
}

/** As COPY ends them; `readline` takes a line separator (U+2028) in what a person wrote for the end of one, too. */
async function* linesOf(backup: Readable): AsyncGenerator<string> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const piece of backup) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

async function copyLines(tx: Transaction, statement: string, lines: AsyncIterator<string>): Promise<number> {
  const stream = tx.client.query(copyFrom(statement))
  const done = finished(stream)
  done.catch(() => {})
  try {
    for (let line = await nextLine(lines); line !== '\\.'; line = await nextLine(lines)) {
      if (!stream.write(`${line}\n`))
        await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), done])
    }
    stream.end()
    await done
  } catch (error) {
    // Tells the server that no more rows come, or the rollback would wait for them for ever.
    stream.destroy()
    await done.catch(() => {})
    throw error
  }
  return stream.rowCount
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const next = await lines.next()
  if (next.done) throw new BackupRefused('The backup ends too early: it was cut off when it was made or copied.')
  return next.value
}

function assertComplete(said: number, found: number): number {
  if (said !== found) throw new BackupRefused(`The backup says it has ${said} rows, and has ${found}: it is damaged.`)
  return found
}

async function assertFits(tx: Transaction, firstLine: string, pepperCheck: Buffer): Promise<void> {
  const header = parseHeader(firstLine)
  if (header.pepperCheck !== pepperCheck.toString('hex')) {
    throw new BackupRefused(
      'The backup was made with another pepper. Restore the secrets first ("verzet keys restore"), or no no in it would be recognised.',
    )
  }
  const migrations = await tx.query<{ file: string }>('select file from migrations order by number')
  const here = migrations.map(({ file }) => file).join()
  if (header.migrations.join() !== here) {
    throw new BackupRefused('The backup is of another version of Verzet: restore it with that version, then upgrade.')
  }
  const [used] = await tx.query('select 1 from brands union all select 1 from contact_points limit 1')
  if (used !== undefined) throw new BackupRefused('This database is in use. Restore into a new one.')
}

function parseHeader(line: string): BackupHeader {
  try {
    const header: unknown = JSON.parse(line)
    if (isHeader(header)) return header
  } catch {
    // Said below, as of anything else that is no header.
  }
  throw new BackupRefused('This is not a backup made by "verzet export".')
}

function isHeader(value: unknown): value is BackupHeader {
  if (typeof value !== 'object' || value === null || !('format' in value) || !('migrations' in value)) return false
  return (
    value.format === 'verzet-backup' && 'version' in value && value.version === 1 && Array.isArray(value.migrations)
  )
}
