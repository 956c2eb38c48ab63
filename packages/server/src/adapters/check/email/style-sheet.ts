import { styleRulesMax } from '../check-limits.ts'

/** When a rule holds: always, where the reader prefers dark, or on a narrow screen. */
export type StyleView = 'light' | 'dark' | 'narrow'

export type Declaration = { readonly name: string; readonly value: string; readonly isImportant: boolean }

/** `p.small#foot`: every part has to match. */
export type Compound = {
  readonly tag: string | undefined
  readonly id: string | undefined
  readonly classes: readonly string[]
}

export type StyleRule = {
  /** The element itself last; those before it are its ancestors, from the outside in. */
  readonly selector: readonly Compound[]
  readonly specificity: number
  readonly declarations: readonly Declaration[]
  readonly view: StyleView
}

/** What a style block says, as far as simple selectors go (CSS Selectors 4 §3.1); the rest is passed over. */
export function readStyleSheet(text: string): readonly StyleRule[] {
  const rules: StyleRule[] = []
  readBlocks(withoutComments(text).replace(/<!--|-->/g, ' '), 'light', rules)
  return rules
}

/** By hand: a pattern would look through the rest once for every comment that never ends. */
function withoutComments(text: string): string {
  let kept = ''
  let position = 0
  for (;;) {
    const start = text.indexOf('/*', position)
    if (start === -1) return kept + text.slice(position)
    kept += `${text.slice(position, start)} `
    const end = text.indexOf('*/', start + 2)
    if (end === -1) return kept
    position = end + 2
  }
}

function readBlocks(text: string, view: StyleView, rules: StyleRule[]): void {
  let position = 0
  while (position < text.length && rules.length < styleRulesMax) {
    const open = text.indexOf('{', position)
    if (open === -1) return
    // `@import …;` ends without a block.
    const before = text.slice(position, open)
    const prelude = before.slice(before.lastIndexOf(';') + 1)
    const close = closingBrace(text, open)
    addBlock(prelude.trim(), text.slice(open + 1, close), view, rules)
    position = close + 1
  }
}

function closingBrace(text: string, open: number): number {
  let depth = 0
  for (let position = open; position < text.length; position++) {
    if (text[position] === '{') depth++
    if (text[position] === '}' && --depth === 0) return position
  }
  return text.length
}

function addBlock(prelude: string, body: string, view: StyleView, rules: StyleRule[]): void {
  if (prelude.startsWith('@')) {
    const inner = viewOf(prelude.toLowerCase(), view)
    // Deeper than a query within a block nobody writes for mail.
    if (inner !== undefined && view === 'light') readBlocks(body, inner, rules)
    return
  }
  const declarations = readDeclarations(body)
  for (const written of prelude.split(',')) {
    const selector = readSelector(written)
    if (selector === undefined || rules.length >= styleRulesMax) continue
    rules.push({ selector, specificity: specificityOf(selector), declarations, view })
  }
}

/** Which of our three views a condition is about; undefined for print, very wide screens and what is not told here. */
function viewOf(prelude: string, view: StyleView): StyleView | undefined {
  if (!prelude.startsWith('@media')) return undefined
  if (/prefers-color-scheme\s*:\s*dark/.test(prelude)) return 'dark'
  if (/\bprint\b/.test(prelude) || /min-(?:device-)?width/.test(prelude)) return undefined
  return /max-(?:device-)?width/.test(prelude) ? 'narrow' : view
}

export function readDeclarations(text: string): readonly Declaration[] {
  return splitDeclarations(text).flatMap((one) => {
    const colon = one.indexOf(':')
    if (colon < 1) return []
    const name = one.slice(0, colon).trim().toLowerCase()
    const written = one.slice(colon + 1).trim()
    const isImportant = /!\s*important$/i.test(written)
    return [{ name, value: written.replace(/\s*!\s*important$/i, ''), isImportant }]
  })
}

/** At the semicolons outside of brackets: `url(data:image/png;base64,…)` holds one. */
function splitDeclarations(text: string): string[] {
  return text.match(/(?:[^;()]|\([^()]*\)?|\))+/g) ?? []
}

/** The combinators are read as "somewhere within", which takes no less than is meant. */
function readSelector(text: string): readonly Compound[] | undefined {
  const parts = text
    .trim()
    .replace(/\s*[>]\s*/g, ' ')
    .split(/\s+/)
  const compounds = parts.map(readCompound)
  const known = compounds.filter((one) => one !== undefined)
  return known.length === compounds.length && known.length > 0 ? known : undefined
}

function readCompound(text: string): Compound | undefined {
  const match = /^(\*|[a-z][\w-]*)?((?:[.#][\w-]+)*)(?::link|:visited)?$/i.exec(text)
  if (match === null || text === '') return undefined
  const marks = match[2]?.match(/[.#][\w-]+/g) ?? []
  const tag = match[1] === '*' ? undefined : match[1]?.toLowerCase()
  return {
    tag,
    id: marks.find((mark) => mark.startsWith('#'))?.slice(1),
    classes: marks.filter((mark) => mark.startsWith('.')).map((mark) => mark.slice(1)),
  }
}

/** Ids before classes before tags, each far from overflowing into the next (CSS Selectors 4 §17). */
function specificityOf(selector: readonly Compound[]): number {
  return selector.reduce(
    (sum, { tag, id, classes }) =>
      sum + (id === undefined ? 0 : 10_000) + classes.length * 100 + (tag === undefined ? 0 : 1),
    0,
  )
}
