import type { Channel } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

/** What somebody asked to get. It opens nothing before `confirmedAt`. */
export type SignUpRow = {
  readonly subjectKey: string
  readonly id: string
  readonly brand: string
  readonly topics: readonly string[]
  readonly channel: Channel
  readonly language: string
  readonly textShown: string
  readonly textVersion: number | null
  readonly privacyUrl: string | null
  readonly source: string | null
  readonly contactType: 'email' | 'phone'
  /** Null once confirmed, expired or erased. */
  readonly contactValue: string | null
  readonly createdAt: Date
  /** The last time the same was asked. */
  readonly askedAt: Date
  readonly messagedAt: Date
  readonly expiresAt: Date
  readonly confirmedAt: Date | null
}

export type NewSignUp = Omit<SignUpRow, 'confirmedAt'>

const columns = `subject_key as "subjectKey", id, brand, topics, channel, language, text_shown as "textShown",
  text_version as "textVersion", privacy_url as "privacyUrl", source, contact_type as "contactType",
  contact_value as "contactValue", created_at as "createdAt", asked_at as "askedAt", messaged_at as "messagedAt",
  expires_at as "expiresAt", confirmed_at as "confirmedAt"`

export async function insertSignUp(tx: Transaction, row: NewSignUp): Promise<void> {
  await tx.execute(
    `insert into sign_ups (subject_key, id, brand, topics, channel, language, text_shown, text_version, privacy_url,
       source, contact_type, contact_value, created_at, asked_at, messaged_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     on conflict (subject_key, id) do nothing`,
    [
      row.subjectKey,
      row.id,
      row.brand,
      row.topics,
      row.channel,
      row.language,
      row.textShown,
      row.textVersion,
      row.privacyUrl,
      row.source,
      row.contactType,
      row.contactValue,
      row.createdAt,
      row.askedAt,
      row.messagedAt,
      row.expiresAt,
    ],
  )
}

/** The same was asked again. */
export async function renewSignUp(
  tx: Transaction,
  { subjectKey, id }: Pick<SignUpRow, 'subjectKey' | 'id'>,
  times: Pick<SignUpRow, 'askedAt' | 'messagedAt' | 'expiresAt'>,
): Promise<void> {
  await tx.execute(
    `update sign_ups set asked_at = $3, messaged_at = $4, expires_at = $5
     where subject_key = $1 and id = $2 and confirmed_at is null`,
    [subjectKey, id, times.askedAt, times.messagedAt, times.expiresAt],
  )
}

export async function findSignUp(db: Queryable, subjectKey: string, id: string): Promise<SignUpRow | undefined> {
  const text = `select ${columns} from sign_ups where subject_key = $1 and id = $2`
  return (await db.query<SignUpRow>(text, [subjectKey, id]))[0]
}

/** The same, held until the transaction ends: of two who confirm at once, the second sees what the first did. */
export async function lockSignUp(tx: Transaction, subjectKey: string, id: string): Promise<SignUpRow | undefined> {
  const text = `select ${columns} from sign_ups where subject_key = $1 and id = $2 for update`
  return (await tx.query<SignUpRow>(text, [subjectKey, id]))[0]
}

/** Everything that was asked through these addresses, oldest first. */
export async function listSignUps(db: Queryable, subjectKeys: readonly string[]): Promise<SignUpRow[]> {
  const text = `select ${columns} from sign_ups where subject_key = any($1::uuid[]) order by created_at, id`
  return db.query<SignUpRow>(text, [subjectKeys])
}

/** The address is the contact point's own from here on. */
export async function markSignUpConfirmed(tx: Transaction, subjectKey: string, id: string, now: number): Promise<void> {
  await tx.execute('update sign_ups set confirmed_at = $3, contact_value = null where subject_key = $1 and id = $2', [
    subjectKey,
    id,
    new Date(now),
  ])
}

/** After an erasure: no consent outlives the person, and neither does what they asked for. */
export async function deleteSignUps(tx: Transaction, subjectKeys: readonly string[]): Promise<void> {
  await tx.execute('delete from sign_ups where subject_key = any($1::uuid[])', [subjectKeys])
}

/** An address that nobody confirmed is forgotten when its time is over, the row later. */
export async function sweepSignUps(tx: Transaction, now: number, keptSince: number): Promise<void> {
  await tx.execute(
    'update sign_ups set contact_value = null, source = null where confirmed_at is null and expires_at <= $1',
    [new Date(now)],
  )
  await tx.execute('delete from sign_ups where confirmed_at is null and expires_at <= $1', [new Date(keptSince)])
}
