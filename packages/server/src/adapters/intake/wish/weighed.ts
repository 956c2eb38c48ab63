import { likelihoodOf } from './likelihood.ts'
import { type Sentence, sentencesOf } from './sentences.ts'
import type { Medium } from './word-features.ts'

/**
 * Does a message ask to stop? `unclear` may; `unknown` is not understood, so that it may as well; both wait for a human.
 * `none` is something else.
 */
export type Wish = 'clear' | 'unclear' | 'unknown' | 'none'

/** What the signs of a message tell of it before its words are weighed. */
export type ReadSigns = {
  /** Keywords, or signs that stand together in one sentence, say no. */
  readonly saysNo: boolean
  /** Something turns the rest round, narrows it to one of several or is about somebody else. */
  readonly isTurned: boolean
  /** The sentences that neither ask nor depend: each may say it by itself where nothing is turned. */
  readonly plain: readonly Pick<Sentence, 'text'>[]
}

/** A no that the signs do not tell: of everyday answers that are none, three to six in a thousand are held for one. */
const heardFrom = 0.91
/** `Keine SMS!`: few words leave the signs little to misread, but for what is ordinary: `Keine Mail bekommen`. */
const briefWordsMax = 5
const disbelievedBriefBelow = 0.25
/** `Too many mails. Please take me off`: one sentence may say it where the others complain, and nothing is ordinary. */
const complainsBelow = 0.3
/** Less likely a no, and the rest takes it back: `Stop! No, keep them coming`. */
const takenBackBelow = 0.3
/** Ordinary enough to be nobody's work, where no sentence is likelier a no than this. */
const ordinaryFrom = 0.93
const sentenceMayRefuseFrom = 0.3
/** Some three thousand words, which take a tenth of a second. */
const letterCharactersMax = 20_000
/** Less, and it is more than not understood. */
const doubtfulBelow = 0.4

/**
 * What a message asks for by all of its words. Signs that stand together say no in any order; weights know what words do in
 * sentences nobody foresaw.
 */
export function weighed({ saysNo, isTurned, plain }: ReadSigns, words: string, medium: Medium): Wish {
  const likely = likelihoodOf(words, medium)
  if (likely === undefined) return saysNo ? 'clear' : wishOfLetter(words, medium)
  if (likely.no > heardFrom) return 'clear'
  if (saysNo && isBrief(words) && likely.no > Math.max(disbelievedBriefBelow, likely.ordinary)) return 'clear'
  const mayBeOneSentence = !isTurned && likely.ordinary < complainsBelow && likely.no > takenBackBelow
  if (mayBeOneSentence && plain.some(({ text }) => noIn(text, medium) > heardFrom)) return 'clear'
  if (saysNo) return 'unclear'
  if (likely.ordinary > ordinaryFrom && !mayRefuse(words, medium)) return 'none'
  return likely.ordinary < doubtfulBelow ? 'unclear' : 'unknown'
}

function isBrief(words: string): boolean {
  return words.trim().split(/\s+/).length <= briefWordsMax
}

/** Too long to be weighed as a whole; a book is not weighed at all, and opt-outs do not wait for it. */
function wishOfLetter(words: string, medium: Medium): Wish {
  if (words.length > letterCharactersMax) return 'unknown'
  const most = mostIn(words, medium)
  if (most > heardFrom) return 'unclear'
  return most > sentenceMayRefuseFrom ? 'unknown' : 'none'
}

/** One sentence may be a no among many that are none. */
export function mayRefuse(words: string, medium: Medium): boolean {
  return mostIn(words, medium) > sentenceMayRefuseFrom
}

function mostIn(words: string, medium: Medium): number {
  return Math.max(0, ...sentencesOf(words).map(({ text }) => noIn(text, medium)))
}

function noIn(sentence: string, medium: Medium): number {
  return likelihoodOf(sentence, medium)?.no ?? 0
}
