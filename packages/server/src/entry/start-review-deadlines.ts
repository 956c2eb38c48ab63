import type { Hub } from '../services/hub.ts'
import { settleOverdueReviews } from '../services/review/settle-overdue.ts'

/** What waits goes on waiting until then, so nothing opens in these minutes. */
const settleEveryMs = 5 * 60_000

/**
 * Looks now and every five minutes for words that nobody judged in time, records their no, and raises the alarm in the
 * log: a number of items and nothing of what they say. A failure waits for the next round.
 */
export function startReviewDeadlines(hub: Hub, alarm: (line: string) => void): AsyncDisposable {
  const state = { hasFailed: false, waiting: 0 }
  let running = settle(hub, state, alarm)
  const timer = setInterval(() => {
    running = running.then(() => settle(hub, state, alarm))
  }, settleEveryMs)
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}

type State = { hasFailed: boolean; waiting: number }

/** Each trouble is said when it begins or grows, not every five minutes. */
async function settle(hub: Hub, state: State, alarm: (line: string) => void): Promise<void> {
  try {
    const { settled, waiting } = await settleOverdueReviews(hub)
    state.hasFailed = false
    if (settled > 0)
      alarm(`review: ${settled} not decided in time, recorded as no; see "verzet review list --status decided"`)
    if (waiting > state.waiting)
      alarm(`review: ${waiting} past the deadline that only a human can decide; see "verzet review list"`)
    state.waiting = waiting
  } catch {
    if (!state.hasFailed) alarm('review: the deadlines could not be looked at; what waits goes on waiting')
    state.hasFailed = true
  }
}
