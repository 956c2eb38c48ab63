import { decodePosition } from '@verzet/core'
import { Replica, StandingIndex, StandingLoader } from '@verzet/gate'
import type { Database } from '../storage/database.ts'
import { keysWithoutFingerprint } from '../storage/standings.ts'
import { readStandings } from './read-standings.ts'

/** Everything that was known at a place in the feed, or later. */
export type LoadedMemory = {
  readonly index: StandingIndex
  readonly replica: Replica
  readonly last: bigint[]
  /** Known by their key alone, as who said no by a link the hub had lost sight of: no fingerprint finds them. */
  readonly keysOnly: Set<string>
}

/** @throws what `assertGoingOn` throws, which is asked between two pieces, and what the database throws. */
export async function loadGateMemory(
  db: Database,
  assertGoingOn: (index: StandingIndex) => void,
): Promise<LoadedMemory> {
  const index = new StandingIndex()
  const replica = new Replica(index)
  const loader = new StandingLoader(replica)
  await readStandings(db, (pieces) => {
    for (const piece of pieces) loader.take(piece)
    assertGoingOn(index)
    // Who asks meanwhile has a turn between two pieces.
    return pieces.length === 0 ? undefined : new Promise(setImmediate)
  })
  const position = decodePosition(loader.end())
  if (position === undefined) throw new Error('the standings end at no position')
  // What was said by key alone since that position comes as a change.
  const keysOnly = new Set(await keysWithoutFingerprint(db))
  return { index, replica, last: [...position.last], keysOnly }
}

/** The process ends while it loads. */
export class Interrupted extends Error {}

export class MemoryFull extends Error {
  override readonly name = 'MemoryFull'
  readonly code = 'gate_memory_full'

  constructor(bytes: number) {
    super(`the gate's memory would take ${bytes} bytes, more than it was given: the database answers instead`)
  }
}
