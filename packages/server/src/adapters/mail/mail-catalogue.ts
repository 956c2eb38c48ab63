import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import type nl from '../../../locales/mail/nl.json'
import { type MailLanguage, mailLanguages } from '../../services/mail-language.ts'

export type MailTextKey = keyof typeof nl
export type MailTranslate = (key: MailTextKey, values?: Readonly<Record<string, string | number>>) => string
/** A brand's own sentences of the hub's mails and texts, by the name each has in the catalogue. */
export type OwnMailWords = Readonly<Record<string, string>>

/** The sentences of the hub's own mails and texts. */
export type MailCatalogues = {
  /** Those of one language, with a brand's own in place of the product's. */
  for(language: MailLanguage, own?: OwnMailWords): MailTranslate
  /** The product's own message behind a name, unfilled; undefined for a name that no mail uses. */
  message(language: MailLanguage, key: string): string | undefined
  readonly keys: readonly string[]
}

/** Reads `mail/{nl,fr,de,en}.json` from the locales directory. Throws when a language lacks a key: that must be seen at start. */
export function loadMailCatalogues(localesDir: string): MailCatalogues {
  const read = (language: MailLanguage) => readCatalogue(join(localesDir, 'mail', `${language}.json`))
  const catalogues = { nl: read('nl'), fr: read('fr'), de: read('de'), en: read('en') }
  const keys = [...catalogues.nl.keys()]
  for (const language of mailLanguages) {
    const missing = keys.filter((key) => !catalogues[language].has(key))
    if (missing.length > 0) throw new Error(`mail locale ${language} lacks: ${missing.join(', ')}`)
  }
  const translator = (language: MailLanguage) => makeTranslator(language, catalogues[language])
  const product = { nl: translator('nl'), fr: translator('fr'), de: translator('de'), en: translator('en') }
  return {
    // A brand writes few mails with words of its own: compiling its sentences anew takes microseconds.
    for: (language, own) =>
      own === undefined
        ? product[language]
        : makeTranslator(language, new Map([...catalogues[language], ...Object.entries(own)])),
    message: (language, key) => catalogues[language].get(key),
    keys,
  }
}

/** Every sentence is plain text: a tag in it is shown as it stands. */
function makeTranslator(language: MailLanguage, catalogue: ReadonlyMap<string, string>): MailTranslate {
  const compiled = new Map<string, IntlMessageFormat>()
  return (key, values) => {
    const message =
      compiled.get(key) ?? new IntlMessageFormat(catalogue.get(key) ?? key, language, undefined, { ignoreTag: true })
    compiled.set(key, message)
    return String(message.format(values))
  }
}

function readCatalogue(path: string): ReadonlyMap<string, string> {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`${path} is not a catalogue`)
  return new Map(
    Object.entries(parsed).map(([key, text]) => {
      if (typeof text !== 'string' || text === '') throw new Error(`${path}: "${key}" is not a text`)
      return [key, text]
    }),
  )
}
