import type { Queryable, Transaction } from './database.ts'

export type TextPartRow = {
  readonly account: string
  readonly messageKey: string
  readonly part: number
  readonly parts: number
  readonly sender: string
  readonly recipient: string
  readonly body: string
  readonly arrivedAt: Date
}

const columns = `account, message_key as "messageKey", part, parts, sender, recipient, body, arrived_at as "arrivedAt"`

/** The same part again changes nothing. */
export async function insertTextPart(tx: Transaction, row: TextPartRow): Promise<void> {
  await tx.execute(
    `insert into text_parts (account, message_key, part, parts, sender, recipient, body, arrived_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (message_key, part) do nothing`,
    [row.account, row.messageKey, row.part, row.parts, row.sender, row.recipient, row.body, row.arrivedAt],
  )
}

/** The parts of one text that are there, in order. */
export async function listTextParts(db: Queryable, messageKey: string): Promise<TextPartRow[]> {
  return db.query<TextPartRow>(`select ${columns} from text_parts where message_key = $1 order by part`, [messageKey])
}

/** Texts whose first part waits since before a moment. */
export async function listWaitingTexts(
  db: Queryable,
  before: number,
  limit: number,
): Promise<{ messageKey: string }[]> {
  const text = `select message_key as "messageKey" from text_parts
    group by message_key having min(arrived_at) <= $1 or count(*) >= max(parts) limit $2`
  return db.query(text, [new Date(before), limit])
}

export async function deleteTextParts(tx: Transaction, messageKey: string): Promise<void> {
  await tx.execute('delete from text_parts where message_key = $1', [messageKey])
}
