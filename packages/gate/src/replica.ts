import { decodePosition, type Position, partitionOf, type Standing } from '@verzet/core'
import { type FeedLine, FeedUnreadable } from './feed-line.ts'
import type { GateRecord } from './gate-record.ts'
import type { StandingIndex } from './standing-index.ts'

/** Two contact points with one fingerprint are expected once in many deployments; more than this is an attack or a bug. */
const sharedFingerprintsMax = 100_000

/** A standing of a snapshot, and what the index keeps of it. */
export type LoadedStanding = { readonly standing: Standing; readonly record: GateRecord }

/**
 * Applies the lines of the feed to an index. A change twice is a change once; a change that is missing is noticed by its
 * number, since the numbers of a partition have no gap.
 */
export class Replica {
  readonly index: StandingIndex
  #last: bigint[] = []
  #isLoading = false
  /** Whose fingerprint met another's in the snapshot: the standings of both, by key. The stricter of them answers. */
  readonly #shared = new Map<string, Map<string, Standing>>()
  /** Of those who share a fingerprint one refused everything: they stay refused until everything is loaded again. */
  readonly #pinned = new Set<string>()

  constructor(index: StandingIndex, last: readonly bigint[] = []) {
    this.index = index
    this.#last = [...last]
  }

  /** True when what the index holds is not all there is to know: of some contact points one standing had to stand for two. */
  get sharesFingerprints(): boolean {
    return this.#shared.size + this.#pinned.size > 0
  }

  /** One that goes on after a cursor. @throws {FeedUnreadable} when it is no cursor. */
  static at(index: StandingIndex, cursor: string): Replica {
    const position = decodePosition(cursor)
    if (position === undefined) throw new FeedUnreadable('the snapshot has no cursor')
    return new Replica(index, position.last)
  }

  /** @throws {FeedUnreadable} when a change is missing: everything has to be loaded again. */
  apply(line: Extract<FeedLine, { type: 'standing' | 'change' | 'snapshot_end' | 'position' }>): void {
    if (line.type === 'standing') {
      this.#isLoading = true
      this.#last = [...line.position.last]
      this.#add(line.low, line.high, line.key, line.standing)
      return
    }
    if (line.type === 'snapshot_end') this.#isLoading = false
    if (line.type !== 'change') {
      if (!this.#isLoading) this.#assertComplete(line.position)
      this.#last = [...line.position.last]
      return
    }
    const partition = partitionOf(line.key)
    const { number } = line
    const known = this.#last[partition] ?? 0n
    if (number > known + 1n) throw new FeedUnreadable('a change is missing')
    this.#change(line.low, line.high, line.key, line.standing)
    if (number > known) this.#last[partition] = number
  }

  /** Takes refusals of a snapshot that is read in one go, as `StandingIndex.putRefusals` does. Gives their slots. */
  loadRefusals(pairs: Uint32Array): Int32Array {
    this.#isLoading = true
    const slots = this.index.putRefusals(pairs)
    for (let index = 0; index < slots.length; index += 1) {
      if ((slots[index] ?? 0) < 0) this.#pin(pairs[2 * index] ?? 0, (pairs[2 * index + 1] ?? 0) >>> 3)
    }
    return slots
  }

  /** Takes another standing of such a snapshot. What they are the standings of is not said, nor needed but here. */
  loadStanding(low: number, high: number, { standing, record }: LoadedStanding): void {
    this.#isLoading = true
    if (!this.index.putNew(low, high, record)) this.#add(low, high, `nameless ${this.index.entries}`, standing)
  }

  /** Such a snapshot is whole, and holds everything until there. */
  standAt(position: Position): void {
    this.#isLoading = false
    this.#last = [...position.last]
  }

  /** The hub's position may not hold more than the changes that arrived. */
  #assertComplete(position: Position): void {
    if (this.#last.length === 0) return
    for (const [partition, number] of position.last.entries()) {
      if (number > (this.#last[partition] ?? 0n)) throw new FeedUnreadable('the hub stands further than its changes')
    }
  }

  /** In a snapshot each contact point comes once: who is there already is another one, or the same after a break. */
  #add(low: number, high: number, key: string, standing: Standing | null): void {
    const found = this.index.find(low, high)
    const name = nameOf(low, high)
    const shared = this.#shared.get(name)
    if (found.kind === 'nothing' && shared === undefined) {
      this.index.set(low, high, standing)
      return
    }
    if (found.kind === 'refusal') {
      this.#pin(low, high)
      return
    }
    this.#merge(
      low,
      high,
      key,
      standing,
      shared ?? this.#share(name, found.kind === 'record' ? found.standing : undefined),
    )
  }

  #change(low: number, high: number, key: string, standing: Standing | null): void {
    if (!this.sharesFingerprints) {
      this.index.set(low, high, standing)
      return
    }
    const name = nameOf(low, high)
    if (this.#pinned.has(name)) return
    const shared = this.#shared.get(name)
    if (shared === undefined) this.index.set(low, high, standing)
    else this.#merge(low, high, key, standing, shared)
  }

  #pin(low: number, high: number): void {
    this.#pinned.add(nameOf(low, high))
    if (this.#pinned.size > sharedFingerprintsMax)
      throw new FeedUnreadable('too many contact points share a fingerprint')
  }

  #share(name: string, first: Standing | undefined): Map<string, Standing> {
    if (this.#shared.size >= sharedFingerprintsMax)
      throw new FeedUnreadable('too many contact points share a fingerprint')
    const refusal = { groups: [{ relation: null, items: [{ id: '', kind: 'objection' as const, scope: {}, at: 0 }] }] }
    const shared = new Map<string, Standing>([['', first ?? refusal]])
    this.#shared.set(name, shared)
    return shared
  }

  /** Groups are judged apart and one no is enough, so all of them together are the stricter; nothing of it opens. */
  #merge(low: number, high: number, key: string, standing: Standing | null, shared: Map<string, Standing>): void {
    if (standing === null) shared.delete(key)
    else shared.set(key, standing)
    const all = [...shared.values()]
    this.index.set(low, high, {
      ...(standing?.country !== undefined && { country: standing.country }),
      groups: all.flatMap((one) => one.groups),
      undeliverable: all.flatMap((one) => one.undeliverable ?? []),
      held: all.flatMap((one) => one.held ?? []),
      listedIn: all.flatMap((one) => one.listedIn ?? []),
    })
  }
}

/** Refusals lack three bits of the high word: those of them that only differ there are alike. */
function nameOf(low: number, high: number): string {
  return `${low} ${(high << 3) >>> 0}`
}
