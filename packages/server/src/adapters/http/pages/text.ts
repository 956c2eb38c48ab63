import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import type nl from '../../../../locales/nl.json'
import type { FindingTextKey } from '../../../services/finding-text.ts'

export const languages = ['nl', 'fr', 'de', 'en'] as const
export type Language = (typeof languages)[number]
export type TextKey = keyof typeof nl
export type TextValues = Readonly<Record<string, string | number>>
/** The sentences of the pages, and those about what a check found. */
export type Translate = (key: TextKey | FindingTextKey, values?: TextValues) => string
/** A brand's own sentences, in place of the product's. */
export type TextOverrides = Readonly<Partial<Record<TextKey, string>>>

export type Texts = {
  /** The sentences of one language. Compiled messages are kept for the life of `Texts` or of `overrides`. */
  for(language: Language, overrides?: TextOverrides): Translate
  /** The product's own message behind a key, unfilled; undefined for a key that no page uses. */
  message(language: Language, key: string): string | undefined
  /** Of every sentence, in the order of the catalogue. */
  readonly keys: readonly TextKey[]
}

type Catalogue<Key extends string> = Readonly<Record<Key, string>>
/** Everything that can be said in one language. */
type Sentences = Catalogue<TextKey | FindingTextKey>
type Compiled = Map<TextKey | FindingTextKey, IntlMessageFormat>

/** The longest Accept-Language header that is read; a browser sends far less than this. */
const acceptLanguageCharsMax = 1000

/**
 * Reads `{nl,fr,de,en}.json` from a directory, once, and what is said of findings from `findings/` in it.
 * Throws when a catalogue lacks a key of the Dutch one or has one more: a missing sentence must be seen at start.
 */
export function loadTexts(localesDir: string): Texts {
  const catalogues = readCatalogues<TextKey>(localesDir)
  const findings = readCatalogues<FindingTextKey>(join(localesDir, 'findings'))
  const sentences = (language: Language): Sentences => ({ ...catalogues[language], ...findings[language] })
  const own: Record<Language, Translate> = {
    nl: translator('nl', sentences('nl')),
    fr: translator('fr', sentences('fr')),
    de: translator('de', sentences('de')),
    en: translator('en', sentences('en')),
  }
  const overridden = new WeakMap<TextOverrides, Map<Language, Translate>>()
  return {
    for(language, overrides) {
      if (overrides === undefined) return own[language]
      const known = overridden.get(overrides) ?? new Map<Language, Translate>()
      overridden.set(overrides, known)
      const translate = known.get(language) ?? translator(language, { ...sentences(language), ...overrides })
      known.set(language, translate)
      return translate
    },
    keys: Object.keys(catalogues.nl).filter((key): key is TextKey => key in catalogues.nl),
    message: (language, key) => Object.entries(catalogues[language]).find(([name]) => name === key)?.[1],
  }
}

/**
 * The language of a page: what the relation is known to read, then `?lang=`, then Accept-Language, then Dutch.
 * Every part comes from outside and is ignored when it names no language of ours.
 */
export function chooseLanguage(from: { relation?: unknown; query?: unknown; acceptLanguage?: unknown }): Language {
  return readLanguage(from.relation) ?? readLanguage(from.query) ?? readAcceptLanguage(from.acceptLanguage) ?? 'nl'
}

/** Reads `fr`, `FR` or `fr-BE` as `fr`; undefined for anything that is not one of the four languages. */
export function readLanguage(value: unknown): Language | undefined {
  if (typeof value !== 'string') return undefined
  const primary = value.trim().toLowerCase().split(/[-_]/, 1)[0]
  return languages.find((language) => language === primary)
}

/** RFC 9110 §12.5.4: the highest weight wins, a weight of nought refuses, and among equals the first one named. */
function readAcceptLanguage(header: unknown): Language | undefined {
  if (typeof header !== 'string') return undefined
  let best: { language: Language; weight: number } | undefined
  for (const part of header.slice(0, acceptLanguageCharsMax).split(',')) {
    const [range, ...parameters] = part.split(';')
    const language = readLanguage(range)
    const quality = parameters.map((parameter) => /^\s*q\s*=\s*(.*)$/i.exec(parameter)?.[1]).find(isText)
    const weight = quality === undefined ? 1 : Number(quality)
    if (language !== undefined && weight > 0 && weight > (best?.weight ?? 0)) best = { language, weight }
  }
  return best?.language
}

function isText(value: string | undefined): value is string {
  return value !== undefined
}

function translator(language: Language, catalogue: Sentences): Translate {
  const compiled: Compiled = new Map()
  return (key, values) => {
    const message = compiled.get(key) ?? compile(language, catalogue[key])
    compiled.set(key, message)
    return String(message.format(values))
  }
}

/** A tag in a text is shown as it stands: every sentence is plain text, and the page escapes it. */
function compile(language: Language, message: string): IntlMessageFormat {
  return new IntlMessageFormat(message, language, undefined, { ignoreTag: true })
}

function readCatalogues<Key extends string>(directory: string): Record<Language, Catalogue<Key>> {
  const read = (language: Language) => readCatalogue<Key>(join(directory, `${language}.json`))
  const catalogues = { nl: read('nl'), fr: read('fr'), de: read('de'), en: read('en') }
  const keys = Object.keys(catalogues.nl)
  for (const language of languages) refuseOtherKeys(language, Object.keys(catalogues[language]), keys)
  return catalogues
}

function readCatalogue<Key extends string>(path: string): Catalogue<Key> {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error(`${path} is not a catalogue`)
  for (const [key, value] of Object.entries(parsed)) {
    if (typeof value !== 'string' || value === '') throw new Error(`${path}: "${key}" is not a text`)
  }
  return parsed as Catalogue<Key>
}

function refuseOtherKeys(language: Language, found: readonly string[], wanted: readonly string[]): void {
  const missing = wanted.filter((key) => !found.includes(key))
  const unknown = found.filter((key) => !wanted.includes(key))
  if (missing.length > 0) throw new Error(`locale ${language} lacks: ${missing.join(', ')}`)
  if (unknown.length > 0) throw new Error(`locale ${language} has keys that nl lacks: ${unknown.join(', ')}`)
}
