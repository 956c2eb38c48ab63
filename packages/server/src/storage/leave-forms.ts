import type { Queryable, Transaction } from './database.ts'

/** One published version of a brand's questions. What `questions` holds is checked by services/forms. */
export type LeaveFormRow = {
  readonly brand: string
  readonly version: number
  readonly questions: unknown
  readonly publishedAt: Date
}

/** Adds the next version and returns its number; of two that come at once one violates the key and tries again. */
export async function insertLeaveForm(
  tx: Transaction,
  brand: string,
  questions: unknown,
  now: number,
): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    `insert into leave_forms (brand, version, questions, published_at)
     values ($1, (select coalesce(max(version), 0) + 1 from leave_forms where brand = $1), $2, $3) returning version`,
    [brand, JSON.stringify(questions), new Date(now)],
  )
  if (row === undefined) throw new Error('a form was not stored')
  return row.version
}

const columns = `brand, version, questions, published_at as "publishedAt"`

/** The version that is used now. */
export async function findPublishedLeaveForm(db: Queryable, brand: string): Promise<LeaveFormRow | undefined> {
  const text = `select ${columns} from leave_forms where brand = $1 order by version desc limit 1`
  return (await db.query<LeaveFormRow>({ name: 'leave-forms-published', text }, [brand]))[0]
}

export async function findLeaveForm(db: Queryable, brand: string, version: number): Promise<LeaveFormRow | undefined> {
  const text = `select ${columns} from leave_forms where brand = $1 and version = $2`
  return (await db.query<LeaveFormRow>(text, [brand, version]))[0]
}

/** Newest first. */
export async function listLeaveForms(db: Queryable, brand: string): Promise<LeaveFormRow[]> {
  return db.query<LeaveFormRow>(`select ${columns} from leave_forms where brand = $1 order by version desc`, [brand])
}
