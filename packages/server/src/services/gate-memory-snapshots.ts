import { setTimeout as sleep } from 'node:timers/promises'
import { encodePosition } from '@verzet/core'
import { ChangedSince, snapshotOf } from '@verzet/gate'
import type { LoadedMemory } from './load-gate-memory.ts'
import type { TakeBytes } from './read-standings.ts'

/** Hands on what the gate's memory holds while changes go on being applied to it. */
export class GateMemorySnapshots {
  readonly #underWay = new Set<ChangedSince>()

  /** A change is being applied. */
  note(low: number, high: number): void {
    for (const changed of this.#underWay) changed.note(low, high)
  }

  /**
   * The bytes a gate starts from. A memory that does not know which contact points share a fingerprint could not tell a
   * gate: whoever asks has to be told by the database then, and this must not be called.
   * @param isCurrent false once the memory was forgotten: what was true in it may be no more
   */
  async write(
    { index, last }: Pick<LoadedMemory, 'index' | 'last'>,
    take: TakeBytes,
    isCurrent: () => boolean,
  ): Promise<void> {
    const changed = new ChangedSince()
    // Where changes without a fingerprint are put: nobody's, and the database does not send it either.
    changed.note(0, 0)
    this.#underWay.add(changed)
    try {
      for (const blocks of snapshotOf(index, encodePosition({ last }), changed)) {
        await take(blocks)
        // Who asks the gate meanwhile has a turn.
        await new Promise(setImmediate)
        if (!isCurrent()) throw new Error("the gate's memory was forgotten while it was handed on")
      }
    } finally {
      this.#underWay.delete(changed)
    }
  }
}

/** Waits until it is done or has failed, and no longer than this. */
export async function settledWithin(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  const done = new AbortController()
  const settled = work.catch(() => {})
  await Promise.race([settled, sleep(timeoutMs, undefined, { signal: done.signal, ref: false }).catch(() => {})])
  done.abort()
}
