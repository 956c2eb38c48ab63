import { join } from 'node:path'
import type { Command } from 'commander'
import { openDatabase } from '../../storage/database.ts'
import { startEmbeddedPostgres } from '../../storage/embedded/start.ts'
import { migrate } from '../../storage/migrate.ts'
import { configOf, hubCommand, jsonOption, type PlaceOptions, print, printJson } from '../command-frame.ts'
import { packageDirectory } from '../package-directory.ts'

export function addMigrateCommand(program: Command): void {
  program.addCommand(
    hubCommand('migrate', 'bring the database up to this version (every start does so by itself)', ['verzet migrate'])
      .addOption(jsonOption())
      .action(migrateDatabase),
  )
}

/** Without the rest of the hub: neither secrets nor a catalogue are needed to prepare a database. */
async function migrateDatabase(options: PlaceOptions & { json?: boolean }): Promise<void> {
  const config = configOf(options)
  await using embedded = config.database_url ? undefined : await startEmbeddedPostgres({ dataDir: config.dataDir })
  const connectionString = config.database_url ?? embedded?.connectionString ?? ''
  await using db = await openDatabase({ connectionString, poolSize: 2 })
  const { applied } = await migrate(db, { migrationsDir: join(packageDirectory(), 'migrations') })
  if (options.json) return printJson({ applied })
  print(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`)
}
