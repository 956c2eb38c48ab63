import { mapInTurns } from './map-in-turns.ts'
import { stemOf, stopWords, type WordLanguage, wordLanguages } from './word-stems.ts'

export type Keyword = {
  readonly stem: string
  readonly language: WordLanguage
  /** The form people wrote most. */
  readonly word: string
  /** Places in the list of comments. */
  readonly comments: readonly number[]
}

/** Shorter ones say nothing in any of the four languages. */
const lettersMin = 3

/** What somebody wrote, and the language it is in. */
export type Written = { readonly comment: string; readonly language: WordLanguage }

/** The languages whose commonest words a text has most of: one where it says enough, all of them where it has none. */
export function languagesOfWords(text: string): WordLanguage[] {
  const words = wordsOf(text)
  const hits = wordLanguages.map((language) => words.filter((word) => stopWords[language].has(word)).length)
  const most = Math.max(...hits)
  return wordLanguages.filter((_, at) => hits[at] === most)
}

/** Of the languages that the words tell, the one the person reads, else the first: who reads Dutch may well write in French. */
export function oneLanguage(told: readonly WordLanguage[], known: string | null): WordLanguage {
  return told.find((one) => one === known) ?? told[0] ?? 'nl'
}

/** The words that several comments share, by how many do: each comment counts once for a word, in its own language. */
export async function keywordsOf(comments: readonly Written[], limit: number): Promise<Keyword[]> {
  const found = new Map<string, { language: WordLanguage; stem: string; forms: Map<string, number>; at: Set<number> }>()
  await mapInTurns(comments, ({ comment, language }, index) => {
    for (const word of new Set(wordsOf(comment))) {
      if (word.length < lettersMin || stopWords[language].has(word)) continue
      const stem = stemOf(word, language)
      const entry = found.get(`${language} ${stem}`) ?? { language, stem, forms: new Map(), at: new Set() }
      entry.forms.set(word, (entry.forms.get(word) ?? 0) + 1)
      entry.at.add(index)
      found.set(`${language} ${stem}`, entry)
    }
  })
  return [...found.values()]
    .filter(({ at }) => at.size >= 2)
    .sort((a, b) => b.at.size - a.at.size || a.stem.localeCompare(b.stem))
    .slice(0, limit)
    .map(({ stem, language, forms, at }) => ({ stem, language, word: commonest(forms), comments: [...at] }))
}

/** Whether a comment holds every word that was typed, in any of its forms. */
export function matches({ comment, language }: Written, query: string): boolean {
  const lower = comment.toLowerCase()
  const stems = new Set(wordsOf(comment).map((word) => stemOf(word, language)))
  return wordsOf(query).every((word) => lower.includes(word) || stems.has(stemOf(word, language)))
}

/** Addresses and numbers that people wrote are nobody's business here (GDPR art. 5(1)(c)). */
export function withoutContacts(text: string): string {
  return text.replace(/[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}/gi, '…@…').replace(/\+?\d(?:[\s./-]?\d){6,}/g, '…')
}

function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .normalize('NFC')
      .match(/\p{L}[\p{L}\p{M}]*/gu) ?? []
  )
}

function commonest(forms: ReadonlyMap<string, number>): string {
  return [...forms].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))[0]?.[0] ?? ''
}
