import { describe, expect, it } from 'vitest'
import { keywordsOf, languagesOfWords, matches, oneLanguage, withoutContacts } from './keywords.ts'
import { stemOf, type WordLanguage } from './word-stems.ts'

const written = (comment: string, language: WordLanguage = 'nl') => ({ comment, language })

describe('the words of a comment', () => {
  it('are read in the language they are written in, whatever the person reads', () => {
    expect(oneLanguage(languagesOfWords('Il y a trop de messages dans ma boîte'), 'nl')).toBe('fr')
    expect(oneLanguage(languagesOfWords('Ik krijg te veel mails van jullie'), 'fr')).toBe('nl')
    expect(oneLanguage(languagesOfWords('Ich bekomme zu viele Nachrichten'), null)).toBe('de')
    expect(oneLanguage(languagesOfWords('Spam!'), 'fr')).toBe('fr')
    expect(oneLanguage(languagesOfWords('!!!'), null)).toBe('nl')
  })

  it.each([
    ['nl', 'folders', 'folder'],
    ['nl', 'aanbiedingen', 'aanbieding'],
    ['fr', 'offres', 'offre'],
    ['de', 'Angeboten'.toLowerCase(), 'angebote'],
    ['en', 'messages', 'message'],
  ] as const)('are one word in all their forms: %s %s', (language, one, other) => {
    expect(stemOf(one, language)).toBe(stemOf(other, language))
  })

  it('are grouped by how many people use them, under the form most people wrote', async () => {
    const comments = [
      written('Te veel folders in de bus', 'nl'),
      written('De folder komt elke week, elke folder is dezelfde', 'nl'),
      written('Folders folders folders', 'nl'),
      written('Trop de messages', 'fr'),
      written('Les messages sont trop longs', 'fr'),
    ]
    const keywords = await keywordsOf(comments, 10)
    expect(keywords[0]).toMatchObject({ language: 'nl', word: 'folders', comments: [0, 1, 2] })
    expect(keywords[1]).toMatchObject({ language: 'fr', word: 'messages', comments: [3, 4] })
    expect(keywords.map(({ word }) => word)).not.toContain('de')
  })

  it('leave out a number that is stressed in Dutch, with its accents or without the one on a capital', async () => {
    const comments = [written('Eén mail per maand'), written('Ik wil één mail'), written('eén mail van één winkel')]
    const keywords = await keywordsOf(comments, 10)
    expect(keywords.map(({ word }) => word)).toEqual(['mail'])
  })

  it('are found by any of their forms, all that were typed together', () => {
    expect(matches(written('Te veel aanbiedingen over tuinmeubels', 'nl'), 'aanbieding tuin')).toBe(true)
    expect(matches(written('Te veel aanbiedingen', 'nl'), 'aanbieding tuin')).toBe(false)
  })

  it('are shown without the address or number somebody wrote among them', () => {
    const text = 'Bel 0470 12 34 56 of schrijf jan@voorbeeld.be, al 3 keer gevraagd'
    expect(withoutContacts(text)).toBe('Bel … of schrijf …@…, al 3 keer gevraagd')
  })
})
