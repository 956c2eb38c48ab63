import type { ShownStyle } from './shown-style.ts'

/** A link as a reader meets it. */
export type ViewedLink = {
  readonly url: string
  /** Its words, those of pictures in it included. */
  readonly label: string
  /** What stands around it in the same paragraph or cell. */
  readonly context: string
  /** How much is read before it and after it, in characters. */
  readonly before: number
  readonly after: number
  /** How each run of its text looks; none in a text part, where the reader's program decides. */
  readonly styles: readonly ShownStyle[]
  /** A picture without words is all there is. */
  readonly isWordless: boolean
}

/** One part of a message as it is read. */
export type BodyView = {
  readonly kind: 'html' | 'text'
  readonly links: readonly ViewedLink[]
  /** All that is seen, in order. */
  readonly text: string
}
