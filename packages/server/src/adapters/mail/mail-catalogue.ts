import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import type nl from '../../../locales/mail/nl.json'
import { type MailLanguage, mailLanguages } from '../../services/mail-language.ts'

export type MailTextKey = keyof typeof nl
export type MailTranslate = (key: MailTextKey, values?: Readonly<Record<string, string | number>>) => string

/** Reads `mail/{nl,fr,de,en}.json` from the locales directory. Throws when a language lacks a key: that must be seen at start. */
export function loadMailCatalogues(localesDir: string): Readonly<Record<MailLanguage, MailTranslate>> {
  const read = (language: MailLanguage) => readCatalogue(join(localesDir, 'mail', `${language}.json`))
  const dutch = read('nl')
  for (const language of mailLanguages) {
    const found = read(language)
    const missing = [...dutch.keys()].filter((key) => !found.has(key))
    if (missing.length > 0) throw new Error(`mail locale ${language} lacks: ${missing.join(', ')}`)
  }
  const translator = (language: MailLanguage) => makeTranslator(language, read(language))
  return { nl: translator('nl'), fr: translator('fr'), de: translator('de'), en: translator('en') }
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
