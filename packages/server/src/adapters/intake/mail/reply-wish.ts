import { isCourtesyAlone } from '../wish/courtesies.ts'
import { fold } from '../wish/fold.ts'
import { languages, signReaders } from '../wish/languages.ts'
import { hasMatter } from '../wish/matters.ts'
import { narrowings, otherChannels, otherStops } from '../wish/narrowings.ts'
import { refusalSign } from '../wish/refusal-signs.ts'
import { type Sentence, sentencesOf } from '../wish/sentences.ts'
import { isLongStopWord } from '../wish/slips.ts'
import { sumsToNo } from '../wish/sum-of-signs.ts'
import { mayRefuse, type ReadSigns, type Wish, weighed } from '../wish/weighed.ts'
import { compiled } from '../wish/wish-words.ts'
import type { Medium } from '../wish/word-features.ts'
import { ownWords } from './reply-text.ts'

/** Who says no does so in a few lines; a long letter may say anything else besides. */
const clearCharactersMax = 1_200
/** More than "please unsubscribe me from your newsletter, thank you very much" has. */
const keywordWordsMax = 14

const table = {
  narrowings: narrowings.map(compiled),
  otherChannels: otherChannels.map(compiled),
  reversals: languages.flatMap(({ reversals }) => reversals.map(compiled)),
  doubts: languages.flatMap(({ doubts }) => doubts.map(compiled)),
  requests: languages.flatMap(({ requests }) => requests.map((source) => new RegExp(`^(?:[\\w'-]+ ){0,8}${source}`))),
  keywords: new Set(languages.flatMap(({ keywords }) => keywords)),
  polite: new Set(languages.flatMap(({ polite }) => polite)),
  otherStops: otherStops.map((source) => new RegExp(source, 'g')),
}

/**
 * Reads a reply as its writer meant it, and no further: only a reply that says it in full, of itself and without a
 * condition, counts as clear. A wrong "clear" takes away what somebody wanted; a wrong "unclear" costs a glance.
 */
export function replyWish(text: string, subject: string): Wish {
  const own = ownWords(text)
  const joined = joinedLetters(own)
  const said = withoutOtherStops(joined)
  if (said.trim() === '') return wishInSubject(subject)
  if (isKeywordOnly(said)) return 'clear'
  if (refusalSign.test(own) && !/\p{L}/u.test(own)) return 'unclear'
  const wish = isCourtesyAlone(own) ? 'none' : weighedBeside(said !== joined, said, own)
  const isAsked = wish !== 'clear' && !isAnswering(subject) && wishInSubject(subject) !== 'none'
  return isAsked ? 'unclear' : wish
}

/** In a few lines, a bus stop that is named beside nothing that may be a no is none. */
function weighedBeside(isOtherStopNamed: boolean, said: string, own: string): Wish {
  const wish = weighed(readSigns(said, 'mail'), own, 'mail')
  const isOther = wish === 'unknown' && isOtherStopNamed && own.length <= clearCharactersMax
  return isOther && !mayRefuse(own, 'mail') ? 'none' : wish
}

/**
 * Whether keywords or the signs of a sentence say no, in full and without anything that turns it round, narrows it or makes it
 * depend. An answer to a text message speaks of texts and calls as one to a mail does of mails: there they narrow nothing.
 */
export function readSigns(said: string, answered: Medium): ReadSigns {
  if (isKeywordOnly(said)) return { saysNo: true, isTurned: false, plain: [] }
  if (said.length > clearCharactersMax) return { saysNo: false, isTurned: false, plain: [] }
  const sentences = sentencesOf(said)
  const isNarrowed = (sentence: Sentence) => isNarrow(sentence) || (answered === 'mail' && isOfOneChannel(sentence))
  const isFull = (sentence: Sentence) => saysClearly(sentence) || endsInKeyword(sentence)
  const isReversal = sentences.some(isReversed)
  return {
    saysNo: !isReversal && sentences.some((one) => isFull(one) && !isDoubtful(one) && !isNarrowed(one)),
    isTurned: isReversal || sentences.some(isNarrowed),
    plain: sentences.filter((one) => !isDoubtful(one)),
  }
}

/** An answer repeats the subject of the campaign, which says nothing of what its reader wants. */
export function isAnswering(subject: string): boolean {
  return /^(?:re|fwd?|aw|wg|antw|tr|sv|rif) ?(?:\[\d+\])?:/.test(fold(subject))
}

/** Where nothing else is said, what stands behind `Re:` may have been put there by its reader: a human sees which. */
function wishInSubject(subject: string): Wish {
  const words = withoutOtherStops(joinedLetters(fold(subject)))
  if (isKeywordOnly(words)) return 'clear'
  const said = { text: fold(words), isQuestion: false }
  const isLeaving = saysClearly(said) || signReaders.some((read) => read(said.text).has('leave'))
  return isLeaving ? 'unclear' : 'none'
}

/** `a.u.b.` and `S T O P` are one word each. */
function joinedLetters(text: string): string {
  const joined = text.replace(/(?<![\p{L}\p{N}@.-])(?:\p{L}[ .*_-]){2,}\p{L}(?![\p{L}\p{N}@'’-])/gu, (spelled) =>
    spelled.replace(/[^\p{L}]/gu, ''),
  )
  // Their dot ends no sentence where another word follows.
  return joined.replace(/\b(aub|svp|ajb)\.(?= \p{Ll})/giu, '$1')
}

function saysClearly(sentence: Sentence): boolean {
  const { text } = sentence
  if (isKeywordOnly(text)) return true
  if (hasMatter(sentence)) return false
  return signReaders.some((read) => sumsToNo(sentence, read(text)))
}

/** A question is a wish only where it is a request: "how do I unsubscribe?" asks for help, which a human gives. */
function isDoubtful({ text, isQuestion }: Sentence): boolean {
  if (isQuestion && !table.requests.some((pattern) => pattern.test(text))) return true
  return table.doubts.some((pattern) => pattern.test(text))
}

function endsInKeyword({ ending }: Sentence): boolean {
  return ending !== undefined && isKeywordOnly(ending)
}

function isNarrow({ text }: Sentence): boolean {
  return table.narrowings.some((pattern) => pattern.test(text))
}

function isOfOneChannel({ text }: Sentence): boolean {
  return table.otherChannels.some((pattern) => pattern.test(text))
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
  return words.some(isKeyword) && words.every((word) => isKeyword(word) || table.polite.has(word))
}

/** A long one is itself with a letter wrong. */
function isKeyword(word: string): boolean {
  return table.keywords.has(word) || isLongStopWord(word)
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
