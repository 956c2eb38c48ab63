import { insertContactPoints } from '../storage/contact-points.ts'
import { transact } from '../storage/database.ts'
import { findStandings, insertStandings, lockStandings, writeStandings } from '../storage/standings.ts'
import type { Hub } from './hub.ts'
import type { KeyedContactPoint } from './ports.ts'

/**
 * Takes in contact points that links were made for elsewhere. Who said no by such a link before is known by the key
 * alone: with the fingerprint, which replicas go by, the no is told to the feed once more.
 */
export async function takeLinkContactPoints(
  { db }: Pick<Hub, 'db'>,
  given: readonly KeyedContactPoint[],
  now: number,
): Promise<number> {
  const rows = [...new Map(given.map((keyed) => [keyed.key, keyed])).values()]
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ key, contactPoint, fingerprint }) => {
      const { type, normalised } = contactPoint
      return { key, contactKey: key, type, value: normalised, fingerprint }
    })
  const keys = rows.map(({ key }) => key)
  await transact(db, async (tx) => {
    await insertContactPoints(tx, rows, now)
    const before = await findStandings(tx, keys)
    await insertStandings(tx, rows)
    // Nearly all of them nobody said anything through. A no said a moment ago is one that was not there before.
    const unheard = keys.filter((key) => (before.get(key)?.fingerprint ?? 0n) === 0n)
    const nowKnown = await lockStandings(tx, unheard)
    const told = [...nowKnown.values()].filter(({ seq }) => seq > 0n)
    if (told.length > 0) await writeStandings(tx, told, now)
  })
  return rows.length
}
