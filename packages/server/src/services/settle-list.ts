import type { About, GivenContactPoint, Settler } from '@verzet/gate'
import { askGate } from './ask-gate.ts'
import { claimSend } from './claim-send.ts'
import type { Hub } from './hub.ts'

/** Each is a transaction of its own; more at once wait for the same disk. */
const atOnce = 16

type Parts = Pick<Hub, 'db' | 'catalog' | 'secrets' | 'clock' | 'random'>

/** Whether people who asked for at most so many messages may have one more; only the database knows how many they had. */
export function askAboutLimits({ db, catalog, secrets, clock }: Parts, about: About): Settler {
  return {
    isNeeded: ({ reason }) => reason === 'cadence',
    settle: (points) =>
      askGate(
        db,
        catalog,
        secrets,
        points.map((contactPoint) => ({ contactPoint, ...about })),
        clock(),
      ),
  }
}

/** Counts a message to everybody who may have one, in the order of the list. */
export function claimEach({ db, catalog, secrets, clock, random }: Parts, about: About): Settler {
  const claim = (contactPoint: GivenContactPoint) =>
    claimSend(db, catalog, secrets, random, { contactPoint, ...about }, clock())
  return {
    isNeeded: ({ decision, reason }) => decision === 'allow' || reason === 'cadence',
    settle: (points) => inTurns(points, claim),
  }
}

/** The same for each, some at once, in their order. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let from = 0; from < items.length; from += atOnce) {
    results.push(...(await Promise.all(items.slice(from, from + atOnce).map(work))))
  }
  return results
}
