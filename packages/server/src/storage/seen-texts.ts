import type { Queryable, Transaction } from './database.ts'

/** Whether a text or a delivery report was heard before. */
export async function isTextSeen(db: Queryable, textKey: string): Promise<boolean> {
  const text = 'select text_key from seen_texts where text_key = $1'
  return (await db.query({ name: 'seen-texts-find', text }, [textKey])).length > 0
}

/** False when it had been noted already. */
export async function insertSeenText(tx: Transaction, textKey: string, verdict: string, now: number): Promise<boolean> {
  const text =
    'insert into seen_texts (text_key, verdict, seen_at) values ($1, $2, $3) on conflict (text_key) do nothing'
  return (await tx.execute({ name: 'seen-texts-insert', text }, [textKey, verdict, new Date(now)])) === 1
}

/** Deletes what was heard before a moment; returns how many. */
export async function deleteSeenTextsBefore(tx: Transaction, before: number): Promise<number> {
  return tx.execute('delete from seen_texts where seen_at < $1', [new Date(before)])
}
