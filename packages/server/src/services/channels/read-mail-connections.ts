import { readLastRelayedAt, readMailsOut } from '../../storage/connection-facts.ts'
import type { Queryable } from '../../storage/database.ts'
import type { Connection } from './read-connections.ts'

/** Mails are tried again after one minute, two, four: past this the way out is shut and not merely busy. */
const waitMsMax = 15 * 60_000

export async function readMailOut(db: Queryable, name: string | undefined, now: number): Promise<Connection> {
  const { waiting, sentAt, retryingSince, error } = await readMailsOut(db, now)
  const workedAt = sentAt?.getTime()
  const base = { kind: 'mail_out' as const, waiting, ...(workedAt !== undefined && { workedAt }) }
  if (name === undefined) return { ...base, health: 'off' }
  const since = retryingSince?.getTime()
  if (since !== undefined && now - since > waitMsMax) {
    const failure = { kind: 'mail_waits' as const, at: since, ...(error !== null && { reason: error }) }
    return { ...base, name, health: 'failing', failure }
  }
  return { ...base, name, health: workedAt === undefined ? 'quiet' : 'working' }
}

export async function readRelay(db: Queryable, name: string | undefined): Promise<Connection> {
  if (name === undefined) return { kind: 'relay', health: 'off' }
  const heardAt = (await readLastRelayedAt(db))?.getTime()
  if (heardAt === undefined) return { kind: 'relay', name, health: 'quiet' }
  return { kind: 'relay', name, health: 'working', heardAt }
}
