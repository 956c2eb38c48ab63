import type { Hub } from '../../../../services/hub.ts'

const lastTurns = new WeakMap<Hub, Promise<unknown>>()

/**
 * Forms of this room are read, judged and stored one after the other, each over what is stored by then. Judging a page
 * takes a while: of two forms that were sent in the same moment the later one would not notice the other. What another
 * process stores while one is judged is still not noticed.
 */
export function inTurn<T>(hub: Hub, work: () => Promise<T>): Promise<T> {
  const before = lastTurns.get(hub) ?? Promise.resolve()
  const turn = before.then(async () => {
    await hub.catalog.reload()
    return work()
  })
  lastTurns.set(
    hub,
    turn.catch(() => {}),
  )
  return turn
}
