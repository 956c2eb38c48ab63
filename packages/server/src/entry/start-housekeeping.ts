import { forgetRelayedMails } from '../services/forget-relayed-mails.ts'
import { forgetSeenMails } from '../services/forget-seen-mails.ts'
import type { Hub } from '../services/hub.ts'
import { forgetOldIdempotencyKeys } from '../services/idempotency.ts'
import { closeUnansweredLeaves } from '../services/leaving/close-leaves.ts'
import { forgetOldSignUps } from '../services/sign-up/forget-old-sign-ups.ts'
import { forgetOldStaffData } from '../services/staff/forget-old-staff-data.ts'
import { forgetSeenTexts } from '../services/texts/forget-seen-texts.ts'

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

const chores: readonly { readonly what: string; readonly run: (hub: Hub) => Promise<unknown> }[] = [
  { what: 'old idempotency keys', run: ({ db, clock }) => forgetOldIdempotencyKeys(db, clock()) },
  { what: 'the marks of mails heard long ago', run: ({ db, clock }) => forgetSeenMails(db, clock()) },
  { what: 'mails passed on long ago', run: ({ db, clock }) => forgetRelayedMails(db, clock()) },
  {
    what: 'questions about leaving that nobody answered',
    run: ({ db, random, clock }) => closeUnansweredLeaves(db, random, clock()),
  },
  { what: 'the marks of texts heard long ago', run: ({ db, clock }) => forgetSeenTexts(db, clock()) },
  { what: 'old sessions of staff', run: forgetOldStaffData },
  { what: 'sign-ups that nobody confirmed', run: ({ db, clock }) => forgetOldSignUps(db, clock()) },
]

async function tidy(hub: Hub, log: (line: string) => void): Promise<void> {
  for (const { what, run } of chores) {
    try {
      await run(hub)
    } catch {
      log(`${what} could not be removed; trying again in an hour`)
    }
  }
}
