import type { Queryable, Transaction } from './database.ts'

/** Whether a mail was heard before. */
export async function isMailSeen(db: Queryable, mailKey: string): Promise<boolean> {
  const text = 'select mail_key from seen_mails where mail_key = $1'
  return (await db.query({ name: 'seen-mails-find', text }, [mailKey])).length > 0
}

/** False when it had been noted already. */
export async function insertSeenMail(
  tx: Transaction,
  mail: { readonly mailKey: string; readonly verdict: string; readonly reason: string | null },
  now: number,
): Promise<boolean> {
  const text = `insert into seen_mails (mail_key, verdict, reason, seen_at) values ($1, $2, $3, $4)
    on conflict (mail_key) do nothing`
  const values = [mail.mailKey, mail.verdict, mail.reason, new Date(now)]
  return (await tx.execute({ name: 'seen-mails-insert', text }, values)) === 1
}

export type VerdictCount = { readonly verdict: string; readonly reason: string | null; readonly count: number }

/** How many mails of each kind were heard since then. */
export async function countMailVerdicts(db: Queryable, since: number): Promise<VerdictCount[]> {
  const text = `select verdict, reason, count(*)::int as count from seen_mails where seen_at >= $1
    group by verdict, reason order by verdict, reason`
  return db.query<VerdictCount>(text, [new Date(since)])
}

/** Deletes what was heard before a moment; returns how many. */
export async function deleteSeenMailsBefore(tx: Transaction, before: number): Promise<number> {
  return tx.execute('delete from seen_mails where seen_at < $1', [new Date(before)])
}
