import type { Sentence } from './sentences.ts'
import { isLongStopWord } from './slips.ts'
import { type Sign, type Signs, signNames, wholeWord } from './wish-words.ts'

/** Longer sentences say more than one thing. */
const wordsMax = 34

/**
 * What says no when it stands in one sentence, in whatever order: languages with free word order have too many orders to
 * write down.
 */
const sums: readonly (readonly Sign[])[] = [
  ['negation', 'more', 'message'],
  ['negation', 'more', 'contact', 'self'],
  ['negation', 'more', 'contact', 'want'],
  ['negation', 'more', 'offer', 'receive'],
  ['negation', 'more', 'offer', 'contact'],
  ['negation', 'more', 'receive', 'want'],
  ['negation', 'more', 'list', 'want'],
  ['negation', 'want', 'message', 'receive'],
  ['negation', 'want', 'message', 'contact'],
  ['negation', 'interest', 'message'],
  ['refuse', 'message'],
  ['end', 'message'],
  ['end', 'contact', 'self'],
  ['remove', 'list', 'self'],
  ['remove', 'list', 'want'],
  ['leave', 'message'],
  ['leave', 'list'],
  ['leave', 'self'],
  ['leave', 'want'],
]

/** Enough where hardly anything else is said: `Nix mehr senden!` */
const shortWordsMax = 6
const shortSums: readonly (readonly Sign[])[] = [
  ['negation', 'more', 'contact'],
  ['negation', 'contact', 'self'],
  ['negation', 'want', 'message'],
]
/** Enough where nothing else is: `Keine SMS bitte`. */
const fewWordsMax = 4
const fewSums: readonly (readonly Sign[])[] = [['negation', 'message']]

/** Which signs a sentence of a language bears. */
export function signReader(signs: Signs): (sentence: string) => ReadonlySet<Sign> {
  const patterns = signNames.map((sign) => [sign, wholeWord(signs[sign])] as const)
  return (sentence) => {
    const borne = new Set(patterns.flatMap(([sign, pattern]) => (pattern.test(sentence) ? [sign] : [])))
    if (sentence.split(' ').some(isLongStopWord)) borne.add('leave')
    return borne
  }
}

/** Says no by the sum of its words. */
export function sumsToNo({ text }: Pick<Sentence, 'text'>, borne: ReadonlySet<Sign>): boolean {
  const words = text.split(' ').length
  if (words > wordsMax) return false
  const applicable = [...sums, ...(words <= shortWordsMax ? shortSums : []), ...(words <= fewWordsMax ? fewSums : [])]
  return applicable.some((sum) => sum.every((sign) => borne.has(sign)))
}
