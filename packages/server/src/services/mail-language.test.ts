import { expect, it } from 'vitest'
import { chooseMailLanguage } from './mail-language.ts'

it('writes in the language on record before the one being read', () => {
  expect(chooseMailLanguage(['fr', 'de'], 'NL')).toBe('fr')
  expect(chooseMailLanguage([undefined, 'DE-be'], 'NL')).toBe('de')
})

it('passes over a language it does not have', () => {
  expect(chooseMailLanguage(['pl', null, 'en'], 'NL')).toBe('en')
})

it.each([
  ['BE', 'nl'],
  ['NL', 'nl'],
  ['FR', 'fr'],
  ['LU', 'fr'],
  ['DE', 'de'],
  ['PL', 'en'],
])('else takes the first language of the brand’s country: %s is written in %s', (country, language) => {
  expect(chooseMailLanguage([], country)).toBe(language)
})
