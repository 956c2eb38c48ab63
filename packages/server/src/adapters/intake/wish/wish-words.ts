/**
 * What people of one language write when they want to be left alone. The text is folded first: no case, no accents, ß as
 * ss. In a phrase `~3` stands for up to three words of any kind; the rest is a regular expression.
 */
export type WishWords = {
  /** A message of nothing but these (and polite words) is a no. */
  readonly keywords: readonly string[]
  readonly polite: readonly string[]
  /** Turns a wish around or narrows it: then no sentence of the message is clear. */
  readonly reversals: readonly string[]
  /** Makes a sentence depend on something, tells of the past or speaks of another matter: that sentence is not clear. */
  readonly doubts: readonly string[]
  /** Begins a question that is a request. */
  readonly requests: readonly string[]
  readonly signs: Signs
}

/** Words by what they do in a sentence, each as alternatives of a regular expression. Together they say no (sum-of-signs.ts). */
export type Signs = Readonly<Record<Sign, string>>

export const signNames = [
  'negation',
  'more',
  /** What is sent. */
  'message',
  /** What it tells of. */
  'offer',
  'contact',
  'receive',
  'end',
  'remove',
  /** Who asks, and what stands for them: an address, a number. */
  'self',
  'list',
  /** One word for it: to unsubscribe. */
  'leave',
  'want',
  /** Refuses by itself: unwelcome, to decline, to do without. */
  'refuse',
  /** Refuses with a negation: wanted, of interest, of use. */
  'interest',
] as const
export type Sign = (typeof signNames)[number]

/** Compiles a phrase; `~3` is a gap of up to three words. */
export function compiled(source: string): RegExp {
  return new RegExp(source.replace(/~(\d)/g, (_, count: string) => `(?:[\\w'’-]+ ){0,${count}}`))
}

/** One of the words, whole; the elided articles and pronouns of French may stand before it. */
export function wholeWord(alternatives: string): RegExp {
  return new RegExp(`(?<![\\w'-])(?:[dlmnstc]')?(?:${alternatives})(?![\\w'])`)
}
