import { encodePosition, type Position, partitionsCount, type Standing } from '@verzet/core'
import { type Change, changesAfter, lastSequence } from '../storage/changes.ts'
import type { Database } from '../storage/database.ts'
import { pageStandings, type StandingRow, type StandingType } from '../storage/standings.ts'
import { assertNext, type ChangeTailer, type CutOff, type Follower, type TailedChange } from './change-tailer.ts'

/*
 *  no cursor                    cursor with a key        cursor
 *     │                               │                     │
 *     v                               v                     │
 *  snapshot: the feed's end is noted first, then every      │
 *  standing is paged by key ──> snapshot_end ───────────────┤
 *                                                           v
 *                                    catch up: read the changes after one's own position, page by page
 *                                                           │  as soon as one's position holds all the tailer's
 *                                                           v
 *                                    follow: take what the tailer offers; a heartbeat when it offers nothing
 *                                                           │
 *                                 cut off: too slow, database unavailable, hub closing ──> error, end
 *
 *  A standing of the snapshot may be newer than the noted end; its change then comes once more. Applying a change twice
 *  is applying it once, so a reader that resumes anywhere ends where one ends that never stopped.
 */

export type FeedEvent =
  | {
      readonly type: 'standing'
      readonly contactPoint: { readonly key: string; readonly type: StandingType }
      readonly fingerprint: string
      readonly standing: Standing
      readonly position: string
    }
  | { readonly type: 'snapshot_end'; readonly position: string }
  | {
      readonly type: 'change'
      readonly contactPoint: { readonly key: string }
      readonly fingerprint: string
      readonly standing: Standing | null
      readonly recordedAt: string
      readonly position: string
    }
  | { readonly type: 'position'; readonly position: string }
  | { readonly type: 'error'; readonly code: CutOff; readonly position: string }

/** Standings of one page: some hundred kilobytes, read in a few milliseconds. */
const snapshotPageRows = 5_000
/** Changes of one partition in one page of catching up: with all partitions full as many as a snapshot page has. */
const catchUpPartitionRows = 80
/** Proxies cut a stream that is silent for a minute; a replica that hears nothing for two of these is stale. */
export const heartbeatEveryMs = 15_000
const firstKey = '00000000-0000-0000-0000-000000000000'

/**
 * The change feed from a position, or from the beginning, a page of events at a time. Ends after catching up unless
 * `follow` is set, else when the tailer cuts it off or the signal is aborted.
 */
export async function* followChanges(
  db: Database,
  tailer: ChangeTailer,
  from: Position | undefined,
  options: { readonly follow: boolean; readonly signal: AbortSignal; readonly heartbeatMs?: number },
): AsyncGenerator<readonly FeedEvent[]> {
  let last = from?.last
  if (last === undefined || from?.snapshotKey !== undefined) {
    last ??= await lastSequence(db)
    yield* snapshot(db, last, from?.snapshotKey ?? firstKey)
  }
  if (!options.follow) {
    last = yield* catchUp(db, last)
    yield [{ type: 'position', position: encodePosition({ last }) }]
    return
  }
  await tailer.open()
  let follower: Follower | undefined
  const leave = () => follower?.cut('closing')
  options.signal.addEventListener('abort', leave)
  try {
    last = yield* catchUp(db, last, (reached) => {
      follower = tailer.attach(reached)
      if (options.signal.aborted) leave()
      return follower !== undefined
    })
    const position = encodePosition({ last })
    // The first heartbeat says that the reader is up to date.
    yield [{ type: 'position', position }]
    if (follower !== undefined) yield* follow(follower, position, tailer, options.heartbeatMs ?? heartbeatEveryMs)
  } finally {
    options.signal.removeEventListener('abort', leave)
    tailer.close(follower)
  }
}

async function* snapshot(
  db: Database,
  last: readonly bigint[],
  afterKey: string,
): AsyncGenerator<readonly FeedEvent[]> {
  let key = afterKey
  for (;;) {
    const rows = await pageStandings(db, key, snapshotPageRows)
    // An empty standing answers like none at all.
    yield rows.filter((row) => !isEmpty(row.record)).map((row) => standingEvent(row, last))
    if (rows.length < snapshotPageRows) break
    key = rows.at(-1)?.contactKey ?? key
  }
  yield [{ type: 'snapshot_end', position: encodePosition({ last }) }]
}

/**
 * Reads on until nothing is left or, when given, `arrived` says that the reader may stop. It is asked in the same turn
 * as the read ends, or the tailer would move on meanwhile; while it says no, the next read gets what the tailer had more.
 */
async function* catchUp(
  db: Database,
  from: readonly bigint[],
  arrived?: (last: readonly bigint[]) => boolean,
): AsyncGenerator<readonly FeedEvent[], bigint[]> {
  const last = Array.from({ length: partitionsCount }, (_, partition) => from[partition] ?? 0n)
  for (;;) {
    const known = last.map((number, partition) => ({ partition, last: number }))
    const changes = await changesAfter(db, known, catchUpPartitionRows)
    const events = changes.map((change) => {
      assertNext(change, last[change.partition] ?? 0n)
      last[change.partition] = change.seq
      return changeEvent(change, encodePosition({ last }))
    })
    const isDone = arrived === undefined ? changes.length === 0 : arrived(last)
    yield events
    if (isDone) return last
  }
}

async function* follow(
  follower: Follower,
  from: string,
  tailer: ChangeTailer,
  heartbeatMs: number,
): AsyncGenerator<readonly FeedEvent[]> {
  let position = from
  let saidAtMs = performance.now()
  for (;;) {
    const changes = await follower.take(heartbeatMs)
    position = changes.at(-1)?.position ?? position
    yield changes.map(tailedEvent)
    if (follower.cutOff !== undefined) {
      yield [{ type: 'error', code: follower.cutOff, position }]
      return
    }
    // Among changes too: only this line says that nothing before it is missing.
    const isDue = performance.now() - saidAtMs >= heartbeatMs
    if (changes.length > 0 && !isDue) continue
    if (tailer.isFresh) yield [{ type: 'position', position }]
    saidAtMs = performance.now()
  }
}

/** One event for all who follow, so that it is written once. */
const tailedEvents = new WeakMap<TailedChange, FeedEvent>()

function tailedEvent(change: TailedChange): FeedEvent {
  const known = tailedEvents.get(change)
  if (known !== undefined) return known
  const event = changeEvent(change, change.position)
  tailedEvents.set(change, event)
  return event
}

function standingEvent(row: StandingRow, last: readonly bigint[]): FeedEvent {
  return {
    type: 'standing',
    contactPoint: { key: row.contactKey, type: row.type },
    fingerprint: fingerprintText(row.fingerprint),
    standing: row.record,
    position: encodePosition({ last, snapshotKey: row.contactKey }),
  }
}

/** A step of the feed with the cursor after it. */
export function changeEvent(change: Change, position: string): FeedEvent {
  return {
    type: 'change',
    contactPoint: { key: change.contactKey },
    fingerprint: fingerprintText(change.fingerprint),
    standing: change.record,
    recordedAt: change.recordedAt.toISOString(),
    position,
  }
}

function isEmpty(standing: Standing): boolean {
  return standing.groups.length === 0 && Object.keys(standing).length === 1
}

/** Stored as a signed number; written as what SipHash gives: 64 bits, 16 hex digits. */
function fingerprintText(fingerprint: bigint): string {
  return BigInt.asUintN(64, fingerprint).toString(16).padStart(16, '0')
}
