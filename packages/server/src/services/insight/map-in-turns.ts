import { setImmediate } from 'node:timers/promises'

/** One or two milliseconds of work on what people wrote. */
const itemsAtOnce = 100

/** Maps a long list, and lets whatever came meanwhile have its turn after every hundred items. */
export async function mapInTurns<T, U>(items: readonly T[], map: (item: T, index: number) => U): Promise<U[]> {
  const mapped: U[] = []
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % itemsAtOnce === 0) await setImmediate()
    mapped.push(map(item, index))
  }
  return mapped
}
