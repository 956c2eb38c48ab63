import { fold } from './automatic-reply.ts'
import { otherStops, phrases } from './reply-phrases.ts'
import { ownWords } from './reply-text.ts'

/** Does a human reply ask to stop? `unclear` waits for a human; `none` says nothing of it. */
export type ReplyWish = 'clear' | 'unclear' | 'none'

/** Who says no does so in a few lines; a long letter may say anything else besides. */
const clearCharactersMax = 1_200
/** A sentence longer than this is read no further: the words that matter stand together. */
const sentenceCharactersMax = 400
const sentencesMax = 500
/** Programs wrap at 72 to 78 characters; a shorter line was ended by its writer. */
const wrappedLineCharactersMin = 55
/** More than "please unsubscribe me from your newsletter, thank you very much" has. */
const keywordWordsMax = 14

const gap = (count: string) => `(?:[\\w'’-]+ ){0,${count}}`
/** Compiles a phrase; `~3` is a gap of up to three words. */
export const expand = (source: string) => new RegExp(source.replace(/~(\d)/g, (_, count: string) => gap(count)))
/** The same, beginning where a word does. */
export const bounded = (source: string) => expand(source.startsWith('^') ? source : `(?<![\\w'-])(?:${source})`)

const table = {
  clear: phrases.flatMap(({ clear }) => clear.map(bounded)),
  hints: phrases.flatMap(({ hints }) => hints.map(expand)),
  reversals: phrases.flatMap(({ reversals }) => reversals.map(expand)),
  doubts: phrases.flatMap(({ doubts }) => doubts.map(expand)),
  requests: phrases.flatMap(({ requests }) => requests.map((source) => new RegExp(`^(?:[a-z]+,? )?${source}`))),
  keywords: new Set(phrases.flatMap(({ keywords }) => keywords)),
  polite: new Set(phrases.flatMap(({ polite }) => polite)),
  otherStops: otherStops.map((source) => new RegExp(source, 'g')),
}

/**
 * Reads a reply as its writer meant it, and no further: only a reply that says it in full, of itself and without a
 * condition, counts as clear. A wrong "clear" takes away what somebody wanted; a wrong "unclear" costs a glance.
 */
export function replyWish(text: string, subject: string): ReplyWish {
  const words = withoutOtherStops(ownWords(text))
  const said = words.trim() === '' ? '' : words
  if (isKeywordOnly(said)) return 'clear'
  if (said === '') return wishInSubject(subject)
  const sentences = sentencesOf(said)
  const isClear = sentences.some((sentence) => saysClearly(sentence) && !isDoubtful(sentence))
  if (isClear && !sentences.some(isReversed) && said.length <= clearCharactersMax) return 'clear'
  if (sentences.some(isLeaving)) return 'unclear'
  return wishInSubject(subject) === 'clear' ? 'unclear' : 'none'
}

/** The words of a new subject; one that answers is the campaign's own. */
function wishInSubject(subject: string): ReplyWish {
  const folded = fold(subject)
  if (/^(?:re|fwd?|aw|wg|antw|tr|sv|rif) ?(?:\[\d+\])?:/.test(folded)) return 'none'
  const words = withoutOtherStops(folded)
  if (isKeywordOnly(words)) return 'clear'
  return isLeaving({ text: fold(words), isQuestion: false }) ? 'unclear' : 'none'
}

export type Sentence = { readonly text: string; readonly isQuestion: boolean }

/** Lines that a program wrapped belong together; short ones stand for themselves. */
export function sentencesOf(text: string): Sentence[] {
  return [...unwrapped(text).matchAll(/[^.!?;\n]+[.!?;\n]*/g)]
    .slice(0, sentencesMax)
    .map(([written]) => ({
      text: fold(written.slice(0, sentenceCharactersMax))
        .replace(/[.!?;,:"()*_]+/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
      isQuestion: /\?\s*$/.test(written.slice(-20)),
    }))
    .filter((sentence) => sentence.text !== '')
}

function unwrapped(text: string): string {
  const lines = text.split('\n')
  return lines
    .map((line, at) => {
      const isWrapped = line.length >= wrappedLineCharactersMin && /^\S/.test(lines[at + 1] ?? '')
      return isWrapped ? `${line} ` : `${line}\n`
    })
    .join('')
}

function saysClearly({ text }: Sentence): boolean {
  return table.clear.some((pattern) => pattern.test(text)) || isKeywordOnly(text)
}

/** A question is a wish only where it is a request: "how do I unsubscribe?" asks for help, which a human gives. */
export function isDoubtful({ text, isQuestion }: Sentence): boolean {
  if (isQuestion && !table.requests.some((pattern) => pattern.test(text))) return true
  return table.doubts.some((pattern) => pattern.test(text))
}

function isLeaving(sentence: Sentence): boolean {
  return (
    saysClearly(sentence) ||
    /\bstopp?\b/.test(sentence.text) ||
    table.hints.some((pattern) => pattern.test(sentence.text))
  )
}

/** Turned around, or narrower than everything: which of it is meant, a human reads. */
export function isReversed({ text }: Sentence): boolean {
  const opensException = /^(?:but|maar|mais|aber|only|alleen|enkel|uniquement|seulement|nur)\b/.test(text)
  return opensException || table.reversals.some((pattern) => pattern.test(text))
}

/** `STOP`, `Stop please`, `Unsubscribe me from your newsletter thanks`: at least one keyword and nothing that says else. */
function isKeywordOnly(text: string): boolean {
  const words = fold(text)
    .replace(/[^\p{L}\p{N}\s-]+/gu, ' ')
    .split(/\s+/)
    .filter((word) => /\p{L}/u.test(word))
  if (words.length === 0 || words.length > keywordWordsMax) return false
  return (
    words.some((word) => table.keywords.has(word)) &&
    words.every((word) => table.keywords.has(word) || table.polite.has(word))
  )
}

function withoutOtherStops(text: string): string {
  return text
    .split('\n')
    .map((line) => table.otherStops.reduce((kept, pattern) => replaceFolded(kept, pattern), line))
    .join('\n')
}

/** Looks in the folded line and, where it finds one, goes on with that line folded: its case no longer matters. */
function replaceFolded(line: string, pattern: RegExp): string {
  const folded = fold(line)
  pattern.lastIndex = 0
  return pattern.test(folded) ? folded.replace(pattern, ' … ') : line
}
