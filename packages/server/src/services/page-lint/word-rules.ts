import { noValues } from '../finding-text.ts'
import type { MailSentence } from './brand-pages.ts'
import { paintOf, textContrast } from './colours.ts'
import { fontPxOf, isFoldedAway } from './layout.ts'
import { closest, elementsOf, elementsWithTag, type HtmlElement, wordsOf } from './read-html.ts'
import { isButton, type LintedPage } from './read-page.ts'
import { type Complaint, complain } from './rules.ts'
import {
  doubleNegations,
  guiltWords,
  marketingWords,
  objectingWords,
  rewardWords,
  type WordList,
  wordsFor,
} from './words.ts'

/** Beyond this a reader is shown a text, not a right. */
const rightCharactersMax = 600
/** Smaller letters than these are small print. */
const rightFontPxMin = 14
const textContrastMin = 4.5

export function checkWords(page: LintedPage): Complaint[] {
  const steering = new Set([...linesWith(page, guiltWords), ...linesWith(page, rewardWords, page.preview.topicNames)])
  return complaintsAbout([...steering], linesWith(page, doubleNegations))
}

/** The same for one sentence of a mail or a text, before anything is filled in. */
export function checkSentence({ language, words }: MailSentence): Complaint[] {
  const says = (list: WordList) => wordsFor(list, language).some((pattern) => pattern.test(words))
  return complaintsAbout(says(guiltWords) || says(rewardWords) ? [words] : [], says(doubleNegations) ? [words] : [])
}

function complaintsAbout(steering: readonly string[], negations: readonly string[]): Complaint[] {
  return [
    ...steering.map((line) => complain('no-guilt.line', { line })),
    ...negations.map((line) => complain('no-double-negation.line', { line })),
  ]
}

/** Names are nobody's wording: a shop may be called after a gift. */
function linesWith({ preview, root }: LintedPage, list: WordList, moreNames: readonly string[] = []): string[] {
  const patterns = wordsFor(list, preview.language)
  const lines = new Set(wordsOf(root).split('\n'))
  return [...lines].filter((line) => {
    const bare = [...preview.names, ...moreNames].reduce((text, name) => text.replaceAll(name, '…'), line)
    return patterns.some((pattern) => pattern.test(bare))
  })
}

/** GDPR art. 21(4): explicitly brought to attention, clearly, and separately from any other information. */
export function checkRight(page: LintedPage): Complaint[] {
  const { language } = page.preview
  const says = (words: string, list: WordList) => wordsFor(list, language).some((pattern) => pattern.test(words))
  const stated = elementsWithTag(page.root, 'p').filter((paragraph) => {
    const words = wordsOf(paragraph)
    return says(words, objectingWords) && says(words, marketingWords)
  })
  if (stated.length === 0) return [complain('right-to-object.absent', noValues)]
  const flaws = stated.map((paragraph) => flawsOf(page, paragraph))
  return flaws.toSorted((one, other) => one.length - other.length)[0] ?? []
}

function flawsOf(page: LintedPage, paragraph: HtmlElement): Complaint[] {
  const rules = page.sheet.light
  const section = closest(paragraph, ({ tag }) => tag === 'section')
  const isApart =
    section !== undefined &&
    elementsWithTag(section, 'h1', 'h2', 'h3').length > 0 &&
    wordsOf(section).length <= rightCharactersMax &&
    !elementsOf(section).some((one) => isButton(one) || one.tag === 'form' || one.tag === 'a')
  const contrasts = [page.sheet.light, page.sheet.dark].map((sheet) => textContrast(paintOf(paragraph, sheet)))
  return [
    ...(isApart ? [] : [complain('right-to-object.together', noValues)]),
    ...(isFoldedAway(paragraph, rules) ? [complain('right-to-object.hidden', noValues)] : []),
    ...(fontPxOf(paragraph, rules) >= rightFontPxMin ? [] : [complain('right-to-object.small', noValues)]),
    ...(contrasts.every((ratio) => ratio >= textContrastMin) ? [] : [complain('right-to-object.pale', noValues)]),
  ]
}
