import { fold } from './automatic-reply.ts'
import { replyHints } from './reply-hints.ts'
import { narrowings, otherStops, phrases } from './reply-phrases.ts'
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
/** The same, beginning where a word does, or behind the elided `de` of French: `merci d'arrêter`. */
export const bounded = (source: string) => expand(source.startsWith('^') ? source : `(?<![\\w'-])(?:d')?(?:${source})`)

const table = {
  clear: phrases.flatMap(({ clear }) => clear.map(bounded)),
  hints: replyHints.map(expand),
  narrowings: narrowings.map(expand),
  reversals: phrases.flatMap(({ reversals }) => reversals.map(expand)),
  doubts: phrases.flatMap(({ doubts }) => doubts.map(expand)),
  requests: phrases.flatMap(({ requests }) => requests.map((source) => new RegExp(`^(?:[a-z]+,? ){0,3}${source}`))),
  keywords: new Set(phrases.flatMap(({ keywords }) => keywords)),
  polite: new Set(phrases.flatMap(({ polite }) => polite)),
  otherStops: otherStops.map((source) => new RegExp(source, 'g')),
}

/**
 * Reads a reply as its writer meant it, and no further: only a reply that says it in full, of itself and without a
 * condition, counts as clear. A wrong "clear" takes away what somebody wanted; a wrong "unclear" costs a glance.
 * An answer to a text message speaks of texts and calls as one to a mail does of mails: there they narrow nothing.
 */
export function replyWish(text: string, subject: string, answered: 'mail' | 'text' = 'mail'): ReplyWish {
  const words = withoutOtherStops(joinedLetters(ownWords(text)))
  const said = words.trim() === '' ? '' : words
  if (isKeywordOnly(said)) return 'clear'
  if (said === '') return wishInSubject(subject)
  const sentences = sentencesOf(said)
  const isFull = (sentence: Sentence) => saysClearly(sentence) || endsInKeyword(sentence)
  const isNarrowed = (sentence: Sentence) => answered === 'mail' && isNarrow(sentence)
  const isClear = sentences.some((one) => isFull(one) && !isDoubtful(one) && !isNarrowed(one))
  if (isClear && !sentences.some(isReversed) && said.length <= clearCharactersMax) return 'clear'
  if (sentences.some(isLeaving)) return 'unclear'
  return isAnswering(subject) || wishInSubject(subject) === 'none' ? 'none' : 'unclear'
}

/** An answer repeats the subject of the campaign, which says nothing of what its reader wants. */
function isAnswering(subject: string): boolean {
  return /^(?:re|fwd?|aw|wg|antw|tr|sv|rif) ?(?:\[\d+\])?:/.test(fold(subject))
}

/** Where nothing else is said, what stands behind `Re:` may have been put there by its reader: a human sees which. */
function wishInSubject(subject: string): ReplyWish {
  const words = withoutOtherStops(joinedLetters(fold(subject)))
  if (isKeywordOnly(words)) return 'clear'
  return isLeaving({ text: fold(words) }) ? 'unclear' : 'none'
}

/** `a.u.b.` and `S T O P` are one word each. */
function joinedLetters(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}@.-])(?:\p{L}[ .*_-]){2,}\p{L}(?![\p{L}\p{N}@'’-])/gu, (spelled) =>
    spelled.replace(/[^\p{L}]/gu, ''),
  )
}

/** `ending` is what stands after the last comma, if there is one: `Geen interesse, uitschrijven aub`. */
export type Sentence = { readonly text: string; readonly isQuestion: boolean; readonly ending?: string }

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
      ...(written.includes(',') && { ending: fold(written.slice(written.lastIndexOf(',') + 1).slice(0, 200)) }),
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

function saysClearly({ text }: Pick<Sentence, 'text'>): boolean {
  return table.clear.some((pattern) => pattern.test(text)) || isKeywordOnly(text)
}

/** A question is a wish only where it is a request: "how do I unsubscribe?" asks for help, which a human gives. */
export function isDoubtful({ text, isQuestion }: Sentence): boolean {
  if (isQuestion && !table.requests.some((pattern) => pattern.test(text))) return true
  return table.doubts.some((pattern) => pattern.test(text))
}

function endsInKeyword({ ending }: Sentence): boolean {
  return ending !== undefined && isKeywordOnly(ending)
}

function isNarrow({ text }: Sentence): boolean {
  return table.narrowings.some((pattern) => pattern.test(text))
}

function isLeaving(sentence: Pick<Sentence, 'text'>): boolean {
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
