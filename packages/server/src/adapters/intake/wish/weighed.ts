import { likelihoodOf } from './likelihood.ts'
import { sentencesOf } from './sentences.ts'
import type { Medium } from './word-features.ts'

/**
 * Does a message ask to stop? `unclear` may; `unknown` says nothing that is recognised, so that it may as well; both wait
 * for a human. `none` is recognised as something else.
 */
export type Wish = 'clear' | 'unclear' | 'unknown' | 'none'

/** A no that no phrase knew, and so likely that at most one in two hundred is none. */
const heardFrom = 0.85
/** What a phrase takes for a no and the weights do not: a human looks. */
const disbelievedBelow = 0.4
/** Ordinary enough to be nobody's work, as a whole and in each sentence. */
const ordinaryFrom = 0.95
const sentenceOrdinaryFrom = 0.5
/** What is recognised by a word as something else is so only where its other words do not say the contrary. */
const believedOrdinaryFrom = 0.5

/**
 * What was read by phrases, weighed by all of the words: phrases know what they were made for, weights know what words
 * do in sentences nobody foresaw.
 */
export function weighed(read: Wish, words: string, medium: Medium): Wish {
  const likely = likelihoodOf(words, medium)
  if (likely === undefined) return read
  if (read === 'clear') return likely.no < disbelievedBelow ? 'unclear' : 'clear'
  if (read === 'none') return likely.ordinary < believedOrdinaryFrom ? 'unknown' : 'none'
  if (likely.no > heardFrom) return 'clear'
  return likely.ordinary > ordinaryFrom && isOrdinaryThroughout(words, medium) ? 'none' : read
}

/** One sentence may be a no among many that are none. */
function isOrdinaryThroughout(words: string, medium: Medium): boolean {
  return sentencesOf(words).every(({ text }) => (likelihoodOf(text, medium)?.ordinary ?? 1) > sentenceOrdinaryFrom)
}
