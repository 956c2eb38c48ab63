/**
 * The life of a gate, every state and every event:
 *
 * - `starting`: nothing is known yet, or what was known turned out to be incomplete.
 * - `loading`: the snapshot arrives.
 * - `catching_up`: everything up to some moment is known; what came after arrives.
 * - `fresh`: the hub said a moment ago that nothing is missing.
 * - `unsure`: the line broke a moment ago; a no may have been said since.
 * - `stale`: that was too long ago.
 * - `overfull`: the memory it was given is used up; what came after is not known.
 * - `closed`: the end.
 *
 * Only `fresh` and `unsure` answer; all others deny (rule 6).
 */
export const gateStates = [
  'starting',
  'loading',
  'catching_up',
  'fresh',
  'unsure',
  'stale',
  'overfull',
  'closed',
] as const
export type GateState = (typeof gateStates)[number]

/**
 * - `opened_new`, `opened_after`: the hub answered a request for everything, or for what came after a cursor.
 * - `snapshot_end`, `change`, `position`: lines of the feed.
 * - `cut`: the line broke, was refused or ended.
 * - `silent`: nothing was heard for `staleAfterMs`.
 * - `gap`: a change is missing, or a line could not be read.
 * - `full`, `close`: memory used up; the caller is done.
 */
export const gateEvents = [
  'opened_new',
  'opened_after',
  'snapshot_end',
  'change',
  'position',
  'cut',
  'silent',
  'gap',
  'full',
  'close',
] as const
export type GateEvent = (typeof gateEvents)[number]

type Row = Readonly<Record<GateEvent, GateState>>

const ended = (state: GateState): Row => ({
  opened_new: state,
  opened_after: state,
  snapshot_end: state,
  change: state,
  position: state,
  cut: state,
  silent: state,
  gap: state,
  full: state,
  close: 'closed',
})

/** What follows when the event happens in the state. */
export const gateLife: Readonly<Record<GateState, Row>> = {
  starting: {
    opened_new: 'loading',
    opened_after: 'catching_up',
    snapshot_end: 'starting',
    change: 'starting',
    position: 'starting',
    cut: 'starting',
    silent: 'starting',
    gap: 'starting',
    full: 'overfull',
    close: 'closed',
  },
  loading: {
    opened_new: 'loading',
    opened_after: 'loading',
    snapshot_end: 'catching_up',
    change: 'loading',
    // A snapshot that was broken off goes on after its cursor; no position is said before its end.
    position: 'loading',
    cut: 'loading',
    silent: 'loading',
    gap: 'starting',
    full: 'overfull',
    close: 'closed',
  },
  catching_up: {
    opened_new: 'loading',
    opened_after: 'catching_up',
    snapshot_end: 'catching_up',
    change: 'catching_up',
    position: 'fresh',
    cut: 'catching_up',
    silent: 'catching_up',
    gap: 'starting',
    full: 'overfull',
    close: 'closed',
  },
  fresh: {
    opened_new: 'loading',
    opened_after: 'unsure',
    snapshot_end: 'fresh',
    change: 'fresh',
    position: 'fresh',
    cut: 'unsure',
    silent: 'stale',
    gap: 'starting',
    full: 'overfull',
    close: 'closed',
  },
  unsure: {
    opened_new: 'loading',
    opened_after: 'unsure',
    snapshot_end: 'unsure',
    change: 'unsure',
    position: 'fresh',
    cut: 'unsure',
    silent: 'stale',
    gap: 'starting',
    full: 'overfull',
    close: 'closed',
  },
  stale: {
    opened_new: 'loading',
    opened_after: 'catching_up',
    snapshot_end: 'stale',
    change: 'stale',
    position: 'fresh',
    cut: 'stale',
    silent: 'stale',
    gap: 'starting',
    full: 'overfull',
    close: 'closed',
  },
  overfull: ended('overfull'),
  closed: ended('closed'),
}

export function answersIn(state: GateState): boolean {
  return state === 'fresh' || state === 'unsure'
}
