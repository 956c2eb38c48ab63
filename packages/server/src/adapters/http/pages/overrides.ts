import { IntlMessageFormat } from 'intl-messageformat'
import { isOwnMailText, mailWordsPrefix } from '../../../services/own-mail-words.ts'
import type { WordingFault } from '../../../services/page-lint/brand-pages.ts'
import type { BrandRow, PublishedWording } from '../../../storage/catalog.ts'
import { type Language, languages, type TextKey, type TextOverrides } from './text.ts'

/** Longer than the longest sentence of the product, in any language. */
export const overrideCharactersMax = 600
/** Brands per deployment whose sentences stay compiled; beyond it they are compiled anew. */
const brandsKeptMax = 256

type Kept = { readonly version: number; readonly texts: Readonly<Partial<Record<Language, TextOverrides>>> }
/** The catalogue reads brands anew every second: compiled sentences are kept for as long as their version is the same. */
const kept = new WeakMap<PublishedWording['texts'], Kept>()
const byBrand = new Map<string, Kept>()

/** A brand's own sentences in one language; undefined where it has none. */
export function overridesOf({ id, wording }: BrandRow, language: Language): TextOverrides | undefined {
  if (wording === undefined || wording === null) return undefined
  const preview = kept.get(wording.texts)
  if (preview !== undefined) return preview.texts[language]
  const known = byBrand.get(id)
  if (known?.version === wording.version) return known.texts[language]
  const read = { version: wording.version, texts: readOverrides(wording.texts) }
  // Version 0 is a wording that is only being tried.
  if (wording.version === 0) {
    kept.set(wording.texts, read)
    return read.texts[language]
  }
  if (byBrand.size >= brandsKeptMax) byBrand.clear()
  byBrand.set(id, read)
  return read.texts[language]
}

/** What was stored was checked; a key that a later version of the product dropped is passed over. */
function readOverrides(texts: PublishedWording['texts']): Kept['texts'] {
  return Object.fromEntries(
    languages.flatMap((language) => {
      const own = texts[language]
      return own === undefined || Object.keys(own).length === 0 ? [] : [[language, own]]
    }),
  )
}

/** Where the sentences of the product are found, by the name a wording gives them. */
export type Originals = { message(language: Language, key: string): string | undefined }

/**
 * Sentences that name no text of a page or a mail, cannot be read as ICU MessageFormat, or ask for a value there is not.
 * One of a mail or a text keeps every value the product's has: without its link it would be of no use to who gets it.
 */
export function wordingFaults(texts: Originals, mails: Originals, given: PublishedWording['texts']): WordingFault[] {
  return Object.entries(given).flatMap(([name, own]): WordingFault[] => {
    const language = languages.find((known) => known === name)
    if (language === undefined) {
      const detail = `The pages are written in ${languages.join(', ')}; leave this language out.`
      return [{ language: name, kind: 'unknown_language', detail }]
    }
    return Object.entries(own).flatMap(([key, message]) => {
      const isOfMail = key.startsWith(mailWordsPrefix)
      const original = isOfMail ? mailOriginal(mails, language, key) : texts.message(language, key)
      const fault = faultIn(message, original, language, isOfMail)
      return fault === undefined ? [] : [{ language, key, ...fault }]
    })
  })
}

function mailOriginal(mails: Originals, language: Language, key: string): string | undefined {
  const name = key.slice(mailWordsPrefix.length)
  return isOwnMailText(name) ? mails.message(language, name) : undefined
}

function faultIn(
  message: string,
  original: string | undefined,
  language: Language,
  keepsAll: boolean,
): Omit<WordingFault, 'language' | 'key'> | undefined {
  if (original === undefined) {
    return { kind: 'unknown_text', detail: `No ${keepsAll ? 'mail' : 'page'} has a text of this name.` }
  }
  const wanted = namesIn(message, language)
  if (wanted === undefined) return { kind: 'no_message', detail: 'This is no ICU message: check its braces.' }
  const known = namesIn(original, language) ?? []
  const unknown = wanted.filter((one) => !known.includes(one))
  if (unknown.length > 0) {
    const has = known.length === 0 ? 'no value' : known.map((one) => `{${one}}`).join(', ')
    const value = `{${unknown[0]}}`
    return { kind: 'unknown_value', value, detail: `It asks for ${value}; this text has ${has}.` }
  }
  const lost = keepsAll ? known.filter((one) => !wanted.includes(one)) : []
  const value = `{${lost[0]}}`
  return lost.length > 0 ? { kind: 'lost_value', value, detail: `Keep ${value}: people need it.` } : undefined
}

/** The names of the values a message is filled in with; undefined when it is no message. */
function namesIn(message: string, language: Language): string[] | undefined {
  try {
    const walk = (elements: readonly MessageElement[]): string[] =>
      elements.flatMap((element) => {
        const inner = 'options' in element ? Object.values(element.options).flatMap(({ value }) => walk(value)) : []
        return 'value' in element && element.type !== literalType ? [element.value, ...inner] : inner
      })
    return [...new Set(walk(new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst()))]
  } catch {
    return undefined
  }
}

type MessageElement = ReturnType<IntlMessageFormat['getAst']>[number]
/** The parser's number for a piece of plain text. */
const literalType = 0

export type { TextKey }
