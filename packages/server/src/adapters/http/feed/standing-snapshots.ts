import { BlockReader, blockKinds, magic, writeBlock } from '@verzet/gate'
import type { TakeBytes } from '../../../services/read-standings.ts'
import { StandingSpool } from './standing-spool.ts'

/** Gates that start within this long of each other share one reading of the database, which takes seconds for millions. */
const keptForMs = 300_000
/** What was said since the reading they hear as changes, each of which takes a gate as long as fifty entries of a reading. */
const changesSinceMax = 1_000n
/** Nothing is read anew for so many times as long as reading took: where thousands start, the database has other work. */
const restsPerReading = 5

type Kept = {
  readonly spool: Promise<StandingSpool>
  readonly timer: NodeJS.Timeout
  readonly beganAt: number
  /** Undefined where the database did not say. */
  readonly changesAtFirst: Promise<bigint | undefined>
  /** Undefined until all of it was read. */
  readingMs: number | undefined
}

/** Hands out everything the hub knows at once, to any number of gates, reading the database once for all of them. */
export class StandingSnapshots {
  readonly #fill: (take: TakeBytes) => Promise<void>
  readonly #countChanges: () => Promise<bigint>
  #kept: Kept | undefined

  /** @param countChanges how many changes the feed has had */
  constructor(fill: (take: TakeBytes) => Promise<void>, countChanges: () => Promise<bigint>) {
    this.#fill = fill
    this.#countChanges = countChanges
  }

  /** @throws in the middle when reading fails; the next who asks makes it begin anew. */
  async *read(options: { readonly withIds: boolean; readonly signal: AbortSignal }): AsyncGenerator<Uint8Array> {
    const before = this.#kept
    if (before !== undefined && (await this.#isOvertaken(before))) this.#forget(before)
    const kept = this.#kept ?? this.#begin()
    try {
      // In the same turn, or whoever forgets it would close it first.
      const spool = await kept.spool.then((one) => {
        one.use()
        return one
      })
      try {
        const bytes = spool.read(options.signal)
        if (options.withIds) yield* bytes
        else yield* withoutIds(bytes)
      } finally {
        await spool.leave()
      }
    } catch (error) {
      this.#forget(kept)
      throw error
    }
  }

  close(): void {
    if (this.#kept !== undefined) this.#forget(this.#kept)
  }

  #begin(): Kept {
    const beganAt = performance.now()
    const timer = setTimeout(() => this.#forget(kept), keptForMs)
    timer.unref()
    const fill = async (take: TakeBytes) => {
      await this.#fill(take)
      kept.readingMs = performance.now() - beganAt
    }
    const spool = StandingSpool.begin(fill)
    const kept: Kept = { spool, timer, beganAt, changesAtFirst: this.#changes(), readingMs: undefined }
    this.#kept = kept
    return kept
  }

  async #isOvertaken({ readingMs, beganAt, changesAtFirst }: Kept): Promise<boolean> {
    if (readingMs === undefined || performance.now() - beganAt < (1 + restsPerReading) * readingMs) return false
    const [first, now] = await Promise.all([changesAtFirst, this.#changes()])
    return first !== undefined && now !== undefined && now - first > changesSinceMax
  }

  #changes(): Promise<bigint | undefined> {
    return this.#countChanges().catch(() => undefined)
  }

  #forget(kept: Kept): void {
    if (this.#kept !== kept) return
    this.#kept = undefined
    clearTimeout(kept.timer)
    kept.spool.then((spool) => spool.leave()).catch(() => {})
  }
}

/** Two thirds of it are choices that a gate may do without. */
async function* withoutIds(bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const blocks = new BlockReader()
  yield magic
  for await (const piece of bytes) {
    const kept: Uint8Array[] = []
    for (const { kind, entries, payload } of blocks.read(piece)) {
      if (kind !== blockKinds.ids) kept.push(writeBlock(kind, entries, payload))
    }
    if (kept.length > 0) yield Buffer.concat(kept)
  }
}
