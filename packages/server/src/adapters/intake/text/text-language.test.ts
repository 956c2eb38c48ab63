import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { languageOfText } from './text-language.ts'

const path = new URL('../../../../../../conformance/texts.json', import.meta.url)
const { texts } = z
  .object({ texts: z.array(z.object({ text: z.string(), language: z.string(), expect: z.string() })) })
  .parse(JSON.parse(readFileSync(path, 'utf8')))

describe('the language of a text', () => {
  it.each([
    ['Stop aub', 'nl'],
    ['Uitschrijven', 'nl'],
    ['arrêtez svp', 'fr'],
    ["Merci d'arrêter", 'fr'],
    ['ARR?TEZ', 'fr'],
    ['STOP bitte', 'de'],
    ['abmelden', 'de'],
    ['please stop', 'en'],
  ])('of %s is %s', (text, language) => {
    expect(languageOfText(text)).toBe(language)
  })

  it.each(['STOP', 'stop svp', 'STOP merci', 'UNSUBSCRIBE', 'HELP', '🛑', '', 'stop aub please'])(
    'of %j is not known: people of several write it',
    (text) => {
      expect(languageOfText(text)).toBeUndefined()
    },
  )

  it('is known of most answers of the corpus, and of one in a hundred wrongly at most', () => {
    const answered = texts.filter(({ expect: wish }) => /^(?:stop|start|help)/.test(wish))
    const known = answered.flatMap(({ text, language }) => {
      const got = languageOfText(text)
      return got === undefined ? [] : [{ text, language, got }]
    })
    const wrong = known.filter(({ language, got }) => language !== got)
    expect(known.length / answered.length).toBeGreaterThan(0.7)
    expect(wrong.length / known.length, JSON.stringify(wrong)).toBeLessThanOrEqual(0.01)
  })
})
