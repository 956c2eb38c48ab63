import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../src/storage/database.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/storage/embedded/start.ts'
import { migrate } from '../src/storage/migrate.ts'
import { templateName, withDatabaseName } from './database.ts'

const migrationsDir = fileURLToPath(new URL('../migrations', import.meta.url))

/**
 * One PostgreSQL for the whole run, with one migrated template that every test file clones. `VERZET_TEST_DATABASE_URL`
 * takes a server that is already there instead (its role must be allowed to create databases), to test on PostgreSQL 15.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.VERZET_TEST_DATABASE_URL
  const dataDir = await mkdtemp(join(tmpdir(), 'verzet-test-'))
  await chmod(dataDir, 0o711)
  const embedded = given ? undefined : await startEmbeddedPostgres({ dataDir, testing: true })
  const stop = () => stopAndRemove(embedded, dataDir)
  try {
    const serverUrl = given ?? embedded?.connectionString ?? ''
    await makeTemplate(serverUrl)
    project.provide('testServerUrl', serverUrl)
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

async function makeTemplate(serverUrl: string): Promise<void> {
  const server = await openDatabase({ connectionString: serverUrl, poolSize: 1 })
  await server.execute(`drop database if exists ${templateName} with (force)`)
  await server.execute(`create database ${templateName} encoding 'UTF8' template template0`)
  await server[Symbol.asyncDispose]()
  const template = await openDatabase({ connectionString: withDatabaseName(serverUrl, templateName), poolSize: 2 })
  try {
    if (existsSync(migrationsDir)) await migrate(template, { migrationsDir })
  } finally {
    await template[Symbol.asyncDispose]()
  }
}

async function stopAndRemove(embedded: EmbeddedPostgres | undefined, dataDir: string): Promise<void> {
  await embedded?.[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true, force: true })
}
