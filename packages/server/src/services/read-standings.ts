import { encodePosition } from '@verzet/core'
import { StandingWriter } from '@verzet/gate'
import { lastSequence } from '../storage/changes.ts'
import { copyStandings } from '../storage/copy-standings.ts'
import { type Database, transact } from '../storage/database.ts'
import { countStandings } from '../storage/standings.ts'

/** Takes the bytes of every standing, in order. What it returns is waited for before more is read; it may throw. */
export type TakeBytes = (pieces: readonly Uint8Array[]) => Promise<void> | undefined

/**
 * Reads every standing once, as the bytes a gate starts from. The position is taken first: a standing that is newer comes
 * once more as a change after it, and applying a change twice is applying it once.
 * @throws what the database throws; what was taken by then is not everything.
 */
export async function readStandings(db: Database, take: TakeBytes): Promise<void> {
  const position = encodePosition({ last: await lastSequence(db) })
  const writer = new StandingWriter({ position, entries: await countStandings(db) })
  await transact(
    db,
    (tx) =>
      copyStandings(tx, {
        take: (low, high, record) => writer.add(low, high, record),
        wait: () => take(writer.take()),
      }),
    // A second attempt would begin anew behind what was taken.
    { readOnly: true, attemptsMax: 1 },
  )
  await take(writer.end())
}
