import type { Hub } from '../services/hub.ts'
import { countInsight } from '../services/insight/count-insight.ts'

/** A page of insight is at most this old, and counting today takes a small part of it. */
const countEveryMs = 60_000

/** Brings the counts behind insight up to date, now and every minute. A failure waits for the next; no no waits for it. */
export function startInsight(hub: Hub, log: (line: string) => void): AsyncDisposable {
  const stopping = new AbortController()
  let running: Promise<void> | undefined
  const count = () => {
    running ??= countInsight(hub.insightDb, hub.clock(), { signal: stopping.signal, rests: true })
      .then(() => {})
      .catch(() => log('insight could not be counted; trying again in a minute'))
      .finally(() => {
        running = undefined
      })
  }
  count()
  const timer = setInterval(count, countEveryMs)
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      stopping.abort()
      await running
    },
  }
}
