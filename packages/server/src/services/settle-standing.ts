import { type Channel, liftDeliveryBlocks, releaseReview, type Standing } from '@verzet/core'

/** What hearing a choice shows or ends beside what it says. */
export type Settlement = {
  /** Set when it came by a message that arrived on this channel: what kept messages from arriving there is over. */
  readonly arrivedBy?: Channel
  /** The review item it decides: nothing waits for that any more. */
  readonly decides?: string
}

type SettlingChoice = Settlement & {
  readonly recordedAt: number
  readonly words: { readonly saidAt: number | null }
}

/** The standing of the contact point a choice was said through, with that taken in. */
export function settleStanding(standing: Standing, by: SettlingChoice): Standing {
  // A mail that lay in a mailbox shows what worked when it came.
  const at = Math.min(by.words.saidAt ?? by.recordedAt, by.recordedAt)
  const alive = by.arrivedBy === undefined ? standing : liftDeliveryBlocks(standing, by.arrivedBy, at)
  return by.decides === undefined ? alive : releaseReview(alive, by.decides)
}
