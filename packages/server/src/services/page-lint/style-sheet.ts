import type { HtmlElement } from './read-html.ts'

/**
 * A reader for the one style sheet the pages carry: the part of CSS that sheet is written in, and no more. Selectors are
 * compounds of a tag, classes and attributes with descendant and child combinators; the widest screen a rule is read for
 * is the phone's, so every `min-width` block is left out.
 */
export type StyleRule = {
  readonly parts: readonly SelectorPart[]
  readonly declarations: ReadonlyMap<string, string>
  readonly weight: number
  readonly order: number
}

/** A compound of a selector, read once. */
type SelectorPart = {
  readonly isChild: boolean
  readonly tag: string | undefined
  readonly classes: readonly string[]
  readonly attributes: readonly { readonly name: string; readonly value: string | undefined }[]
  readonly without: readonly { readonly name: string; readonly value: string }[]
  readonly isRoot: boolean
  /** A pseudo-class this reader does not know: matches nothing. */
  readonly isUnknown: boolean
}

export type StyleSheet = {
  readonly light: readonly StyleRule[]
  /** The same with what `prefers-color-scheme: dark` changes. */
  readonly dark: readonly StyleRule[]
}

/** What only shows while something is done with the page, or is drawn beside the element. */
const passing = /:(?:hover|focus|focus-visible|active|checked)\b|::/

export function readStyleSheet(css: string): StyleSheet {
  const light: StyleRule[] = []
  const dark: StyleRule[] = []
  for (const { head, body } of blocksOf(css.replace(/\/\*.*?\*\//gs, ''))) {
    if (!head.startsWith('@')) {
      const rules = rulesOf(head, body, light.length)
      light.push(...rules)
      dark.push(...rules)
    } else if (/prefers-color-scheme:\s*dark/.test(head)) {
      for (const inner of blocksOf(body)) dark.push(...rulesOf(inner.head, inner.body, dark.length))
    }
  }
  return { light, dark }
}

/** What was found for the elements of a page before: every rule of the lint asks again. */
const found = new WeakMap<readonly StyleRule[], WeakMap<HtmlElement, ReadonlyMap<string, string>>>()

/** The declarations that win for an element, by name. */
export function styleOf(rules: readonly StyleRule[], element: HtmlElement): ReadonlyMap<string, string> {
  const known = found.get(rules) ?? new WeakMap<HtmlElement, ReadonlyMap<string, string>>()
  found.set(rules, known)
  const style = known.get(element) ?? cascade(rules, element)
  known.set(element, style)
  return style
}

function cascade(rules: readonly StyleRule[], element: HtmlElement): ReadonlyMap<string, string> {
  const matching = rules
    .filter(({ parts }) => matches(element, parts))
    .toSorted((one, other) => one.weight - other.weight || one.order - other.order)
  return new Map(matching.flatMap(({ declarations }) => [...declarations]))
}

type Block = { readonly head: string; readonly body: string }

function blocksOf(css: string): Block[] {
  const blocks: Block[] = []
  let depth = 0
  let headStart = 0
  let bodyStart = 0
  for (let at = 0; at < css.length; at += 1) {
    if (css[at] === '{') {
      if (depth === 0) bodyStart = at + 1
      depth += 1
    } else if (css[at] === '}') {
      depth -= 1
      if (depth === 0) {
        blocks.push({ head: css.slice(headStart, bodyStart - 1).trim(), body: css.slice(bodyStart, at) })
        headStart = at + 1
      }
    }
  }
  return blocks
}

function rulesOf(head: string, body: string, order: number): StyleRule[] {
  const declarations = new Map(
    splitOutside(body, ';').flatMap((declaration) => {
      const colon = declaration.indexOf(':')
      return colon === -1
        ? []
        : [
            [
              declaration.slice(0, colon).trim(),
              declaration
                .slice(colon + 1)
                .replace('!important', '')
                .trim(),
            ] as const,
          ]
    }),
  )
  return splitOutside(head, ',')
    .filter((selector) => !passing.test(selector))
    .map((selector, index) => {
      const parts = partsOf(selector)
      return { parts, declarations, weight: weightOf(parts), order: order + index }
    })
}

/** Splits outside of brackets: a selector list may hold one, and so may a value. */
function splitOutside(text: string, separator: string): string[] {
  const pieces: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(' || text[at] === '[') depth += 1
    else if (text[at] === ')' || text[at] === ']') depth -= 1
    else if (text[at] === separator && depth === 0) {
      pieces.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...pieces, text.slice(start)].map((piece) => piece.trim()).filter((piece) => piece !== '')
}

const compoundPiece =
  /:not\(\[([\w-]+)=([\w-]+)\]\)|\[([\w-]+)(?:="?([^\]"]*)"?)?\]|\.([\w-]+)|:([\w-]+)|([a-z][a-z0-9]*|\*)/g

function partsOf(selector: string): SelectorPart[] {
  const spaced = selector.replace(/\s*>\s*/g, ' >')
  return spaced.split(/\s+/).map((part) => readCompound(part.replace(/^>/, ''), part.startsWith('>')))
}

function readCompound(compound: string, isChild: boolean): SelectorPart {
  const pieces = [...compound.matchAll(compoundPiece)]
  const all = (index: number) => pieces.flatMap((piece) => piece[index] ?? [])
  const pseudos = all(6)
  return {
    isChild,
    tag: all(7).find((tag) => tag !== '*'),
    classes: all(5),
    attributes: pieces.flatMap(([, , , name, value]) => (name === undefined ? [] : [{ name, value }])),
    without: pieces.flatMap(([, name, value]) => (name === undefined || value === undefined ? [] : [{ name, value }])),
    isRoot: pseudos.includes('root'),
    isUnknown: pseudos.some((pseudo) => pseudo !== 'root'),
  }
}

/** Classes and attributes count ten times a tag, which is as far as this sheet goes. */
function weightOf(parts: readonly SelectorPart[]): number {
  const weightOfPart = ({ tag, classes, attributes, without, isRoot }: SelectorPart) =>
    (classes.length + attributes.length + without.length + (isRoot ? 1 : 0)) * 10 + (tag === undefined ? 0 : 1)
  return parts.reduce((sum, part) => sum + weightOfPart(part), 0)
}

/** Whether the selector up to and including its part `end` fits the element. */
function matches(element: HtmlElement, parts: readonly SelectorPart[], end = parts.length - 1): boolean {
  const part = parts[end]
  if (part === undefined || !isOf(element, part)) return false
  if (end === 0) return true
  if (part.isChild) return element.parent !== undefined && matches(element.parent, parts, end - 1)
  for (let above = element.parent; above !== undefined; above = above.parent) {
    if (matches(above, parts, end - 1)) return true
  }
  return false
}

function isOf(element: HtmlElement, part: SelectorPart): boolean {
  if (part.isUnknown || (part.tag !== undefined && part.tag !== element.tag)) return false
  if (part.isRoot && element.tag !== 'html') return false
  return (
    part.classes.every((name) => element.classes.includes(name)) &&
    part.attributes.every(({ name, value }) => hasAttribute(element, name, value)) &&
    part.without.every(({ name, value }) => element.attributes[name] !== value)
  )
}

function hasAttribute({ attributes }: HtmlElement, name: string, value: string | undefined): boolean {
  const held = attributes[name]
  return held !== undefined && (value === undefined || held === value)
}
