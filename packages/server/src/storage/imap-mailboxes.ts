import type { Database, Queryable } from './database.ts'

/** How far a mailbox was read. Its UIDs mean something only together with its UIDVALIDITY (RFC 3501 §2.3.1.1). */
export type MailboxPlace = { readonly uidValidity: bigint; readonly lastUid: number }

/** Makes the mailbox known and takes it for `holder`; false while another process has it. Renews a lease of its own. */
export async function leaseMailbox(
  db: Database,
  mailboxKey: string,
  holder: string,
  now: number,
  leaseUntil: number,
): Promise<boolean> {
  const text = `insert into imap_mailboxes (mailbox_key, holder, lease_until) values ($1, $2, $3)
    on conflict (mailbox_key) do update set holder = excluded.holder, lease_until = excluded.lease_until
    where imap_mailboxes.holder = excluded.holder or imap_mailboxes.lease_until <= $4`
  return (await db.execute(text, [mailboxKey, holder, new Date(leaseUntil), new Date(now)])) === 1
}

/** Lets another process have it at once. */
export async function releaseMailbox(db: Database, mailboxKey: string, holder: string, now: number): Promise<void> {
  const text = 'update imap_mailboxes set lease_until = $3 where mailbox_key = $1 and holder = $2'
  await db.execute(text, [mailboxKey, holder, new Date(now)])
}

/** Undefined for a mailbox that was never read. */
export async function findMailboxPlace(db: Queryable, mailboxKey: string): Promise<MailboxPlace | undefined> {
  const text = `select uid_validity as "uidValidity", last_uid as "lastUid" from imap_mailboxes
    where mailbox_key = $1 and uid_validity is not null`
  const [row] = await db.query<{ uidValidity: bigint; lastUid: bigint }>(text, [mailboxKey])
  return row && { uidValidity: row.uidValidity, lastUid: Number(row.lastUid) }
}

/** False when another process has taken the mailbox over. */
export async function moveMailboxPlace(
  db: Database,
  mailboxKey: string,
  holder: string,
  { uidValidity, lastUid }: MailboxPlace,
): Promise<boolean> {
  const text = `update imap_mailboxes set uid_validity = $3, last_uid = $4
    where mailbox_key = $1 and holder = $2`
  return (await db.execute(text, [mailboxKey, holder, uidValidity, lastUid])) === 1
}

/** Read to its end: nothing waits in it but what was set aside. */
export async function markMailboxRead(db: Database, mailboxKey: string, now: number): Promise<void> {
  const text = `update imap_mailboxes set read_at = $2, failed_at = null, failure = null where mailbox_key = $1`
  await db.execute(text, [mailboxKey, new Date(now)])
}

/** `failure` is a code and names nobody. */
export async function markMailboxFailed(db: Database, mailboxKey: string, now: number, failure: string): Promise<void> {
  const text = `update imap_mailboxes set failed_at = coalesce(failed_at, $2), failure = $3 where mailbox_key = $1`
  await db.execute(text, [mailboxKey, new Date(now), failure])
}

export type MailboxState = {
  /** When one was last read to its end. */
  readonly readAt: Date | null
  /** Since when it cannot be read, and why. */
  readonly failedAt: Date | null
  readonly failure: string | null
  readonly setAside: number
}

/** For the operator: the mailbox that was read last. Undefined where none was ever polled. */
export async function readMailboxState(db: Queryable): Promise<MailboxState | undefined> {
  const text = `select read_at as "readAt", failed_at as "failedAt", failure,
      (select count(*)::int from imap_set_aside as aside where aside.mailbox_key = box.mailbox_key) as "setAside"
    from imap_mailboxes as box order by lease_until desc limit 1`
  const [row] = await db.query<MailboxState>(text)
  return row
}
