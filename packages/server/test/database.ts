import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../src/storage/database.ts'
import { readSqlState, retry, sqlState } from '../src/storage/retry.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server of this test run, provided by global-setup.ts. */
    testServerUrl: string
  }
}

export const templateName = 'verzet_template'

/** SQLSTATE of the PostgreSQL manual, appendix A. */
const insufficientPrivilege = '42501'

export type TestDatabase = {
  connectionString: string
  db: Database
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A database of its own, with every migration applied, for one test file:
 * `beforeAll` makes it, `afterAll` disposes of it, which also drops it. Sessions opened beside `db` are then cut.
 */
export function createTestDatabase(): Promise<TestDatabase> {
  return create(`template ${templateName}`)
}

/** The same without any table, for a test that migrates by itself. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return create('template template0')
}

async function create(template: string): Promise<TestDatabase> {
  const serverUrl = inject('testServerUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  // Two files that start together clone the same template, and PostgreSQL copies it for one at a time.
  await retry(() => onServer(serverUrl, `create database ${name} ${template}`), {
    attemptsMax: 100,
    isPassing: (error) => readSqlState(error) === sqlState.objectInUse,
  })
  const connectionString = withDatabaseName(serverUrl, name)
  const db = await openDatabase({ connectionString, poolSize: 10 })
  return {
    connectionString,
    db,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]()
      // PostgreSQL's own vacuum may be at work in it, which only a superuser may cut: it is done in a moment.
      await retry(() => onServer(serverUrl, `drop database if exists ${name} with (force)`), {
        attemptsMax: 100,
        isPassing: (error) => readSqlState(error) === insufficientPrivilege,
      })
    },
  }
}

export function withDatabaseName(connectionString: string, name: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${name}`
  return url.href
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const server = await openDatabase({ connectionString: serverUrl, poolSize: 1 })
  try {
    await server.execute(statement)
  } finally {
    await server[Symbol.asyncDispose]()
  }
}
