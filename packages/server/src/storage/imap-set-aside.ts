import type { Database, Queryable } from './database.ts'

/** A mail that could not be heard yet and is tried again, while those after it are heard. */
export type SetAsideMail = {
  readonly uid: number
  readonly attempts: number
  readonly firstFailedAt: Date
}

export async function insertSetAside(
  db: Database,
  mailboxKey: string,
  mail: { readonly uidValidity: bigint; readonly uid: number; readonly failure: string },
  now: number,
  nextAttemptAt: number,
): Promise<void> {
  const text = `insert into imap_set_aside (mailbox_key, uid_validity, uid, attempts, first_failed_at, next_attempt_at, failure)
    values ($1, $2, $3, 1, $4, $5, $6)
    on conflict (mailbox_key, uid_validity, uid)
    do update set attempts = imap_set_aside.attempts + 1, next_attempt_at = excluded.next_attempt_at,
      failure = excluded.failure`
  const { uidValidity, uid, failure } = mail
  await db.execute(text, [mailboxKey, uidValidity, uid, new Date(now), new Date(nextAttemptAt), failure])
}

/** Those whose next attempt is due, oldest first. */
export async function listDueSetAside(
  db: Queryable,
  mailboxKey: string,
  uidValidity: bigint,
  now: number,
  limit: number,
): Promise<SetAsideMail[]> {
  const text = `select uid, attempts, first_failed_at as "firstFailedAt" from imap_set_aside
    where mailbox_key = $1 and uid_validity = $2 and next_attempt_at <= $3 order by uid limit $4`
  const rows = await db.query<{ uid: bigint; attempts: number; firstFailedAt: Date }>(text, [
    mailboxKey,
    uidValidity,
    new Date(now),
    limit,
  ])
  return rows.map((row) => ({ ...row, uid: Number(row.uid) }))
}

/** It was heard, is gone, or waits for a human. */
export async function deleteSetAside(
  db: Database,
  mailboxKey: string,
  uidValidity: bigint,
  uid: number,
): Promise<void> {
  const text = 'delete from imap_set_aside where mailbox_key = $1 and uid_validity = $2 and uid = $3'
  await db.execute(text, [mailboxKey, uidValidity, uid])
}

/** After a mailbox was numbered anew: the mails are met again under their new numbers. */
export async function deleteSetAsideOfOther(db: Database, mailboxKey: string, uidValidity: bigint): Promise<void> {
  const text = 'delete from imap_set_aside where mailbox_key = $1 and uid_validity <> $2'
  await db.execute(text, [mailboxKey, uidValidity])
}
