import { DatabaseUnavailable } from './database.ts'
import { readSqlState } from './retry.ts'

/** Classes of SQLSTATE that say nothing about the statement: connection (08), resources (53), operator (57), system (58). */
const passingClasses = new Set(['08', '53', '57', '58'])
/** The database was made read-only, as the old primary is after a failover. */
const readOnlyTransaction = '25006'
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
/** The driver and its pool have no codes for these. */
const driverMessages =
  /connection terminated|timeout exceeded when trying to connect|connection error|cannot use a pool after/i

/** True when the database could not be asked at all, or asks to be asked again later: nothing is wrong with the request. */
export function isOutage(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true
  const state = readSqlState(error)
  if (state !== undefined) return passingClasses.has(state.slice(0, 2)) || state === readOnlyTransaction
  if (error instanceof AggregateError) return error.errors.some(isOutage)
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && networkCodes.has(error.code)) return true
  return driverMessages.test(error.message)
}
