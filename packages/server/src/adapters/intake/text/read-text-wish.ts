import { isReversed, readSigns } from '../mail/reply-wish.ts'
import { isCourtesyAlone } from '../wish/courtesies.ts'
import { fold } from '../wish/fold.ts'
import { namesAdvertising } from '../wish/languages.ts'
import { hasMatter } from '../wish/matters.ts'
import { otherStops } from '../wish/narrowings.ts'
import { refusalSign, stopSign } from '../wish/refusal-signs.ts'
import { type Sentence, sentencesOf } from '../wish/sentences.ts'
import { isStopWord, slips, tidied } from '../wish/slips.ts'
import { type ReadSigns, weighed } from '../wish/weighed.ts'
import { compiled } from '../wish/wish-words.ts'
import { spelledOut, unglued } from './spellings.ts'
import { textReversals } from './text-phrases.ts'
import {
  answerFillers,
  bareRefusals,
  courtesies,
  helpKeywords,
  negations,
  otherTextStops,
  ownFooter,
  questionWords,
  reactions,
  startKeywords,
  stopFillers,
  weakStopKeywords,
  wideWords,
} from './text-words.ts'

/**
 * What a text asks for. `unclear` may be a no, `unknown` says nothing that is recognised: both are read by a human. `none`
 * is recognised as something else.
 */
export type TextWish =
  | { readonly kind: 'stop'; readonly scope: 'everything' | { readonly topic: string } }
  | { readonly kind: 'start' }
  | { readonly kind: 'help' }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'none' }

/** A topic as people may write it: its id, and its name in each language. */
export type NamedTopic = { readonly id: string; readonly names: readonly string[] }

export type TextReader = {
  /** Marketing topics of the brand that was answered. */
  readonly topics?: readonly NamedTopic[]
  /** The brand and its controller: `STOP ACME` is no topic. */
  readonly senders?: readonly string[]
}

/** Ten parts of an SMS, more than any reply; what follows is read no further. */
const charactersMax = 1_600
/** `STOP` and what people add to it. */
const keywordWordsMax = 14
/** `STOP` and up to this many words that are no topic: all of it (RULE SMS-3: an unknown topic means everything). */
const unknownTopicWordsMax = 2
/** A name this long is still itself with one letter wrong, or without the ending of its plural. */
const topicSlipLettersMin = 5
const pluralLettersMax = 2
/** HLEP and SATRT, alone or with a courtesy. */
const answerSlipWordsMax = 2
/** More than anybody says after HELP or START. */
const answerWordsMax = 4

const reversals = textReversals.map(compiled)
const others = [...otherStops, ...otherTextStops].map((source) => new RegExp(compiled(source).source, 'g'))

const everything: TextWish = { kind: 'stop', scope: 'everything' }

/**
 * Reads an answer to a text message as its writer meant it: whole words, with slips, accents, signs and quotes around
 * them. Only what says no in so many words is a no; what may be one is `unclear`.
 */
export function readTextWish(text: string, reader: TextReader = {}): TextWish {
  const written = writtenIn(text)
  if (reactions.some((pattern) => pattern.test(written))) return { kind: 'none' }
  const folded = fold(written).replace(ownFooter, ' ')
  const said = wordsOf(folded)
  if (said.length === 0) return wishInSigns(written)
  const wanted = wishInKeywords(said, /\?\s*$/.test(written), reader)
  if (wanted !== undefined) return wanted
  const sentences = readSentences(written, folded)
  if (!sentences.signs.saysNo) {
    if (isOnly(said, startKeywords)) return { kind: 'start' }
    if (isOnly(said, helpKeywords)) return { kind: 'help' }
    const slipped = slippedAnswer(said)
    if (slipped !== undefined) return slipped
  }
  if (isCourtesyAlone(written)) return wishInSigns(written)
  const wish = weighed(sentences.signs, withoutFooter(written), 'text')
  if (wish === 'clear') return topicsIn(said, reader.topics).length > 1 ? { kind: 'unclear' } : everything
  if (sentences.mayRefuse) return { kind: 'unclear' }
  // A bus stop, and nothing else that may be a no.
  return { kind: wish === 'unknown' && sentences.nameOtherStop ? 'none' : wish }
}

/**
 * Whether a no to everything says so in more than a bare STOP, which a brand may narrow (rule 3): `STOP ALLES`, a sentence,
 * a topic the brand has not.
 */
export function saysMoreThanStop(text: string, { senders = [] }: TextReader = {}): boolean {
  const said = wordsOf(fold(writtenIn(text)).replace(ownFooter, ' '))
  const own = new Set(senders.flatMap((name) => wordsOf(fold(name))))
  const isStop = (word: string) => isStopWord(word) || weakStopKeywords.has(tidied(word))
  if (said.some((word) => wideWords.has(word))) return true
  return !isStop(said.join('')) && !said.every((word) => isStop(word) || stopFillers.has(word) || own.has(word))
}

/** Whether the words of a no name everything, whatever narrower was offered. */
export function saysEverything(text: string): boolean {
  return wordsOf(fold(writtenIn(text))).some((word) => wideWords.has(word))
}

function writtenIn(text: string): string {
  const shown = text.slice(0, charactersMax).replace(/\p{Cf}|\uFE0F/gu, '')
  return spelledOut(shown.trim())
}

function wishInSigns(written: string): TextWish {
  if (stopSign.test(written)) return everything
  if (refusalSign.test(written)) return { kind: 'unclear' }
  return /^\?+$/.test(written) ? { kind: 'help' } : { kind: 'none' }
}

/** The words of a text; `S T O P` and `s.t.o.p` are one, `sms'en` too. */
function wordsOf(folded: string): string[] {
  const joined = folded.replace(/(?<![\p{L}\p{N}])(?:\p{L}[\s.*_,-]{1,2}){2,}\p{L}(?![\p{L}\p{N}])/gu, (spelled) =>
    spelled.replace(/[^\p{L}]/gu, ''),
  )
  return joined
    .replace(/-(moi|nous|vous|toi)\b/g, ' $1')
    .replace(/\bm'(?=\p{L})/gu, 'm ')
    .replace(/\bopt[ -](out|in)\b/g, 'opt-$1')
    .replace(/\b(?:uit) (schrijven|schrijf)\b/g, 'uit$1')
    .replace(/\b(?:af) (melden)\b/g, 'af$1')
    .replace(/\b(?:ab) (melden)\b/g, 'ab$1')
    .replace(/[^\p{L}\p{N}\s'$-]+/gu, ' ')
    .split(/\s+/)
    .map((word) => word.replace(/^['-]+|['-]+$/g, ''))
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
}

/** A text of keywords and courtesies, or of STOP with a topic; undefined where it is neither. */
function wishInKeywords(
  words: readonly string[],
  isQuestion: boolean,
  { topics = [], senders = [] }: TextReader,
): TextWish | undefined {
  if (words.length > keywordWordsMax) return undefined
  const own = new Set(senders.flatMap((name) => wordsOf(fold(name))))
  const said = unglued(words, (word) => stopFillers.has(word) || own.has(word) || namesTopic(word, topics))
  const isWeak = (word: string) => weakStopKeywords.has(tidied(word))
  if (
    said.some(isWeak) &&
    said.every((word) => isWeak(word) || courtesies.has(word) || own.has(word) || isStopWord(word))
  )
    return everything
  if (isStopWord(said.join('')) && said.length > 1 && said.join('').length < 14) return everything
  const at = said.findIndex(isStopWord)
  if (at === -1) return undefined
  const rest = said.filter((word) => !isStopWord(word) && !stopFillers.has(word) && !own.has(word))
  if (rest.length === 0) return wishAboutTopic(said, at, topics) ?? everything
  const named = wishAboutTopic(rest, -1, topics)
  if (named !== undefined) return named
  if (rest.some((word) => negations.has(word.replaceAll("'", '')) || questionWords.has(word))) return undefined
  const isCommand = at === 0 && !isQuestion && rest.length <= unknownTopicWordsMax && said.length <= 4
  return isCommand && !isOtherStop(said.join(' ')) ? everything : undefined
}

/**
 * `STOP NIEUWS`; two topics at once, or a topic among other words, are for a human. But `Stop harassing me with offers` may
 * mean all advertising by the word that is a topic's name as well: what the other words say decides.
 */
function wishAboutTopic(words: readonly string[], skip: number, topics: readonly NamedTopic[]): TextWish | undefined {
  const rest = words.filter((_, index) => index !== skip).join(' ')
  if (rest === '') return undefined
  const found = topics.filter((topic) => namesOf(topic).some((name) => isNamed(rest, name)))
  const [topic] = found
  if (topic !== undefined && found.length === 1) return { kind: 'stop', scope: { topic: topic.id } }
  const mentioned = topicsIn(words, topics)
  if (mentioned.length === 0) return undefined
  const [named, others] = [[], []] as [string[], string[]]
  for (const word of words) if (!stopFillers.has(word)) (namesTopic(word, topics) ? named : others).push(word)
  if (mentioned.length === 1 && others.length > 0 && named.every(namesAdvertising)) return undefined
  return named.length + others.length > 0 ? { kind: 'unclear' } : undefined
}

function topicsIn(words: readonly string[], topics: readonly NamedTopic[] = []): NamedTopic[] {
  return topics.filter((topic) => words.some((word) => namesTopic(word, [topic])))
}

function namesTopic(word: string, topics: readonly NamedTopic[]): boolean {
  return topics.some((topic) => namesOf(topic).some((name) => isNamed(word, name)))
}

function namesOf({ id, names }: NamedTopic): string[] {
  return [id, ...names].map(fold)
}

function isNamed(said: string, name: string): boolean {
  const plain = (value: string) => value.replace(/[^\p{L}\p{N}]/gu, '')
  const [one, other] = [plain(said), plain(name)]
  if (one === other) return one !== ''
  if (one.length < topicSlipLettersMin || other.length < topicSlipLettersMin) return false
  // Another ending makes another word: `nieuwe` is no slip of `nieuws`.
  if (one.length === other.length && one.slice(0, -1) === other.slice(0, -1)) return false
  return slips(one, other) === 1 || (other.startsWith(one) && other.length - one.length <= pluralLettersMax)
}

type ReadSentences = {
  readonly signs: ReadSigns
  /** A stop that is no other, or a bare refusal of something that is not named. */
  readonly mayRefuse: boolean
  readonly nameOtherStop: boolean
}

function readSentences(written: string, folded: string): ReadSentences {
  const own = withoutOtherStops(folded)
  const kept = own === folded ? withoutFooter(written) : own
  const sentences = sentencesOf(kept)
  const isTurned = sentences.some(
    (sentence) => isReversed(sentence) || reversals.some((pattern) => pattern.test(sentence.text)),
  )
  const said = wordsOf(own)
  const signs = readSigns(kept, 'text')
  return {
    signs: {
      plain: [...signs.plain, ...keywordsApart(kept)],
      saysNo: !isTurned && (signs.saysNo || isSaidApart(kept, sentences)),
      isTurned: isTurned || signs.isTurned,
    },
    mayRefuse:
      (own === folded && said.includes('stop')) || bareRefusals.test(said.join(' ')) || refusalSign.test(written),
    nameOtherStop: own !== folded,
  }
}

/** Nothing but a keyword, set apart from the rest: `Dit is de derde keer, stop`. */
function isSaidApart(kept: string, sentences: readonly Sentence[]): boolean {
  return keywordsApart(kept).length > 0 && !sentences.some(hasMatter) && !/\d/.test(kept)
}

/** `STOP - Mrs Jones, Ghent`: the clauses that are nothing but a keyword, where there are others. */
function keywordsApart(kept: string): { readonly text: string }[] {
  const clauses = kept.split(/(?<=[,.!?;:\n(])|\s[-–—]\s/).filter((clause) => /[\p{L}\p{N}]/u.test(clause))
  const apart = clauses.filter((clause) => !clause.endsWith('?') && isBareStop(wordsOf(fold(clause))))
  return clauses.length > 1 ? apart.map((text) => ({ text })) : []
}

function isBareStop(said: readonly string[]): boolean {
  return said.some((word) => isStopWord(word)) && said.every((word) => isStopWord(word) || stopFillers.has(word))
}

/** HLEP and STARTT: two letters swapped, or one twice. Neither answer changes anything that is not asked about again. */
function slippedAnswer(said: readonly string[]): TextWish | undefined {
  if (said.length > answerSlipWordsMax) return undefined
  const isSlipOf = (word: string, keyword: string) =>
    slips(word, keyword) === 1 && new Set(word).size === new Set(keyword).size && word.length >= keyword.length
  if (said.some((word) => isSlipOf(word, 'start'))) return { kind: 'start' }
  return said.some((word) => isSlipOf(word, 'help')) ? { kind: 'help' } : undefined
}

function isOnly(said: readonly string[], keywords: ReadonlySet<string>): boolean {
  return (
    said.length <= answerWordsMax &&
    said.some((word) => keywords.has(word)) &&
    said.every((word) => keywords.has(word) || answerFillers.has(word))
  )
}

function isOtherStop(folded: string): boolean {
  return withoutOtherStops(folded) !== folded
}

function withoutOtherStops(folded: string): string {
  return others.reduce((kept, pattern) => kept.replace(pattern, ' … '), folded)
}

function withoutFooter(written: string): string {
  const folded = fold(written)
  const kept = folded.replace(ownFooter, ' ')
  return kept === folded ? written : kept
}
