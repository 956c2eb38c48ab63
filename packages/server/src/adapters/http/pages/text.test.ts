import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { IntlMessageFormat } from 'intl-messageformat'
import { afterEach, describe, expect, it } from 'vitest'
import { localesDir, texts } from './testing/texts.ts'
import { chooseLanguage, languages, loadTexts } from './text.ts'

type MessageElement = ReturnType<IntlMessageFormat['getAst']>[number]
const literalType = 0

describe('the language of a page', () => {
  it('is what the relation reads, whatever the address or the browser asks for', () => {
    expect(chooseLanguage({ relation: 'de', query: 'fr', acceptLanguage: 'en' })).toBe('de')
  })
  it('is what ?lang= asks for when the relation tells nothing', () => {
    expect(chooseLanguage({ query: 'fr', acceptLanguage: 'en' })).toBe('fr')
    expect(chooseLanguage({ relation: 'tlh', query: 'FR-be' })).toBe('fr')
  })
  it('is the best language of Accept-Language when nothing else tells', () => {
    expect(chooseLanguage({ acceptLanguage: 'es, en;q=0.5, de-AT;q=0.8, fr;q=0.8' })).toBe('de')
    expect(chooseLanguage({ acceptLanguage: 'fr;q=0, en ; q=0.1' })).toBe('en')
  })
  it('is Dutch when nobody says anything readable', () => {
    for (const acceptLanguage of [undefined, '', '*', 'fr;q=abc', ';;,,', 7, ['fr']]) {
      expect(chooseLanguage({ query: ['fr', 'de'], acceptLanguage })).toBe('nl')
    }
  })
  it('does not read past the first thousand characters of a header', () => {
    expect(chooseLanguage({ acceptLanguage: `${'x,'.repeat(600)}fr` })).toBe('nl')
  })
})

describe('the catalogues', () => {
  const catalogues = languages.map((language) => ({ language, entries: readCatalogue(language) }))
  const dutch = readCatalogue('nl')

  it('name the same values in each language', () => {
    for (const { language, entries } of catalogues) {
      for (const [key, message] of Object.entries(entries)) {
        expect(`${language} ${key}: ${namesIn(message)}`).toBe(`${language} ${key}: ${namesIn(dutch[key] ?? '')}`)
      }
    }
  })
  it('tell the same cases apart in each language', () => {
    for (const { language, entries } of catalogues) {
      for (const [key, message] of Object.entries(entries)) {
        expect(`${language} ${key}: ${casesIn(message)}`).toBe(`${language} ${key}: ${casesIn(dutch[key] ?? '')}`)
      }
    }
  })
  it('leave no sentence untranslated', () => {
    for (const { language, entries } of catalogues.filter(({ language }) => language !== 'nl')) {
      const same = Object.keys(entries).filter(
        (key) => entries[key] === dutch[key] && /[a-z]{2}.* /i.test(entries[key] ?? ''),
      )
      expect({ language, same }).toEqual({ language, same: ['confirm.item'] })
    }
  })
  it('hold no sentence that no page says', () => {
    const source = sourcesUnder(fileURLToPath(new URL('../../../', import.meta.url)))
    // By its whole name, or by the first parts of it where the last is one of a list: `content.in.${language}`.
    const isSaid = (key: string) =>
      [`'${key}'`, `"${key}"`, `\`${key.slice(0, key.lastIndexOf('.'))}.\${`].some((name) => source.includes(name))
    expect(Object.keys(dutch).filter((key) => !isSaid(key))).toEqual([])
  })
  it('write apostrophes as type, so that ICU never takes one for a quote', () => {
    for (const { entries } of catalogues)
      expect(Object.values(entries).filter((text) => text.includes("'"))).toEqual([])
  })
  it('put a no-break space before French double punctuation', () => {
    const spaced = Object.values(readCatalogue('fr')).filter((text) => /[ a-z][?!;:»](?!\S)/i.test(text))
    expect(spaced).toEqual([])
  })
})

describe('texts', () => {
  it('fill a sentence in, without taking a value for a message', () => {
    expect(texts.for('nl')('page.who', { address: '{brand} <b>' })).toBe('Het gaat om {brand} <b>.')
  })
  it('let a brand put its own sentence in the place of one of ours', () => {
    const overrides = { stopAll: 'Geen reclame meer' }
    expect(texts.for('nl', overrides)('stopAll')).toBe('Geen reclame meer')
    expect(texts.for('nl', overrides)('undo')).toBe('Ongedaan maken')
    expect(texts.for('nl')('stopAll')).toBe('Stop alle reclame')
    expect(texts.for('nl', overrides)).toBe(texts.for('nl', overrides))
  })

  const made: string[] = []
  afterEach(() => {
    for (const directory of made.splice(0)) rmSync(directory, { recursive: true })
  })
  it.each([
    ['a missing key', { skip: undefined }, /locale fr lacks: skip/],
    ['a key that Dutch lacks', { extra: 'x' }, /locale fr has keys that nl lacks: extra/],
    ['an empty sentence', { skip: '' }, /"skip" is not a text/],
  ])('refuse to start with %s', (_, change, message) => {
    const directory = mkdtempSync(join(tmpdir(), 'locales-'))
    made.push(directory)
    cpSync(localesDir, directory, { recursive: true })
    writeFileSync(join(directory, 'fr.json'), JSON.stringify({ ...readCatalogue('fr'), ...change }))
    expect(() => loadTexts(directory)).toThrow(message)
  })
})

function readCatalogue(language: string): Record<string, string> {
  return JSON.parse(readFileSync(join(localesDir, `${language}.json`), 'utf8'))
}

function namesIn(message: string): string {
  return [...new Set(partsOf(message).flatMap(({ name }) => name))].sort().join(' ')
}

function casesIn(message: string): string {
  return [...new Set(partsOf(message).flatMap(({ cases }) => cases))].sort().join(' ')
}

/** The values and the cases of a message, from its syntax tree. */
function partsOf(message: string): { name: string[]; cases: string[] }[] {
  const walk = (elements: readonly MessageElement[]): { name: string[]; cases: string[] }[] =>
    elements.flatMap((element) => {
      const options = 'options' in element ? element.options : {}
      const named = 'value' in element && element.type !== literalType ? [element.value] : []
      const inner = Object.values(options).flatMap(({ value }) => walk(value))
      return [{ name: named, cases: Object.keys(options) }, ...inner]
    })
  return walk(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst())
}

function sourcesUnder(directory: string): string {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(directory, name), 'utf8'))
    .join('\n')
}
