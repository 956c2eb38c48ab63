import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Command } from 'commander'
import { exportTables, restoreTables } from '../../storage/backup.ts'
import { openDatabase, transact } from '../../storage/database.ts'
import { startEmbeddedPostgres } from '../../storage/embedded/start.ts'
import { migrate } from '../../storage/migrate.ts'
import { configOf, hubCommand, jsonOption, note, type PlaceOptions, print, printJson } from '../command-frame.ts'
import type { Config } from '../config.ts'
import { dataProblem } from '../exit-codes.ts'
import { packageDirectory } from '../package-directory.ts'
import { loadSecrets } from '../secrets.ts'
import { exportKeyFunctionCommand, exportStandingCommand } from './export-standing.ts'

type Options = PlaceOptions & { json?: boolean }

export function addExportCommands(program: Command): void {
  program.addCommand(
    hubCommand('export', 'write everything into one backup file, while the hub runs', [
      'verzet export verzet.backup.gz',
    ])
      .argument('<file>', 'where to write it (gzip; mode 0600)')
      .addOption(jsonOption())
      .action(exportAll)
      .addCommand(exportStandingCommand())
      .addCommand(exportKeyFunctionCommand()),
  )
  program.addCommand(
    hubCommand('restore', 'read a backup into a new database', ['verzet restore verzet.backup.gz --data /srv/verzet'])
      .argument('<file>', 'a file that "verzet export" wrote')
      .addOption(jsonOption())
      .action(restoreAll),
  )
}

/** Written beside and renamed: a file of that name is always whole. */
async function exportAll(file: string, options: Options): Promise<void> {
  const config = configOf(options)
  await using place = await openPlace(config)
  const draft = `${file}.${process.pid}.part`
  try {
    const gzip = createGzip()
    const written = pipeline(gzip, createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true }))
    // Told by the next write, or waited for at the end.
    written.catch(() => {})
    const rows = await transact(
      place.db,
      async (tx) => {
        const count = await exportTables(tx, gzip, Date.now(), (table, copied) => note(`${table}: ${copied} rows`))
        gzip.end()
        return count
      },
      { isolation: 'repeatable read', readOnly: true, attemptsMax: 1 },
    )
    await written
    await rename(draft, file)
    report(
      options,
      { file, rows },
      `Exported ${rows} rows to ${file}. The secrets are not in it: "verzet keys backup".`,
    )
  } finally {
    await rm(draft, { force: true })
  }
}

async function restoreAll(file: string, options: Options): Promise<void> {
  const config = configOf(options)
  const { pepperCheck } = loadSecrets(config)
  await using place = await openPlace(config)
  const backup = createGunzip()
  // Whoever reads it is told what failed.
  pipeline(createReadStream(file), backup).catch(() => {})
  const rows = await transact(
    place.db,
    (tx) => restoreTables(tx, backup, pepperCheck, (table, copied) => note(`${table}: ${copied} rows`)),
    { attemptsMax: 1 },
  ).catch((error: unknown) => {
    const isUnpacking = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
    throw isUnpacking
      ? dataProblem(`${file} is no backup made by "verzet export", or damaged. Nothing was read in.`)
      : error
  })
  report(options, { file, rows }, `Restored ${rows} rows from ${file}.`)
}

/** The database, migrated, without the rest of the hub. */
async function openPlace(config: Config) {
  const embedded = config.database_url ? undefined : await startEmbeddedPostgres({ dataDir: config.dataDir })
  const connectionString = config.database_url ?? embedded?.connectionString ?? ''
  const db = await openDatabase({ connectionString, poolSize: 2 })
  await migrate(db, { migrationsDir: `${packageDirectory()}/migrations` })
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]()
      await embedded?.[Symbol.asyncDispose]()
    },
  }
}

function report(options: Options, result: { file: string; rows: number }, sentence: string): void {
  if (options.json) printJson(result)
  else print(sentence)
}
