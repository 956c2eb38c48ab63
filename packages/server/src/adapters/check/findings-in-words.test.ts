import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FindingTextKey } from '../../services/finding-text.ts'
import { type LintFindingValues, lintRules } from '../../services/page-lint/rules.ts'
import { localesDir, texts } from '../http/pages/testing/texts.ts'
import { languages } from '../http/pages/text.ts'
import { checkRuleIds, checkRules } from './check-rules.ts'
import { type Finding, finding, type Place } from './finding.ts'
import type { CheckFindingValues } from './finding-values.ts'
import { findingInWords } from './findings-in-words.ts'

type PlaceValues = {
  readonly 'source.own': { readonly number: number }
  readonly 'place.part': { readonly part: string; readonly view: string }
  readonly 'place.page': { readonly page: number; readonly qr: string }
  readonly 'place.brandPage': { readonly page: string; readonly language: string }
}
type Samples<Values> = { readonly [Key in keyof Values]: Values[Key] }

const names = { brand: 'Acme', controller: 'Acme NV' }
const host = 'other.example'
const characters = 512_000

/** One set of values for each sentence that has any: the compiler asks for those that are left out. */
const samples: Samples<CheckFindingValues & LintFindingValues & PlaceValues> = {
  'message-readable.mail': { reason: 'too_deep' },
  'way-out-present.closed': { reason: 'signed' },
  'way-out-present.encoding': { part: 'html' },
  'way-out-present.large': { part: 'text', characters },
  'way-out-in-header.closed': { reason: 'encrypted' },
  'way-out-in-header.encoding': { part: 'text' },
  'way-out-in-header.large': { part: 'html', characters },
  'way-out-top.none': { characters },
  'way-out-bottom.none': { characters },
  'way-out-placed.top': { characters },
  'way-out-placed.bottom': { characters },
  'way-out-plain.language': { language: 'fr' },
  'way-out-hidden.style': { why: 'off_page' },
  'readable-contrast.low': { ratio: 4, least: 4.5 },
  'readable-size.small': { pixels: 9, least: 12 },
  'link-foreign.host': { host },
  'link-brand.other': { made: 'acme', sent: 'globex' },
  'link-channel.other': { made: 'sms', sent: 'email' },
  'link-answers.failed': { host, reason: 'ENOTFOUND' },
  'link-answers.status': { host, status: '404' },
  'link-answers.redirects': { host },
  'link-answers.page': { host },
  'link-answers.http': { host },
  'link-answers.login': { host },
  'list-unsubscribe.addresses': { count: 2 },
  'list-id.form': { example: '<news.shop.example>' },
  'from-name.other': names,
  'sender-named.none': names,
  'dkim-covers.lacking': { fields: 'from, list-unsubscribe' },
  'dkim-over-signs.open': { fields: 'from' },
  'sms-brand.none': { brand: names.brand },
  'sms-length.count': { characters: 1, alphabet: 'GSM-7', messages: 1 },
  'sms-too-long.messages': { messages: 4 },
  'sms-alphabet.signs': { signs: '’', count: 1 },
  'sms-link-length.long': { characters: 24 },
  'phone-right.language': { language: 'de' },
  'phone-identity.none': names,
  'print-link.none': { host },
  'print-qr.other': { count: 1 },
  'print-qr-size.small': { mm: 9, least: 15 },
  'print-size.small': { points: 5.26, least: 7 },
  'print-pages.some': { looked: 20, pages: 1200 },
  'exit-first-screen.absent': { screen: 640 },
  'exit-first-screen.below': { end: 1288, screen: 640 },
  'two-acts.many': { acts: 4, field: 'yes', folded: 'yes', unposted: 'yes' },
  'exit-not-weaker.after': { label: 'Pauze' },
  'exit-not-weaker.room': { label: 'Pauze' },
  'exit-not-weaker.contrast': { ratio: 3.2, scheme: 'dark' },
  'exit-not-weaker.stands-out': { label: 'Pauze', scheme: 'light' },
  'exit-not-weaker.larger': { label: 'Pauze' },
  'exit-in-plain-words.label': { label: 'Verder' },
  'nothing-pre-ticked.ticked': { label: 'Nieuws' },
  'no-mandatory-question.field': { label: 'Waarom?' },
  'no-mandatory-question.said': { line: 'Verplicht' },
  'no-guilt.line': { line: 'Jammer!' },
  'no-double-negation.line': { line: 'Niet niet' },
  'source.own': { number: 3 },
  'place.part': { part: 'html', view: 'dark' },
  'place.page': { page: 2, qr: 'yes' },
  'place.brandPage': { page: 'stopped', language: 'nl' },
}
const valuesFor = new Map<string, Readonly<Record<string, string | number>>>(Object.entries(samples))

const dutch: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(localesDir, 'findings', 'nl.json'), 'utf8'),
)
const keys = Object.keys(dutch).filter((key): key is FindingTextKey => key in dutch)

describe('what was found', () => {
  it.each(languages)('is said in full: %s', (language) => {
    const said = keys.map((key) => texts.for(language)(key, valuesFor.get(key)))
    expect(said.filter((one) => /[{}]|undefined|NaN/.test(one) || one.trim() === '')).toEqual([])
  })

  it('is said in each language by words of its own', () => {
    for (const [at, language] of languages.entries()) {
      const others = languages.slice(at + 1)
      const same = keys.filter((key) =>
        others.some(
          (other) => texts.for(language)(key, valuesFor.get(key)) === texts.for(other)(key, valuesFor.get(key)),
        ),
      )
      expect({ language, same }).toEqual({ language, same: [] })
    }
  })

  it('says every value it has', () => {
    const mute = [...valuesFor].filter(([key, values]) =>
      Object.keys(values).some((name) => !new RegExp(`\\{${name}\\b`).test(dutch[key] ?? '')),
    )
    expect(mute).toEqual([])
  })

  it('is set as type: no ASCII apostrophe, and a no-break space before French double punctuation', () => {
    for (const language of languages) {
      const said = keys.map((key) => texts.for(language)(key, valuesFor.get(key)))
      expect(said.filter((one) => one.includes("'"))).toEqual([])
      expect(language === 'fr' ? said.filter((one) => / [?!;:»](?!\S)/.test(one)) : []).toEqual([])
    }
  })

  it('belongs to a rule, by the name it begins with', () => {
    const rules = [...checkRuleIds, ...Object.keys(lintRules)]
    const ofNone = keys.filter((key) => !rules.some((rule) => key.startsWith(`${rule}.`)))
    expect(ofNone.filter((key) => !/^(?:place|rule|source)\./.test(key))).toEqual([])
  })

  it('writes numbers as its reader does', () => {
    const contrast = finding('readable-contrast.low', { ratio: 4, least: 4.5 })
    const messages = languages.map((language) => findingInWords(texts.for(language), contrast).message)
    expect(messages).toEqual([
      expect.stringContaining('4,0 op 1; 4,5'),
      expect.stringContaining('4,0 pour 1\u00a0; il faut 4,5'),
      expect.stringContaining('4,0 zu 1; nötig sind 4,5'),
      'A way out has a contrast of 4.0 to 1; 4.5 is needed.',
    ])
    const large = finding('way-out-present.large', { part: 'html', characters })
    expect(findingInWords(texts.for('de'), large).message).toContain('größer als 512.000 Zeichen')
  })

  it('cites the rules of the product in the language of the reader, and laws as they are cited', () => {
    const sources = (found: Finding) => languages.map((language) => findingInWords(texts.for(language), found).source)
    expect(sources(finding('way-out-top.none', { characters: 300 }))).toEqual([
      'de zeven regels van Verzet; GDPR art. 21(4)',
      'les sept règles de Verzet; GDPR art. 21(4)',
      'die sieben Regeln von Verzet; GDPR art. 21(4)',
      checkRules['way-out-top'].source,
    ])
    const ofAnother = sources(finding('link-brand.other', { made: 'acme', sent: 'globex' }))
    expect([ofAnother[0], ofAnother.at(-1)]).toEqual([
      'de zeven regels van Verzet (regel 3)',
      checkRules['link-brand'].source,
    ])
  })

  it('names its place, and a field by its own name', () => {
    const place = (where: Place) =>
      languages.map((language) => findingInWords(texts.for(language), finding('no-login.login', {}, where)).where)
    expect(place({ kind: 'part', part: 'html', view: 'narrow' })).toEqual([
      'in het HTML-deel, op een smal scherm',
      'dans la partie HTML, sur un écran étroit',
      'im HTML-Teil, auf schmalem Bildschirm',
      'the HTML part, on a narrow screen',
    ])
    expect(new Set(place({ kind: 'field', name: 'List-Unsubscribe' }))).toEqual(new Set(['List-Unsubscribe']))
    expect(place({ kind: 'page', page: 3, isCode: true }).at(-1)).toBe('page 3, QR code')
    expect(place({ kind: 'page', page: 3, isCode: false })[0]).toBe('pagina 3')
    expect([place({ kind: 'text' })[0], place({ kind: 'sender' })[1]]).toEqual(['in de tekst', 'dans l’expéditeur'])
  })
})
