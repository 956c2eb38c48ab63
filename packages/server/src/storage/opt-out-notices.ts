import type { Queryable, Transaction } from './database.ts'

/** The mail about a no that was said on the public form. */
export type OptOutNoticeRow = {
  readonly subjectKey: string
  readonly id: string
  readonly brand: string | null
  readonly language: string
  readonly saidAt: Date
  readonly expiresAt: Date
  readonly undoneAt: Date | null
}

const columns = `subject_key as "subjectKey", id, brand, language, said_at as "saidAt", expires_at as "expiresAt",
  undone_at as "undoneAt"`

export async function insertOptOutNotice(tx: Transaction, row: Omit<OptOutNoticeRow, 'undoneAt'>): Promise<void> {
  await tx.execute(
    `insert into opt_out_notices (subject_key, id, brand, language, said_at, expires_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (subject_key, id) do nothing`,
    [row.subjectKey, row.id, row.brand, row.language, row.saidAt, row.expiresAt],
  )
}

export async function findOptOutNotice(
  db: Queryable,
  subjectKey: string,
  id: string,
): Promise<OptOutNoticeRow | undefined> {
  const text = `select ${columns} from opt_out_notices where subject_key = $1 and id = $2`
  return (await db.query<OptOutNoticeRow>(text, [subjectKey, id]))[0]
}

/** The same, held until the transaction ends. */
export async function lockOptOutNotice(
  tx: Transaction,
  subjectKey: string,
  id: string,
): Promise<OptOutNoticeRow | undefined> {
  const text = `select ${columns} from opt_out_notices where subject_key = $1 and id = $2 for update`
  return (await tx.query<OptOutNoticeRow>(text, [subjectKey, id]))[0]
}

export async function markOptOutUndone(tx: Transaction, subjectKey: string, id: string, now: number): Promise<void> {
  await tx.execute('update opt_out_notices set undone_at = $3 where subject_key = $1 and id = $2', [
    subjectKey,
    id,
    new Date(now),
  ])
}

export async function deleteOptOutNoticesBefore(tx: Transaction, keptSince: number): Promise<void> {
  await tx.execute('delete from opt_out_notices where expires_at <= $1', [new Date(keptSince)])
}
