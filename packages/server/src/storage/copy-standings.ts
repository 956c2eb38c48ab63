import type { Connection, Submittable } from 'pg'
import type { Transaction } from './database.ts'

/** PostgreSQL's own binary format: a signature of eleven bytes, flags, and the length of an extension (COPY, "Binary Format"). */
const copyHeaderBytes = 19
const columnCount = 2
const endOfData = -1
/** A row is the count of its columns, then each with its length before it: 2 + 4 + 8 + 4 bytes before the record. */
const recordLengthAt = 14
/** How the binary form of `jsonb` begins, before its text. */
const jsonbVersion = 1
const statement = 'copy (select fingerprint, record from standings where fingerprint <> 0) to stdout (format binary)'

export type StandingTaker = {
  /** The halves of a fingerprint, and its record as text of JSON, which is not there any more when this returns. */
  take(low: number, high: number, record: Uint8Array): void
  /** Something to wait for before more is read; asked now and then. */
  wait(): Promise<void> | undefined
}

/**
 * Reads every standing that a fingerprint finds, in the order they lie on disk: ten million in some seconds, where paging
 * by key takes minutes.
 */
export async function copyStandings(tx: Transaction, taker: StandingTaker): Promise<void> {
  await tx.execute('set local statement_timeout = 0')
  await new Promise<void>((resolve, reject) => {
    tx.client.query(new StandingCopy(taker, resolve, reject))
  })
}

/** A statement of the driver whose rows never become objects: that would cost more than reading them. */
class StandingCopy implements Submittable {
  readonly #taker: StandingTaker
  readonly #resolve: () => void
  readonly #reject: (error: Error) => void
  #isOpen = false
  #problem: Error | undefined
  #isPaused = false
  #taken = 0

  constructor(taker: StandingTaker, resolve: () => void, reject: (error: Error) => void) {
    this.#taker = taker
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: Connection): void {
    connection.query(statement)
  }

  /** One message is one row; the first has the header before it. */
  handleCopyData({ chunk }: { readonly chunk: Buffer }, connection: Connection): void {
    if (this.#problem !== undefined) return
    try {
      this.#takeRow(this.#isOpen ? chunk : chunk.subarray(copyHeaderBytes))
      this.#isOpen = true
      this.#taken += 1
      if (this.#taken % rowsBetweenWaits === 0) this.#waitFor(connection)
    } catch (error) {
      // The rest is read and thrown away, or the connection could not be used again.
      this.#problem = error instanceof Error ? error : new Error(String(error))
    }
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    if (this.#problem === undefined) this.#resolve()
    else this.#reject(this.#problem)
  }

  #takeRow(row: Buffer): void {
    if (row.readInt16BE(0) === endOfData) return
    const recordAt = recordLengthAt + 4
    if (row.readInt16BE(0) !== columnCount || row[recordAt] !== jsonbVersion) {
      throw new Error('the database wrote standings in a form that is not known')
    }
    this.#taker.take(row.readUInt32BE(10), row.readUInt32BE(6), row.subarray(recordAt + 1))
  }

  #waitFor(connection: Connection): void {
    const waiting = this.#isPaused ? undefined : this.#taker.wait()
    if (waiting === undefined) return
    this.#isPaused = true
    connection.stream.pause()
    const goOn = () => {
      this.#isPaused = false
      connection.stream.resume()
    }
    waiting.then(goOn, (error) => {
      this.#problem = error instanceof Error ? error : new Error(String(error))
      goOn()
    })
  }
}

/** Some hundred kilobytes. */
const rowsBetweenWaits = 1_000
