import type { Queryable, Transaction } from './database.ts'

export type ImportProgress = {
  readonly id: string
  /** Records of the file that are dealt with, rejected ones included. */
  readonly rowsDone: number
  readonly bytesDone: number
  readonly counts: Readonly<Record<string, number>>
  readonly finishedAt: Date | null
}

type Row = { id: string; rowsDone: bigint; bytesDone: bigint; counts: Record<string, number>; finishedAt: Date | null }

export async function findImportProgress(db: Queryable, id: string): Promise<ImportProgress | undefined> {
  const [row] = await db.query<Row>(
    `select id, rows_done as "rowsDone", bytes_done as "bytesDone", counts, finished_at as "finishedAt"
     from import_progress where id = $1`,
    [id],
  )
  return row && { ...row, rowsDone: Number(row.rowsDone), bytesDone: Number(row.bytesDone) }
}

const save = {
  name: 'import-progress-save',
  text: `insert into import_progress (id, rows_done, bytes_done, counts, updated_at, finished_at)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (id) do update set rows_done = excluded.rows_done, bytes_done = excluded.bytes_done,
      counts = excluded.counts, updated_at = excluded.updated_at, finished_at = excluded.finished_at`,
}

/** In the transaction of the batch it speaks of: after a crash the two never disagree. */
export async function saveImportProgress(tx: Transaction, progress: ImportProgress, now: number): Promise<void> {
  const { id, rowsDone, bytesDone, counts, finishedAt } = progress
  await tx.execute(save, [id, rowsDone, bytesDone, JSON.stringify(counts), new Date(now), finishedAt])
}
