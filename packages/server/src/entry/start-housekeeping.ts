import type { Hub } from '../services/hub.ts'
import { forgetOldIdempotencyKeys } from '../services/idempotency.ts'

const tidyEveryMs = 3_600_000

/** Removes, now and every hour, what is kept for a time only. A failure waits for the next hour; nothing depends on it. */
export function startHousekeeping(hub: Hub, log: (line: string) => void): AsyncDisposable {
  let running = tidy(hub, log)
  const timer = setInterval(() => {
    running = tidy(hub, log)
  }, tidyEveryMs)
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}

async function tidy(hub: Hub, log: (line: string) => void): Promise<void> {
  try {
    await forgetOldIdempotencyKeys(hub.db, hub.clock())
  } catch {
    log('old idempotency keys could not be removed; trying again in an hour')
  }
}
