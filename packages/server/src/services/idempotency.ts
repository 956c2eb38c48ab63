import { createHash } from 'node:crypto'
import { uuidFromHex } from '@verzet/core'
import { type Database, transact } from '../storage/database.ts'
import {
  deleteIdempotencyKey,
  deleteIdempotencyKeysBefore,
  endIdempotencyLease,
  findIdempotencyKey,
  insertIdempotencyKey,
  storeIdempotentAnswer,
  takeOverIdempotencyKey,
} from '../storage/idempotency-keys.ts'
import type { RandomBytes } from './ports.ts'

/** Two days: a queue that stood still over a weekend's Saturday night is through by then. */
export const idempotencyKeptMs = 48 * 3_600_000
/** Twice the longest statement of a request: after it the process that began is taken to be gone. */
const leaseMs = 60_000

/** A request as far as saying it twice matters. `caller` keeps the keys of two API keys apart. */
export type IdempotentRequest = {
  readonly caller: string
  readonly key: string
  readonly route: string
  readonly body: string
}

export type IdempotentAnswer = { readonly status: number; readonly body: string }

/** What the work gets instead of clock and random: the same ones when a crash makes it run again. */
export type Repeatable = { readonly now: number; readonly random: RandomBytes; readonly isRepeat: boolean }

export type IdempotencyOutcome =
  | { readonly kind: 'answered'; readonly answer: IdempotentAnswer; readonly replayed: boolean }
  | { readonly kind: 'other_request' }
  | { readonly kind: 'in_flight'; readonly retryAfterMs: number }

/**
 * Does the work once for a key and gives later requests with it the stored answer.
 *
 *   new ── work ──> answered (kept 48 hours, replayed)
 *    │  └─ refused (status 400 and up): forgotten, the key is free again
 *    └─── threw or died: the lease ends, the next request repeats the work with the same moment and random bytes,
 *         so that ids come out the same and nothing is recorded twice
 */
export async function answerOnce(
  db: Database,
  request: IdempotentRequest,
  now: number,
  work: (given: Repeatable) => Promise<IdempotentAnswer>,
): Promise<IdempotencyOutcome> {
  const key = uuidFromHex(digest(request.caller, request.key).toString('hex').slice(0, 32))
  const requestHash = digest(request.route, request.body)
  const leaseUntil = now + leaseMs
  const isFirst = await insertIdempotencyKey(db, {
    key,
    requestHash,
    createdAt: new Date(now),
    leaseUntil: new Date(leaseUntil),
  })
  if (isFirst) return run(db, key, { now, random: seededBytes(key, now), isRepeat: false }, work)

  const row = await findIdempotencyKey(db, key)
  if (row === undefined) return { kind: 'in_flight', retryAfterMs: 0 }
  if (!row.requestHash.equals(requestHash)) return { kind: 'other_request' }
  if (row.status !== null) {
    return { kind: 'answered', answer: { status: row.status, body: row.response ?? '' }, replayed: true }
  }
  if (!(await takeOverIdempotencyKey(db, key, leaseUntil, now))) {
    return { kind: 'in_flight', retryAfterMs: Math.min(1_000, Math.max(0, row.leaseUntil.getTime() - now)) }
  }
  const begunAt = row.createdAt.getTime()
  return run(db, key, { now: begunAt, random: seededBytes(key, begunAt), isRepeat: true }, work)
}

/** Forgets keys older than they are kept; the worker calls it. Returns how many went. */
export function forgetOldIdempotencyKeys(db: Database, now: number): Promise<number> {
  return transact(db, (tx) => deleteIdempotencyKeysBefore(tx, now - idempotencyKeptMs))
}

async function run(
  db: Database,
  key: string,
  given: Repeatable,
  work: (given: Repeatable) => Promise<IdempotentAnswer>,
): Promise<IdempotencyOutcome> {
  let answer: IdempotentAnswer
  try {
    answer = await work(given)
  } catch (error) {
    await endIdempotencyLease(db, key, given.now).catch(() => {})
    throw error
  }
  if (answer.status < 400) await storeIdempotentAnswer(db, key, answer.status, answer.body)
  else await deleteIdempotencyKey(db, key)
  return { kind: 'answered', answer, replayed: false }
}

/** Bytes nobody can foresee who does not know the key, and the same each time. */
function seededBytes(key: string, begunAt: number): RandomBytes {
  let calls = 0
  return (count) => {
    calls += 1
    return createHash('sha512').update(`${key} ${begunAt} ${calls}`).digest().subarray(0, count)
  }
}

function digest(...parts: string[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part)
  return hash.digest()
}
