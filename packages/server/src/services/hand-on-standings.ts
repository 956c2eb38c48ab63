import type { Hub } from './hub.ts'
import { readStandings, type TakeBytes } from './read-standings.ts'

/**
 * Every standing once, as the bytes a gate starts from: out of the gate's memory where this process has it, which takes a
 * tenth of the time, and else out of the database.
 * @throws what the database throws, and when the memory is forgotten in the middle; what was taken by then is not everything.
 */
export async function handOnStandings(hub: Pick<Hub, 'db' | 'gateMemory'>, take: TakeBytes): Promise<void> {
  const isHandedOn = await hub.gateMemory?.writeStandings(take)
  if (isHandedOn !== true) await readStandings(hub.db, take)
}
