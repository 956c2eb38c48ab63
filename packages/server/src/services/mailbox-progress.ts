import { createHmac } from 'node:crypto'
import { uuidFromHex } from '@verzet/core'
import {
  findMailboxPlace,
  leaseMailbox,
  type MailboxPlace,
  markMailboxFailed,
  markMailboxRead,
  moveMailboxPlace,
  releaseMailbox,
} from '../storage/imap-mailboxes.ts'
import {
  deleteSetAside,
  deleteSetAsideOfOther,
  insertSetAside,
  listDueSetAside,
  type SetAsideMail,
} from '../storage/imap-set-aside.ts'
import type { Hub } from './hub.ts'

export type { MailboxPlace, SetAsideMail }

/** Twice what passes between two renewals, and long enough for the slowest mail. */
export const mailboxLeaseMs = 120_000
/** The first time a mail that could not be heard is tried again; then after twice as long each time. */
const firstRetryMs = 60_000
const retryMsMax = 3_600_000
/** After this a human gets it: within the two days that a reply may wait. */
export const setAsideMsMax = 24 * 3_600_000
/** Tried in one go, so that what is new is not kept waiting by what failed. */
const retriedAtOnceMax = 50

type Parts = Pick<Hub, 'db' | 'secrets' | 'clock'>

/**
 * What the hub remembers of one mailbox: which process reads it, how far it was read, and which mails were set aside.
 * One process holds it at a time; one that dies gives it back by the clock.
 */
export type MailboxProgress = {
  /** Tells a mail by where it lies, from any other of any mailbox. */
  nameOf(uidValidity: bigint, uid: number): string
  /** Takes or renews the lease; false while another process holds it. */
  lease(): Promise<boolean>
  release(): Promise<void>
  /** Where to go on. Numbered anew, a mailbox is read from its beginning: what was heard before is known by its words. */
  place(uidValidity: bigint): Promise<MailboxPlace>
  /** Remembers how far it was read; false when another process has taken over meanwhile. */
  moveTo(place: MailboxPlace): Promise<boolean>
  /** Passes a mail over; it is due again later and later. */
  setAside(mail: { uidValidity: bigint; uid: number; failure: string }, attempts: number): Promise<void>
  dueAgain(uidValidity: bigint): Promise<SetAsideMail[]>
  /** True once a mail has been tried for as long as it may. */
  isGivenUp(mail: SetAsideMail): boolean
  settled(uidValidity: bigint, uid: number): Promise<void>
  /** Everything in it was read. */
  wasRead(): Promise<void>
  /** It cannot be read; `failure` is a code. */
  hasFailed(failure: string): Promise<void>
}

export function openMailboxProgress(
  { db, secrets, clock }: Parts,
  mailbox: { readonly user: string; readonly host: string; readonly folder: string },
  holder: string,
): MailboxProgress {
  const name = `imap\n${mailbox.host.toLowerCase()}\n${mailbox.user}\n${mailbox.folder}`
  const key = uuidFromHex(createHmac('sha256', secrets.pepper).update(name).digest('hex').slice(0, 32))
  return {
    nameOf: (uidValidity, uid) => `${key} ${uidValidity} ${uid}`,
    lease: () => leaseMailbox(db, key, holder, clock(), clock() + mailboxLeaseMs),
    release: () => releaseMailbox(db, key, holder, clock()),
    async place(uidValidity) {
      const known = await findMailboxPlace(db, key)
      if (known?.uidValidity === uidValidity) return known
      await deleteSetAsideOfOther(db, key, uidValidity)
      return { uidValidity, lastUid: 0 }
    },
    moveTo: (place) => moveMailboxPlace(db, key, holder, place),
    setAside: (mail, attempts) =>
      insertSetAside(db, key, mail, clock(), clock() + Math.min(retryMsMax, firstRetryMs * 2 ** attempts)),
    dueAgain: (uidValidity) => listDueSetAside(db, key, uidValidity, clock(), retriedAtOnceMax),
    isGivenUp: ({ firstFailedAt }) => clock() - firstFailedAt.getTime() >= setAsideMsMax,
    settled: (uidValidity, uid) => deleteSetAside(db, key, uidValidity, uid),
    wasRead: () => markMailboxRead(db, key, clock()),
    hasFailed: (failure) => markMailboxFailed(db, key, clock(), failure),
  }
}
