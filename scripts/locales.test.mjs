import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { compareCatalogues, compareUse, families, placeholderReader, readCatalogue } from './locales.mjs'

const { IntlMessageFormat } = createRequire(new URL('../packages/server/package.json', import.meta.url))(
  'intl-messageformat',
)
const placeholders = placeholderReader(IntlMessageFormat)

function compare(nl, fr) {
  const catalogue = (language, texts) => readCatalogue(language, JSON.stringify(texts))
  return compareCatalogues([catalogue('nl', nl), catalogue('fr', fr)], placeholders)
}

function use(keys, code) {
  return compareUse(new Set(keys), [{ path: 'a.tsx', code }])
}

describe('a catalogue', () => {
  it('has each key once, with a text', () => {
    const raw = '{"a": "x", "b": " ", "a": "say \\"a\\": y", "c": {"d": "e"}}'
    expect(readCatalogue('nl', raw).findings).toEqual(['nl: b is empty', 'nl: c is no text', 'nl: a is there twice'])
  })

  it('that cannot be read says so', () => {
    expect(readCatalogue('nl', '{').findings).toHaveLength(1)
    expect(readCatalogue('nl', '[]').findings).toEqual(['nl: must be an object of key and text'])
  })
})

describe('two languages', () => {
  it('have the same keys', () => {
    expect(compare({ a: 'x', b: 'y' }, { a: 'x' })).toEqual(['fr: b is missing'])
  })

  it('have the same placeholders, in whatever order and inside plurals and tags', () => {
    const nl = '{n, plural, one {# keer aan <b>{name}</b>} other {# keren}}'
    expect(compare({ a: nl }, { a: '<b>{name}</b> : {n, plural, one {une fois} other {# fois}}' })).toEqual([])
    expect(compare({ a: '{name}' }, { a: '{nom}' })).toEqual(['fr: a has {nom} where nl has {name}'])
  })

  it('show a placeholder that an apostrophe has turned into text', () => {
    expect(compare({ a: 'van {name}' }, { a: "d'{name}" })).toEqual(['fr: a has {} where nl has {name}'])
  })

  it('show a message that cannot be read', () => {
    expect(compare({ a: '{n, plural, one {x}}' }, { a: '' })[0]).toMatch(/^nl: a is no ICU message/)
  })
})

describe('the use of keys', () => {
  it('counts literals and templates that begin with part of a key', () => {
    expect(use(['page.title', 'reason.often', 'reason.never'], "t('page.title') + t(`reason.${id}`)")).toEqual([])
  })

  it('is not confused by other templates around it', () => {
    expect(use(['page.title'], "`a ${b}` + t('page.title') + `${c} d`")).toEqual([])
  })

  it('shows a key that nothing uses', () => {
    expect(use(['page.title', 'page.old'], "t('page.title')")).toEqual(['page.old is used nowhere'])
  })

  it('shows a key that no catalogue has, asked for or only named', () => {
    expect(use(['page.title'], "t('page.title', {}) + t(lang, 'titel')")).toEqual([
      'a.tsx: asks for titel, which no catalogue has',
    ])
    expect(use(['page.title'], "const keys = ['page.title', 'page.titel', 'page.css', 'other.thing']")).toEqual([
      'a.tsx: asks for page.titel, which no catalogue has',
    ])
  })
})

describe('pages, mails and findings', () => {
  const usedBy = (path) => families.filter(({ isUser }) => isUser(path)).map(({ directory }) => directory)

  it('have catalogues of their own, and no source may ask two', () => {
    expect(usedBy('packages/server/src/adapters/mail/mail-texts.ts')).toEqual(['packages/server/locales/mail'])
    expect(usedBy('packages/server/src/adapters/http/pages/done-page.tsx')).toEqual(['packages/server/locales'])
    expect(usedBy('packages/server/src/services/page-lint/exit-rules.ts')).toEqual(['packages/server/locales/findings'])
  })
})
