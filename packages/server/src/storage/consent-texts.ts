import type { Queryable, Transaction } from './database.ts'

/** The words of one version in one language. */
export type ConsentTextRow = {
  readonly brand: string
  readonly version: number
  readonly language: string
  readonly body: string
  readonly privacyUrl: string | null
  readonly createdAt: Date
}

export type NewConsentText = Pick<ConsentTextRow, 'language' | 'body' | 'privacyUrl'>

/** Every version of a brand's words, oldest first. */
export async function listConsentTexts(db: Queryable, brand: string): Promise<ConsentTextRow[]> {
  const text = `select brand, version, language, body, privacy_url as "privacyUrl", created_at as "createdAt"
    from consent_texts where brand = $1 order by version, language`
  return db.query<ConsentTextRow>(text, [brand])
}

/** Adds a version. Two who add the same one at once collide on the primary key, and the second starts again. */
export async function insertConsentTexts(
  tx: Transaction,
  brand: string,
  version: number,
  texts: readonly NewConsentText[],
  now: number,
): Promise<void> {
  await tx.execute(
    `insert into consent_texts (brand, version, language, body, privacy_url, created_at)
     select $1, $2, language, body, privacy_url, $6::timestamptz
     from unnest($3::text[], $4::text[], $5::text[]) as new (language, body, privacy_url)`,
    [
      brand,
      version,
      texts.map(({ language }) => language),
      texts.map(({ body }) => body),
      texts.map(({ privacyUrl }) => privacyUrl),
      new Date(now),
    ],
  )
}
