import pg from 'pg'

/**
 * The classes of SQLSTATE this code reacts to, by name (PostgreSQL manual, appendix A). Everything else is passed on to
 * the caller as it is.
 */
export const sqlState = {
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  uniqueViolation: '23505',
  duplicateTable: '42P07',
  duplicateObject: '42710',
  objectInUse: '55006',
  invalidAuthorization: '28000',
  unknownDatabase: '3D000',
  cannotConnectNow: '57P03',
} as const

/** The SQLSTATE of an error that the server reported; undefined for any other error, a broken connection included. */
export function readSqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

/** Thrown by the work of a transaction itself, when what it looked at had changed by the time it held the locks. */
export class TransactionConflict extends Error {}

/** The two answers with which PostgreSQL asks for the whole transaction again, or the work's own: nothing of it was kept. */
export function isTransactionConflict(error: unknown): boolean {
  if (error instanceof TransactionConflict) return true
  const state = readSqlState(error)
  return state === sqlState.serializationFailure || state === sqlState.deadlockDetected
}

/** A conflict ends when the other transaction commits, which takes about a millisecond; so the first wait is short. */
const firstDelayMs = 4
/** Longer waits would be felt by the person who waits for the page. */
const longestDelayMs = 250

/**
 * The wait before attempt `attempt + 1`, doubled each time, with full jitter so that the transactions which collided do
 * not meet again. `random` is a number from 0 up to 1.
 */
export function backoffDelayMs(attempt: number, random: number): number {
  return random * Math.min(longestDelayMs, firstDelayMs * 2 ** attempt)
}

export function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs))
}

/** Runs `work` again while `isPassing` says that its error will pass, at most `attemptsMax` times in all. */
export async function retry<T>(
  work: () => Promise<T>,
  options: { attemptsMax: number; isPassing: (error: unknown) => boolean },
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt + 1 >= options.attemptsMax || !options.isPassing(error)) throw error
    }
    await sleep(backoffDelayMs(attempt, Math.random()))
  }
}
