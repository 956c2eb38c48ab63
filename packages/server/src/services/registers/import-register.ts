import { delistFromRegister, listInRegister } from '@verzet/core'
import { type Database, type Transaction, transact } from '../../storage/database.ts'
import {
  countListed,
  deleteListings,
  listRegisters,
  lockOutdatedListings,
  markListed,
  openSnapshot,
  putInForce,
} from '../../storage/registers.ts'
import { findStandings } from '../../storage/standings.ts'
import { amendStandings } from '../amend-standings.ts'
import type { KeyedContactPoint } from '../ports.ts'

/**
 * A snapshot of an outside list comes in without ever opening what it closes:
 *
 *   read   every number of the file is listed as it is read; who is on the old list stays on it     (stricter, never laxer)
 *   swap   one row says that this snapshot is in force, once all of it is listed: the age moves here
 *   clear  who is on no snapshot since then is taken off, batch by batch
 *
 * Broken off anywhere, the gate goes on with the older age and too many listed; the same command goes on.
 */
export type Snapshot = { readonly register: string; readonly takenAt: number }

/** Clocks of two machines differ by this much without anything being wrong. */
const takenAheadMsMax = 5 * 60_000
/** A list that loses more than half of its numbers from one snapshot to the next was cut off on its way. */
const shrinkFactorMax = 2n
/** Of a hundred lines one may be a header, a trailer or a mistake of the list's own; more is another format. */
const unreadableShareMax = 0.01
/** As the other imports have it: larger ones would hold the counters of the feed for longer than an opt-out should wait. */
const clearBatchMax = 1_000

export type BeginOutcome =
  | { readonly kind: 'reading' }
  | { readonly kind: 'in_force' }
  | { readonly kind: 'refused'; readonly reason: 'in_the_future' | 'older' | 'another_file' }

/** `file` tells this file from another: of one moment there is one snapshot. */
export async function beginSnapshot(
  db: Database,
  { register, takenAt }: Snapshot,
  file: string,
  now: number,
): Promise<BeginOutcome> {
  if (takenAt > now + takenAheadMsMax) return { kind: 'refused', reason: 'in_the_future' }
  const current = (await listRegisters(db)).find(({ id }) => id === register)?.takenAt.getTime()
  if (current !== undefined && takenAt < current) return { kind: 'refused', reason: 'older' }
  const opened = await transact(db, (tx) => openSnapshot(tx, { register, takenAt: new Date(takenAt), file }, now))
  if (opened.file !== file) return { kind: 'refused', reason: 'another_file' }
  return opened.inForceAt === null ? { kind: 'reading' } : { kind: 'in_force' }
}

/** Lists some contact points; returns how many were not listed before. Whom nobody knew is kept by its key alone. */
export async function listBatch(
  tx: Transaction,
  { register, takenAt }: Snapshot,
  points: readonly KeyedContactPoint[],
  now: number,
): Promise<number> {
  const byKey = new Map(points.map((point) => [point.key, point]))
  const keys = [...byKey.keys()].sort()
  if (keys.length === 0) return 0
  // The marks are held from here on: nobody clears them while the standings are looked at.
  await markListed(tx, register, new Date(takenAt), keys)
  const standings = await findStandings(tx, keys)
  const unlisted = keys.filter((key) => !standings.get(key)?.record.listedIn?.includes(register))
  if (unlisted.length === 0) return 0
  const subjects = unlisted.flatMap((key) => {
    const point = byKey.get(key)
    return point === undefined ? [] : [{ key, type: point.contactPoint.type, fingerprint: point.fingerprint }]
  })
  await amendStandings(tx, subjects, (standing) => listInRegister(standing, register), now)
  return unlisted.length
}

export type FinishOutcome =
  | { readonly kind: 'in_force'; readonly entries: number }
  | { readonly kind: 'doubtful'; readonly reason: 'empty' | 'shrunk' | 'unreadable'; readonly entries: number }

/**
 * Puts a snapshot in force that was read to its end. A file that looks cut off or misread is refused unless `isTrusted`:
 * it would let people be called who asked not to be. An empty one is refused in any case.
 */
export async function finishSnapshot(
  db: Database,
  { register, takenAt }: Snapshot,
  read: { readonly rows: number; readonly unreadable: number; readonly isTrusted: boolean },
  now: number,
): Promise<FinishOutcome> {
  const at = new Date(takenAt)
  return transact(db, async (tx) => {
    const entries = await countListed(tx, register, at)
    const doubtful = (reason: 'empty' | 'shrunk' | 'unreadable') =>
      ({ kind: 'doubtful', reason, entries: Number(entries) }) as const
    if (entries === 0n) return doubtful('empty')
    const before = (await listRegisters(tx)).find(({ id }) => id === register)?.entries ?? 0n
    if (!read.isTrusted && entries * shrinkFactorMax < before) return doubtful('shrunk')
    if (!read.isTrusted && read.unreadable > read.rows * unreadableShareMax) return doubtful('unreadable')
    await putInForce(tx, register, at, entries, now)
    return { kind: 'in_force', entries: Number(entries) }
  })
}

/** Takes off the list who is on no snapshot since the one in force; returns how many, or stops when it is told to. */
export async function clearOutdated(
  db: Database,
  { register, takenAt }: Snapshot,
  clock: () => number,
  signal?: AbortSignal,
): Promise<number> {
  let cleared = 0
  for (;;) {
    if (signal?.aborted) return cleared
    const keys = await transact(db, async (tx) => {
      const outdated = await lockOutdatedListings(tx, register, new Date(takenAt), clearBatchMax)
      if (outdated.length === 0) return outdated
      await deleteListings(tx, register, outdated)
      const rows = await findStandings(tx, outdated)
      // No list names a campaign, which has a standing too.
      const subjects = [...rows.values()].flatMap(({ contactKey: key, type }) =>
        type === 'campaign' ? [] : [{ key, type, fingerprint: 0n }],
      )
      await amendStandings(tx, subjects, (standing) => delistFromRegister(standing, register), clock())
      return outdated
    })
    cleared += keys.length
    if (keys.length < clearBatchMax) return cleared
  }
}
