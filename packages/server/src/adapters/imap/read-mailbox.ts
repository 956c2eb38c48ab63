import type { Hub } from '../../services/hub.ts'
import type { MailboxProgress, SetAsideMail } from '../../services/mailbox-progress.ts'
import { isOutage } from '../../storage/outage.ts'
import { handleIncomingMail, type IncomingMail } from '../intake/mail/handle-incoming-mail.ts'
import { ConnectionLost, codeOf, MailRefused } from './imap-failures.ts'
import type { FetchedMail, MailboxConnection } from './mailbox-connection.ts'

export type MailboxReader = {
  readonly hub: Hub
  readonly progress: MailboxProgress
  /** How mails are judged: the parts of `IncomingMail` that are the same for each. */
  readonly intake: Pick<IncomingMail, 'enrolledProviders' | 'lookup'>
  /** Called after a mail was recorded: it may owe an acknowledgement. */
  readonly wakeMail?: () => void
  readonly log: (line: string) => void
  /** True when the process is to stop: the mail under way is finished, and no other begun. */
  readonly isStopping: () => boolean
}

/** Another process has the mailbox now. */
export class LeaseLost extends Error {
  readonly code = 'lease_lost'
  override readonly name = 'LeaseLost'
}

/**
 * Hears everything in the mailbox that was not heard, in the order it came:
 *
 *   fetch ─► record (durable) ─► mark in the mailbox ─► remember how far
 *     └ fails ─► set aside, with a time to try again ─► remember how far
 *
 * Killed anywhere, the next reader begins with the same mail; what was recorded is known by its words or its place and
 * recorded once. A mail that cannot be heard holds up no other: it is tried for a day and then put before a human.
 * @throws what makes going on useless: `ConnectionLost`, `LeaseLost`, or the database's own error.
 */
export async function readMailbox(reader: MailboxReader, connection: MailboxConnection): Promise<void> {
  const { progress } = reader
  const { uidValidity } = connection
  const { lastUid } = await progress.place(uidValidity)
  for (const uid of await connection.list(lastUid)) {
    if (reader.isStopping()) return
    await keepLease(progress)
    const failure = await hear(reader, connection, uid)
    if (failure !== undefined) {
      await progress.setAside({ uidValidity, uid, failure: failure.code }, 0)
      reader.log(`a mail in the mailbox could not be heard yet (${failure.code}); it is tried again`)
    }
    if (!(await progress.moveTo({ uidValidity, lastUid: uid }))) throw new LeaseLost('the mailbox was taken over')
    if (failure?.isEnd) throw new ConnectionLost(failure.code)
  }
  for (const mail of await progress.dueAgain(uidValidity)) {
    if (reader.isStopping()) return
    await keepLease(progress)
    await hearAgain(reader, connection, mail)
  }
  await progress.wasRead()
}

/** The lease is renewed with each mail: who cannot renew it was taken for dead. */
async function keepLease(progress: MailboxProgress): Promise<void> {
  if (!(await progress.lease())) throw new LeaseLost('the mailbox was taken over')
}

type Failure = { readonly code: string; readonly isEnd: boolean }

/** Undefined when the mail was heard, or is gone. */
async function hear(reader: MailboxReader, connection: MailboxConnection, uid: number): Promise<Failure | undefined> {
  try {
    const fetched = await connection.fetch(uid)
    if (fetched === undefined) return undefined
    await record(reader, { ...mailOf(reader, connection, uid, fetched), ...(fetched.isCut && { unread: 'too_large' }) })
  } catch (error) {
    // Nothing is wrong with the mail: everything stops here and begins again with it.
    if (isDatabaseTrouble(error)) throw error
    // A mail may well be what broke the connection, every time: it does not get to do so before the others are heard.
    return { code: codeOf(error), isEnd: error instanceof ConnectionLost }
  }
  await settle(reader, connection, uid)
  return undefined
}

function mailOf(
  { hub, progress, intake }: MailboxReader,
  { uidValidity }: MailboxConnection,
  uid: number,
  { raw, arrivedAt }: Pick<FetchedMail, 'raw' | 'arrivedAt'>,
): IncomingMail {
  const now = hub.clock()
  return { raw, receivedAt: Math.min(now, arrivedAt ?? now), place: progress.nameOf(uidValidity, uid), ...intake }
}

async function record({ hub, wakeMail, log }: MailboxReader, mail: IncomingMail): Promise<void> {
  const verdict = await handleIncomingMail(hub, mail)
  log(`a mail was read from the mailbox: ${verdict.kind}`)
  wakeMail?.()
}

/** What it said is recorded: a mailbox that does not let itself be marked is no reason to hear it again. */
async function settle(reader: MailboxReader, connection: MailboxConnection, uid: number): Promise<void> {
  try {
    await connection.settle(uid)
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error
    reader.log(`a mail was heard and could not be marked, moved or deleted in the mailbox (${error.code})`)
  }
}

async function hearAgain(reader: MailboxReader, connection: MailboxConnection, mail: SetAsideMail): Promise<void> {
  const { progress } = reader
  const { uidValidity } = connection
  const failure = await hear(reader, connection, mail.uid)
  if (failure === undefined) {
    await progress.settled(uidValidity, mail.uid)
  } else if (progress.isGivenUp(mail)) {
    await putBeforeHuman(reader, connection, mail.uid)
    await progress.settled(uidValidity, mail.uid)
  } else {
    await progress.setAside({ uidValidity, uid: mail.uid, failure: failure.code }, mail.attempts)
  }
  if (failure?.isEnd) throw new ConnectionLost(failure.code)
}

/** Its number stands in for the mail, which stays where it is, unmarked, for whoever looks. */
async function putBeforeHuman(reader: MailboxReader, connection: MailboxConnection, uid: number): Promise<void> {
  const raw = Buffer.from(`Subject: Message ${uid} in the mailbox could not be read; please open it there\r\n\r\n`)
  await record(reader, { ...mailOf(reader, connection, uid, { raw, arrivedAt: undefined }), unread: 'unreadable' })
  reader.log('a mail in the mailbox could not be heard for a day; it waits in the review list')
}

function isDatabaseTrouble(error: unknown): boolean {
  if (error instanceof ConnectionLost || error instanceof MailRefused) return false
  return isOutage(error) || codeOf(error) === 'overloaded'
}
