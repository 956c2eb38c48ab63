import type { BrandRow } from '../storage/catalog.ts'
import type { MailLanguage } from './mail-language.ts'

/** In a brand's wording, what comes before the name of a sentence of a mail or a text the hub sends. */
export const mailWordsPrefix = 'mail.'

/** What staff reads, and the labels the relay puts into other people's mails, are not the brand's to word. */
export function isOwnMailText(name: string): boolean {
  return !name.startsWith('alert.') && !name.startsWith('waysOut.')
}

/** A brand's own sentences for the hub's mails and texts in one language; undefined where it has none. */
export function ownMailWords(
  { wording }: Pick<BrandRow, 'wording'>,
  language: MailLanguage,
): Readonly<Record<string, string>> | undefined {
  const own = Object.entries(wording?.texts[language] ?? {}).filter(([key]) => key.startsWith(mailWordsPrefix))
  if (own.length === 0) return undefined
  return Object.fromEntries(own.map(([key, words]) => [key.slice(mailWordsPrefix.length), words]))
}
