import { markConnectionFailed, markConnectionHeard, markConnectionWorked } from '../../storage/connection-signals.ts'
import type { Database } from '../../storage/database.ts'
import type { Hub } from '../hub.ts'

export type ConnectionNote =
  | { readonly kind: 'heard' }
  | { readonly kind: 'worked' }
  /** `reason` names no person, number or address. */
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * The same note again says nothing new within this, and a forger makes the hub write no more often. What goes well after
 * something that did not is noted at once, or an account would seem to fail until its next text.
 */
export const noteEveryMs = 60_000
const reasonCharactersMax = 200

type Noted = { readonly goodAt?: number; readonly failedAt?: number; readonly kind: ConnectionNote['kind'] }
const notedBy = new WeakMap<Database, Map<string, Noted>>()

export function smsConnection(account: string): string {
  return `sms:${account}`
}

export function portalConnection(name: string): string {
  return `portal:${name}`
}

/** Keeps how a connection does. What it is about is recorded already, so a note that cannot be kept is let go. */
export async function noteConnection(
  { db, clock }: Pick<Hub, 'db' | 'clock'>,
  connection: string,
  note: ConnectionNote,
): Promise<void> {
  const now = clock()
  const reason = note.kind === 'failed' ? note.reason.slice(0, reasonCharactersMax) : ''
  const noted = notedBy.get(db) ?? new Map<string, Noted>()
  notedBy.set(db, noted)
  const before = noted.get(connection)
  if (before !== undefined && saysNothingNew(before, note, now)) return
  const at = note.kind === 'failed' ? { failedAt: now } : { goodAt: now }
  noted.set(connection, { ...before, ...at, kind: note.kind })
  try {
    if (note.kind === 'heard') await markConnectionHeard(db, connection, now)
    else if (note.kind === 'worked') await markConnectionWorked(db, connection, now)
    else await markConnectionFailed(db, connection, now, reason)
  } catch {
    noted.delete(connection)
  }
}

function saysNothingNew(before: Noted, { kind }: ConnectionNote, now: number): boolean {
  if (kind === 'failed') return now < (before.failedAt ?? Number.NEGATIVE_INFINITY) + noteEveryMs
  return before.kind === kind && now < (before.goodAt ?? Number.NEGATIVE_INFINITY) + noteEveryMs
}
