import { readLastMailHeardAt } from '../../storage/connection-facts.ts'
import { type ConnectionSignalRow, listConnectionSignals } from '../../storage/connection-signals.ts'
import { readMailboxState } from '../../storage/imap-mailboxes.ts'
import { listSmppLinks } from '../../storage/sms-accounts.ts'
import type { Hub } from '../hub.ts'
import { readPortals } from '../portal/portals.ts'
import { listAccounts, readSmsAccounts, type SmsVendor } from '../texts/sms-accounts.ts'
import { portalConnection, smsConnection } from './note-connection.ts'
import { readMailOut, readRelay } from './read-mail-connections.ts'

/** What is set up for mail, as far as it may be shown: hosts and ports, no names and no passwords. */
export type OutsideSettings = {
  readonly mailOut?: string
  readonly mailIn?: string
  readonly mailbox?: string
  readonly relay?: string
}

/** `quiet`: set up, and nothing came of it yet, which is no mistake by itself. */
export type ConnectionHealth = 'off' | 'quiet' | 'working' | 'failing'

export type ConnectionFailure = {
  readonly kind: 'refused_calls' | 'not_sent' | 'not_bound' | 'secrets' | 'mailbox' | 'not_read' | 'mail_waits'
  /** In the words of whoever refused, without any person in them. */
  readonly reason?: string
  readonly at?: number
}

export type Connection = {
  readonly kind: 'mail_out' | 'mail_in' | 'mailbox' | 'relay' | 'texts' | 'portal'
  /** A host, an account, a portal; absent where nothing is set up. */
  readonly name?: string
  readonly vendor?: SmsVendor
  readonly brand?: string
  readonly health: ConnectionHealth
  readonly failure?: ConnectionFailure
  /** When something last came in. */
  readonly heardAt?: number
  /** When something of ours was last taken, or the link was last seen up. */
  readonly workedAt?: number
  /** How many of our own messages wait. */
  readonly waiting?: number
  readonly canSend?: boolean
}

/** A mailbox is read every minute, and a link is seen up as often: longer than any restart takes. */
const silentMsMax = 15 * 60_000
/** Vendors say of a call what they are; refusals of these kinds are nothing a sender did wrong. */
const refusals: readonly string[] = ['forged', 'address', 'unreadable']

type Parts = Pick<Hub, 'db' | 'secrets' | 'clock'>

/** Every connection to the outside and how it does, mail first. Asks nobody but the database. */
export async function readConnections(hub: Parts, outside: OutsideSettings = {}): Promise<Connection[]> {
  const now = hub.clock()
  const signals = new Map((await listConnectionSignals(hub.db)).map((row) => [row.connection, row]))
  return [
    await readMailOut(hub.db, outside.mailOut, now),
    await readMailIn(hub, outside.mailIn),
    await readMailbox(hub, outside.mailbox, now),
    await readRelay(hub.db, outside.relay),
    ...(await readTextConnections(hub, signals)),
    ...(await readPortals(hub)).map(({ name, brand }) => {
      const heardAt = signals.get(portalConnection(name))?.heardAt?.getTime()
      const health = heardAt === undefined ? ('quiet' as const) : ('working' as const)
      return { kind: 'portal' as const, name, brand, health, ...(heardAt !== undefined && { heardAt }) }
    }),
  ]
}

async function readMailIn({ db }: Parts, name: string | undefined): Promise<Connection> {
  if (name === undefined) return { kind: 'mail_in', health: 'off' }
  const heardAt = (await readLastMailHeardAt(db))?.getTime()
  if (heardAt === undefined) return { kind: 'mail_in', name, health: 'quiet' }
  return { kind: 'mail_in', name, health: 'working', heardAt }
}

async function readMailbox({ db }: Parts, name: string | undefined, now: number): Promise<Connection> {
  if (name === undefined) return { kind: 'mailbox', health: 'off' }
  const state = await readMailboxState(db)
  const workedAt = state?.readAt?.getTime()
  const base = { kind: 'mailbox' as const, name, ...(workedAt !== undefined && { workedAt }) }
  if (state?.failure) {
    const at = state.failedAt?.getTime()
    const failure = { kind: 'mailbox' as const, reason: state.failure, ...(at !== undefined && { at }) }
    return { ...base, health: 'failing', failure }
  }
  if (workedAt === undefined) return { ...base, health: 'quiet' }
  if (now - workedAt > silentMsMax) return { ...base, health: 'failing', failure: { kind: 'not_read' } }
  return { ...base, health: 'working' }
}

type Signals = ReadonlyMap<string, ConnectionSignalRow>

/** Every account for texts in use, by webhook and by SMPP. */
export async function readTextConnections({ db, secrets, clock }: Parts, signals?: Signals): Promise<Connection[]> {
  const now = clock()
  const known = signals ?? new Map((await listConnectionSignals(db)).map((row) => [row.connection, row]))
  const opened = new Map((await readSmsAccounts(db, secrets)).map((account) => [account.id, account]))
  const leases = new Map((await listSmppLinks(db)).map((link) => [link.account, link.leaseUntil.getTime()]))
  const accounts = (await listAccounts(db, secrets)).filter(({ removedAt }) => removedAt === undefined)
  return accounts.map(({ id, vendor, brand, canSend }) => {
    const signal = known.get(smsConnection(id))
    const heardAt = signal?.heardAt?.getTime()
    const workedAt = signal?.workedAt?.getTime()
    const account = opened.get(id)
    const base = {
      kind: 'texts' as const,
      name: id,
      vendor,
      brand,
      canSend,
      ...(heardAt !== undefined && { heardAt }),
      ...(workedAt !== undefined && { workedAt }),
    }
    const secret = vendor === 'smpp' ? account?.secrets.sending : account?.secrets.webhook
    if (secret === undefined) return { ...base, health: 'failing', failure: { kind: 'secrets' } }
    const isLeased = (leases.get(id) ?? 0) > now
    return { ...base, ...judgeAccount({ vendor, isLeased, heardAt, workedAt, signal }, now) }
  })
}

/** What an account's notes add up to; the last one counts. */
export function judgeAccount(
  account: {
    readonly vendor: SmsVendor
    readonly isLeased: boolean
    readonly heardAt: number | undefined
    readonly workedAt: number | undefined
    readonly signal: Pick<ConnectionSignalRow, 'failedAt' | 'failure'> | undefined
  },
  now: number,
): Pick<Connection, 'health' | 'failure'> {
  const { vendor, isLeased, heardAt = 0, workedAt = 0, signal } = account
  const at = signal?.failedAt?.getTime()
  const reason = signal?.failure ?? undefined
  const isLast = at !== undefined && at > Math.max(heardAt, workedAt)
  if (vendor === 'smpp' && (isLast || !isLeased || now - workedAt > silentMsMax)) {
    const why = isLast ? { ...(reason !== undefined && { reason }), at } : {}
    return { health: 'failing', failure: { kind: 'not_bound', ...why } }
  }
  if (isLast) {
    const kind = reason !== undefined && refusals.includes(reason) ? 'refused_calls' : 'not_sent'
    return { health: 'failing', failure: { kind, ...(reason !== undefined && { reason }), at } }
  }
  return { health: Math.max(heardAt, workedAt) === 0 ? 'quiet' : 'working' }
}
