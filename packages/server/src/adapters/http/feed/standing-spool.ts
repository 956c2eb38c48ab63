import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TakeBytes } from '../../../services/read-standings.ts'

/** Written at once, and read at once for each reader: large enough that a call costs nothing. */
const chunkBytes = 1024 * 1024
/** Bytes that wait to be written before the database is asked to wait. */
const waitingBytesMax = 8 * chunkBytes

/**
 * Bytes that one source writes once and any number of readers read from the beginning, also while they are being written.
 * They lie in a file that has no name: it goes with its last user, however the process ends.
 */
export class StandingSpool {
  readonly #file: FileHandle
  #bytes = 0
  #state: 'filling' | 'whole' | 'broken' = 'filling'
  #users = 1
  #isLeft = false
  #wake = new Set<() => void>()
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #writing: Promise<void> | undefined

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** @throws what the file system throws. */
  static async begin(fill: (take: TakeBytes) => Promise<void>): Promise<StandingSpool> {
    const path = join(tmpdir(), `verzet-standings-${randomUUID()}`)
    const spool = new StandingSpool(await open(path, 'wx+', 0o600))
    await rm(path)
    void spool.#fill(fill)
    return spool
  }

  /** Every use needs its `leave`. */
  use(): void {
    this.#users += 1
  }

  /** When nobody uses it any more, filling is given up and the file goes. */
  async leave(): Promise<void> {
    this.#users -= 1
    if (this.#users > 0) return
    this.#isLeft = true
    await this.#writing?.catch(() => {})
    await this.#file.close()
  }

  /** @throws when filling it fails. */
  async *read(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let offset = 0; !signal.aborted; ) {
      const wanted = Math.min(chunkBytes, this.#bytes - offset)
      if (wanted > 0) {
        const { buffer, bytesRead } = await this.#file.read(Buffer.allocUnsafe(wanted), 0, wanted, offset)
        offset += bytesRead
        yield buffer.subarray(0, bytesRead)
      } else if (this.#state === 'whole') return
      else if (this.#state === 'broken') throw new Error('the standings could not be read')
      else await this.#moreOr(signal)
    }
  }

  async #fill(fill: (take: TakeBytes) => Promise<void>): Promise<void> {
    try {
      await fill((pieces) => this.#take(pieces))
      while (this.#waiting.length > 0) await this.#flush()
      await this.#writing
      this.#state = 'whole'
    } catch {
      // Whoever reads is told, and comes back.
      this.#state = 'broken'
    }
    this.#tell()
  }

  #take(pieces: readonly Uint8Array[]): Promise<void> | undefined {
    if (this.#isLeft) throw new Error('nobody reads the standings any more')
    this.#waiting.push(...pieces)
    for (const { length } of pieces) this.#waitingBytes += length
    if (this.#waitingBytes < chunkBytes) return undefined
    const writing = this.#flush()
    // A failure is met by the next who waits, at the latest at the end.
    writing.catch(() => {})
    return this.#waitingBytes > waitingBytesMax ? writing : undefined
  }

  /** One write at a time, so that they follow each other. */
  async #flush(): Promise<void> {
    if (this.#writing === undefined) {
      this.#writing = this.#write()
      await this.#writing
      this.#writing = undefined
    } else await this.#writing
  }

  async #write(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting)
    this.#waiting = []
    await this.#file.writeFile(bytes)
    this.#waitingBytes -= bytes.length
    this.#bytes += bytes.length
    this.#tell()
  }

  #tell(): void {
    for (const wake of this.#wake) wake()
    this.#wake.clear()
  }

  #moreOr(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake)
        resolve()
      }
      signal.addEventListener('abort', wake)
      this.#wake.add(wake)
    })
  }
}
