import { type ConsentTextRow, insertConsentTexts, listConsentTexts } from '../../storage/consent-texts.ts'
import type { Database, Queryable } from '../../storage/database.ts'
import { giveNumber } from '../give-number.ts'

/** The words somebody agrees to, and which of the brand's versions they are; without a version they are somebody else's. */
export type ConsentWords = { readonly shown: string; readonly version?: number; readonly privacyUrl?: string }

export type ConsentTextsToSave = {
  readonly brand: string
  readonly texts: Readonly<Record<string, string>>
  readonly privacyUrl?: string
}

/** One version with the words of each of its languages. */
export type ConsentTextVersion = {
  readonly version: number
  readonly texts: Readonly<Record<string, string>>
  readonly privacyUrl?: string
  readonly createdAt: number
}

/** Saving what already stands adds no version: a consent then names one version for one wording. */
export async function saveConsentTexts(
  db: Database,
  wanted: ConsentTextsToSave,
  now: number,
): Promise<{ readonly created: boolean; readonly version: ConsentTextVersion }> {
  return giveNumber(db, async (tx) => {
    const latest = (await readConsentTexts(tx, wanted.brand)).at(-1)
    if (latest !== undefined && saysTheSame(latest, wanted)) return { created: false, version: latest }
    const version = (latest?.version ?? 0) + 1
    const privacyUrl = wanted.privacyUrl ?? null
    const rows = Object.entries(wanted.texts).map(([language, body]) => ({ language, body, privacyUrl }))
    await insertConsentTexts(tx, wanted.brand, version, rows, now)
    const { texts } = wanted
    const saved = { version, texts, createdAt: now, ...(privacyUrl !== null && { privacyUrl }) }
    return { created: true, version: saved }
  })
}

/** Every version, oldest first; the last one is the one that is shown. */
export async function readConsentTexts(db: Queryable, brand: string): Promise<ConsentTextVersion[]> {
  const versions = new Map<number, ConsentTextRow[]>()
  for (const row of await listConsentTexts(db, brand)) {
    versions.set(row.version, [...(versions.get(row.version) ?? []), row])
  }
  return [...versions].map(([version, rows]) => {
    const privacyUrl = rows[0]?.privacyUrl
    return {
      version,
      texts: Object.fromEntries(rows.map(({ language, body }) => [language, body])),
      createdAt: rows[0]?.createdAt.getTime() ?? 0,
      ...(privacyUrl && { privacyUrl }),
    }
  })
}

/**
 * The brand's present words in a language; undefined where it has none. There is no falling back to another language:
 * who cannot read the words has not agreed to them (GDPR art. 4(11)).
 */
export async function currentConsentWords(
  db: Queryable,
  brand: string,
  language: string,
): Promise<ConsentWords | undefined> {
  const latest = (await readConsentTexts(db, brand)).at(-1)
  const shown = latest?.texts[language]
  if (latest === undefined || shown === undefined) return undefined
  const { version, privacyUrl } = latest
  return { shown, version, ...(privacyUrl !== undefined && { privacyUrl }) }
}

function saysTheSame(one: ConsentTextVersion, other: ConsentTextsToSave): boolean {
  const languages = Object.keys(other.texts)
  return (
    one.privacyUrl === other.privacyUrl &&
    languages.length === Object.keys(one.texts).length &&
    languages.every((language) => one.texts[language] === other.texts[language])
  )
}
