/**
 * Something changed between looking and locking. It carries the code of a serialization failure, so that `transact`
 * simply starts the transaction again.
 */
export class ConcurrentChange extends Error {
  readonly code = '40001'
}
