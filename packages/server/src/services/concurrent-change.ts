import { TransactionConflict } from '../storage/retry.ts'

/** Something changed between looking and locking; `transact` starts the transaction again. */
export class ConcurrentChange extends TransactionConflict {}
