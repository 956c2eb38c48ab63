import { BlockReader, blockKinds, magic, writeBlock } from '@verzet/gate'
import type { TakeBytes } from '../../../services/read-standings.ts'
import { StandingSpool } from './standing-spool.ts'

/**
 * Gates that start within this long of each other share one reading of the database, which takes seconds for millions. What
 * was said meanwhile they hear as changes: at a hundred a second a second's worth of lines.
 */
const keptForMs = 300_000

type Kept = { readonly spool: Promise<StandingSpool>; readonly timer: NodeJS.Timeout }

/** Hands out everything the hub knows at once, to any number of gates, reading the database once for all of them. */
export class StandingSnapshots {
  readonly #fill: (take: TakeBytes) => Promise<void>
  #kept: Kept | undefined

  constructor(fill: (take: TakeBytes) => Promise<void>) {
    this.#fill = fill
  }

  /** @throws in the middle when reading fails; the next who asks makes it begin anew. */
  async *read(options: { readonly withIds: boolean; readonly signal: AbortSignal }): AsyncGenerator<Uint8Array> {
    const kept = this.#keep()
    try {
      const spool = await kept.spool
      spool.use()
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

  #keep(): Kept {
    if (this.#kept !== undefined) return this.#kept
    const timer = setTimeout(() => this.#forget(kept), keptForMs)
    timer.unref()
    const kept = { spool: StandingSpool.begin(this.#fill), timer }
    this.#kept = kept
    return kept
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
