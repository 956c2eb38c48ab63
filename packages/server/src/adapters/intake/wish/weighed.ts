import { likelihoodOf } from './likelihood.ts'
import { sentencesOf } from './sentences.ts'
import type { Medium } from './word-features.ts'

/**
 * Does a message ask to stop? `unclear` may; `unknown` is not understood, so that it may as well; both wait for a human.
 * `none` is something else.
 */
export type Wish = 'clear' | 'unclear' | 'unknown' | 'none'

/** A no that the signs do not tell, and so likely that at most one in two hundred is none. */
const heardFrom = 0.8
/** What the signs take for a no and the weights do not: a human looks. */
const disbelievedBelow = 0.4
/** Ordinary enough to be nobody's work, as a whole and in each sentence. */
const ordinaryFrom = 0.75
const sentenceOrdinaryFrom = 0.4

/**
 * What a message asks for by all of its words. Signs that stand together say no in any order (`saysNo`); weights know what
 * words do in sentences nobody foresaw.
 */
export function weighed(saysNo: boolean, words: string, medium: Medium): Wish {
  const likely = likelihoodOf(words, medium)
  if (likely === undefined) return saysNo ? 'clear' : wishOfLetter(words, medium)
  if (likely.no > (saysNo ? disbelievedBelow : heardFrom)) return 'clear'
  if (saysNo) return 'unclear'
  if (likely.ordinary > ordinaryFrom && isOrdinaryThroughout(words, medium)) return 'none'
  return likely.ordinary < sentenceOrdinaryFrom ? 'unclear' : 'unknown'
}

/** Too long to be weighed as a whole. */
function wishOfLetter(words: string, medium: Medium): Wish {
  if (isOrdinaryThroughout(words, medium)) return 'none'
  return sentencesOf(words).some(({ text }) => (likelihoodOf(text, medium)?.no ?? 0) > heardFrom)
    ? 'unclear'
    : 'unknown'
}

/** One sentence may be a no among many that are none. */
function isOrdinaryThroughout(words: string, medium: Medium): boolean {
  return sentencesOf(words).every(({ text }) => (likelihoodOf(text, medium)?.ordinary ?? 1) > sentenceOrdinaryFrom)
}
