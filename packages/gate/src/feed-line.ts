import { decodePosition, type Position, partitionOf, positionNumber, type Standing } from '@verzet/core'

/** A line of the hub's change feed (`GET /v1/changes`), read once. */
export type FeedLine =
  | {
      readonly type: 'standing'
      readonly low: number
      readonly high: number
      readonly key: string
      readonly standing: Standing | null
      readonly cursor: string
      readonly position: Position
    }
  | {
      readonly type: 'change'
      readonly low: number
      readonly high: number
      readonly key: string
      readonly standing: Standing | null
      readonly cursor: string
      /** Its number in the partition of its key. */
      readonly number: bigint
    }
  | { readonly type: 'snapshot_end' | 'position'; readonly cursor: string; readonly position: Position }
  | { readonly type: 'error'; readonly code: string }
  /** A kind of line a newer hub may send. */
  | { readonly type: 'other' }

/** The line is not of this feed: the gate must not go on as if it had read it. */
export class FeedUnreadable extends Error {
  override readonly name = 'FeedUnreadable'
  readonly code = 'feed_unreadable'
}

/** @throws {FeedUnreadable} for anything that is not a line of the feed. */
export function readFeedLine(text: string): FeedLine {
  const line = parse(text)
  switch (line.type) {
    case 'standing':
    case 'change': {
      const { low, high } = readFingerprint(line.fingerprint)
      const key = isObject(line.contactPoint) ? line.contactPoint.key : undefined
      if (typeof key !== 'string' || !/^[0-9a-f]{8}-/.test(key))
        throw new FeedUnreadable('a line names no contact point')
      const known = { low, high, key, standing: readStanding(line.standing) }
      return line.type === 'standing'
        ? { type: 'standing', ...known, ...readCursor(line.position) }
        : { type: 'change', ...known, ...readNumber(line.position, key) }
    }
    case 'snapshot_end':
    case 'position':
      return { type: line.type, ...readCursor(line.position) }
    case 'error':
      return { type: 'error', code: String(line.code) }
    default:
      return { type: 'other' }
  }
}

function parse(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new FeedUnreadable('a line is not JSON')
  }
  if (!isObject(value) || typeof value.type !== 'string') throw new FeedUnreadable('a line has no type')
  return value
}

function readFingerprint(value: unknown): { low: number; high: number } {
  if (typeof value !== 'string' || !/^[0-9a-f]{16}$/.test(value)) throw new FeedUnreadable('a line has no fingerprint')
  return { high: Number.parseInt(value.slice(0, 8), 16), low: Number.parseInt(value.slice(8), 16) }
}

/** The hub sends what `decide` takes; what is checked here is that it is there at all. */
function readStanding(value: unknown): Standing | null {
  if (value === null) return null
  if (!isStanding(value)) throw new FeedUnreadable('a line has no standing')
  return value
}

function isStanding(value: unknown): value is Standing {
  return (
    isObject(value) &&
    Array.isArray(value.groups) &&
    value.groups.every((group) => isObject(group) && Array.isArray(group.items))
  )
}

function readCursor(value: unknown): { cursor: string; position: Position } {
  const position = typeof value === 'string' ? decodePosition(value) : undefined
  if (typeof value !== 'string' || position === undefined) throw new FeedUnreadable('a line has no cursor')
  return { cursor: value, position }
}

function readNumber(value: unknown, key: string): { cursor: string; number: bigint } {
  const number = typeof value === 'string' ? positionNumber(value, partitionOf(key)) : undefined
  if (typeof value !== 'string' || number === undefined) throw new FeedUnreadable('a line has no cursor')
  return { cursor: value, number }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
