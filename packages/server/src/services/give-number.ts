import { type Database, type Transaction, transact } from '../storage/database.ts'
import { readSqlState, retry, sqlState } from '../storage/retry.ts'

/** Each try that loses sees the winner's number, so this many newcomers can arrive at once. */
const attemptsMax = 20

/** For an insert that takes the next free number: of two that take the same one, the second tries again. */
export function giveNumber<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return retry(() => transact(db, work), {
    attemptsMax,
    isPassing: (error) => readSqlState(error) === sqlState.uniqueViolation,
  })
}
