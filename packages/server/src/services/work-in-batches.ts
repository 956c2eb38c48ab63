import { isOutage } from '../storage/outage.ts'

/** The batch under way is full and so are the ones that wait: the caller answers that it should be tried again. */
export class BatchesOverloaded extends Error {
  readonly code = 'overloaded'
}

type Waiting<Item, Result> = {
  readonly item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

export type BatchLimits = {
  /** Items one call of `work` gets at most. */
  readonly itemsMax: number
  /** Calls under way at once. */
  readonly atOnceMax: number
  /** Items that may wait. */
  readonly waitingMax: number
}

/**
 * Makes one call out of many that are asked for at the same time: what arrives while calls are under way shares the
 * next one. Alone, an item waits for nobody. Results come in the order of the items. A call that fails is tried again
 * item by item, so that one of them does not fail the others, but for an outage, which would only fail each of them.
 */
export function workInBatches<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  limits: BatchLimits,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = []
  let running = 0

  async function runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await work(batch.map(({ item }) => item))
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index]
        if (result === undefined) reject(new Error('a batch left an item without a result'))
        else resolve(result)
      })
    } catch (error) {
      if (batch.length === 1 || isOutage(error)) for (const { reject } of batch) reject(error)
      else for (const one of batch) await runBatch([one])
    }
  }

  async function run(): Promise<void> {
    running += 1
    // What is read in the same turn of the event loop joins the first batch.
    await new Promise(setImmediate)
    while (waiting.length > 0) await runBatch(waiting.splice(0, limits.itemsMax))
    running -= 1
  }

  return (item) => {
    if (waiting.length >= limits.waitingMax) return Promise.reject(new BatchesOverloaded('too many items waiting'))
    return new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (running < limits.atOnceMax) void run()
    })
  }
}
