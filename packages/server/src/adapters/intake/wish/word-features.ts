import { fold } from './fold.ts'

/** What was answered: people write other words to a text than to a mail. */
export type Medium = 'mail' | 'text'

/** A power of two; more would learn single sentences by heart, fewer mix up words that have nothing to do with each other. */
export const featureBuckets = 2 ** 17

/** A longer message says more than one thing, and the weights were learnt from short ones. */
const wordsMax = 120
/** Longer than any word that a no is said in. */
const wordLettersMax = 24
const groupLetters = [3, 4]

/**
 * What a message is made of: its words, pairs of neighbours, and groups of letters within a word, by which endings,
 * compounds and slips still speak for their stem. Undefined where it is empty or too long.
 */
export function featureNames(text: string, medium: Medium): ReadonlySet<string> | undefined {
  const words = spelledWords(text)
  if (words.length === 0 || words.length > wordsMax) return undefined
  const features = new Set([`#${medium}`, `#${Math.floor(Math.log2(words.length))}`])
  const bounded = ['<', ...words, '>']
  for (const [at, word] of bounded.entries()) {
    features.add(word)
    features.add(`${word} ${bounded[at + 1] ?? ''}`)
    for (const group of letterGroups(word)) features.add(group)
  }
  return features
}

/** The same as numbers of buckets, each once. */
export function featuresOf(text: string, medium: Medium): Uint32Array | undefined {
  const names = featureNames(text, medium)
  return names && Uint32Array.from(new Set([...names].map(bucketOf)))
}

/** Folded words, and each question or exclamation mark as one. */
function spelledWords(text: string): string[] {
  const spaced = fold(text)
    .replace(/[^\p{L}\p{N}'?!]+/gu, ' ')
    .replace(/[?!]/g, ' $& ')
  return spaced.split(' ').flatMap((word) => (word === '' ? [] : [word.slice(0, wordLettersMax)]))
}

function letterGroups(word: string): string[] {
  return groupLetters
    .filter((letters) => letters < word.length)
    .flatMap((letters) =>
      Array.from({ length: word.length - letters + 1 }, (_, at) => {
        const before = at > 0 ? '~' : ''
        const after = at + letters < word.length ? '~' : ''
        return `${before}${word.slice(at, at + letters)}${after}`
      }),
    )
}

/** A power of two: how many places the parts of a word are remembered at. */
export const partBuckets = 2 ** 15
const partLetters = [3, 4, 5]
/** With the marks between them, and no more than a message that is weighed. */
const markedWordsMax = 160

/**
 * The words of a message in their order, and the marks that end its sentences, each as the buckets of its parts: itself,
 * and the groups of three to five letters in it.
 */
export function partsOf(text: string): Uint16Array[] {
  const words = fold(text)
    .replace(/[^\p{L}\p{N}'?!.]+/gu, ' ')
    .replace(/[?!.]/g, ' $& ')
    .split(' ')
    .filter((word) => word !== '')
  return words.slice(0, markedWordsMax).map((word) => partsOfWord(word.slice(0, wordLettersMax)))
}

function partsOfWord(word: string): Uint16Array {
  const bounded = `<${word}>`
  const groups = partLetters.flatMap((letters) =>
    Array.from({ length: Math.max(0, bounded.length - letters + 1) }, (_, at) => bounded.slice(at, at + letters)),
  )
  return Uint16Array.from([`=${word}`, ...groups], (part) => hashOf(part) % partBuckets)
}

export function bucketOf(feature: string): number {
  return hashOf(feature) % featureBuckets
}

/** FNV-1a over UTF-16 code units, mixed so that the low bits depend on all of them. */
function hashOf(feature: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < feature.length; at += 1) hash = Math.imul(hash ^ feature.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
