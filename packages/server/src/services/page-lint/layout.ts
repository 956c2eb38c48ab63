import { closest, type HtmlElement, isInline, isUnseen, wordsOf } from './read-html.ts'
import { type StyleRule, styleOf } from './style-sheet.ts'

/** The smallest phone still in wide use, as the rule names it. */
export const phone = { widthPx: 360, heightPx: 640 } as const

/** What a browser starts from. */
const rootFontPx = 16
/**
 * The share of its height that a character is wide on average in the widest font a system has for these pages (DejaVu
 * Sans): an estimate that is too low would let an exit slip off the screen. A browser test holds it against a real layout.
 */
const characterWidthShare = 0.58
const boldWidthShare = 0.66
/** Sums of widths that are equal on paper. */
const roundingPx = 0.5

/** Where an element is drawn on a phone, from the top of the page. */
export type Box = { readonly topPx: number; readonly bottomPx: number; readonly widthPx: number }

type Frame = { readonly widthPx: number; readonly fontPx: number; readonly lineShare: number; readonly isBold: boolean }
type Style = ReadonlyMap<string, string>

/**
 * Estimates where every block of the page lies on a phone, from its texts and its style sheet: blocks under each other,
 * texts as many lines as their letters fill. It knows what the pages are made of and no other CSS: columns and rows that
 * wrap on a phone are taken as wrapped, what is positioned or cut out of sight as taking no room.
 */
export function layOut(page: HtmlElement, rules: readonly StyleRule[]): ReadonlyMap<HtmlElement, Box> {
  const boxes = new Map<HtmlElement, Box>()
  const start: Frame = { widthPx: phone.widthPx, fontPx: rootFontPx, lineShare: 1.2, isBold: false }
  place(page, start, 0, rules, boxes)
  return boxes
}

/** The size of an element's letters in pixels on a phone. */
export function fontPxOf(element: HtmlElement, rules: readonly StyleRule[]): number {
  const above = element.parent === undefined ? rootFontPx : fontPxOf(element.parent, rules)
  return readFont(styleOf(rules, element), { widthPx: 0, fontPx: above, lineShare: 1.2, isBold: false }).fontPx
}

/** True when the page does not show it at first: inside something folded, or cut out of sight. */
export function isFoldedAway(element: HtmlElement, rules: readonly StyleRule[]): boolean {
  const isCovered = (one: HtmlElement) =>
    isUnseen(one) ||
    isOutOfFlow(styleOf(rules, one)) ||
    (one.tag === 'details' && !('open' in one.attributes) && one !== element && !isSummaryOf(one, element))
  return closest(element, isCovered) !== undefined
}

function isSummaryOf(details: HtmlElement, element: HtmlElement): boolean {
  return closest(element, (one) => one.tag === 'summary' && one.parent === details) !== undefined
}

function isOutOfFlow(style: Style): boolean {
  return style.get('position') === 'absolute' || style.get('position') === 'fixed' || style.get('display') === 'none'
}

/** Draws an element with its top at `topPx` and returns where it ends. */
function place(
  element: HtmlElement,
  around: Frame,
  topPx: number,
  rules: readonly StyleRule[],
  boxes: Map<HtmlElement, Box>,
): number {
  const style = styleOf(rules, element)
  if (isUnseen(element) || isOutOfFlow(style)) return topPx
  const font = readFont(style, around, element.tag)
  const border = pixels(style.get('border')?.split(' ')[0], font)
  const borderTop = style.has('border-top') ? pixels(style.get('border-top')?.split(' ')[0], font) : border
  const padding = sides(style, 'padding', font)
  const margin = sides(style, 'margin', font)
  const contentPx = around.widthPx - padding.left - padding.right - 2 * border
  const inner: Frame = { ...font, widthPx: Math.max(1, contentPx) }
  const start = topPx + margin.top
  const end = flow(element, style, inner, start + borderTop + padding.top, rules, boxes) + padding.bottom + border
  const bottom = Math.max(end, start + fixedHeightPx(style, font))
  boxes.set(element, { topPx: start, bottomPx: bottom, widthPx: around.widthPx })
  return bottom + margin.bottom
}

/** What is inside: runs of text in lines, blocks under each other, with the gap of a grid between them. */
function flow(
  element: HtmlElement,
  style: Style,
  inner: Frame,
  topPx: number,
  rules: readonly StyleRule[],
  boxes: Map<HtmlElement, Box>,
): number {
  const isRow = style.get('display') === 'flex' && style.get('flex-direction') !== 'column'
  if (isRow) return flowRow(element, inner, topPx, rules, boxes)
  const gapPx = pixels(style.get('gap')?.split(' ')[0], inner)
  const isFolded = element.tag === 'details' && !('open' in element.attributes)
  let bottom = topPx
  let count = 0
  for (const run of runsOf(element, rules)) {
    if (isFolded && !(run.length === 1 && isTag(run[0], 'summary'))) continue
    const [only] = run
    const gap = count > 0 ? gapPx : 0
    const isBlock = run.length === 1 && only !== undefined && typeof only !== 'string' && !isInline(only)
    const end = isBlock
      ? place(only, inner, bottom + gap, rules, boxes)
      : bottom + gap + linesOf(run, inner) * inner.fontPx * inner.lineShare
    if (end > bottom + gap) {
      bottom = end
      count += 1
    }
  }
  return bottom
}

/** Things beside each other that wrap: each line is as high as its highest. */
function flowRow(
  element: HtmlElement,
  inner: Frame,
  topPx: number,
  rules: readonly StyleRule[],
  boxes: Map<HtmlElement, Box>,
): number {
  let bottom = topPx
  let lineTop = topPx
  let used = 0
  for (const child of element.children) {
    if (typeof child === 'string' || isUnseen(child)) continue
    const width = Math.min(inner.widthPx, widthOf(child, inner, rules))
    if (used > 0 && used + width > inner.widthPx + roundingPx) {
      lineTop = bottom
      used = 0
    }
    bottom = Math.max(bottom, place(child, { ...inner, widthPx: width }, lineTop, rules, boxes))
    used += width
  }
  return bottom
}

function widthOf(element: HtmlElement, around: Frame, rules: readonly StyleRule[]): number {
  const style = styleOf(rules, element)
  const font = readFont(style, around)
  const padding = sides(style, 'padding', font)
  const parts = element.children.filter((child) => typeof child !== 'string' && !isInline(child) && !isUnseen(child))
  const inside =
    parts.length > 0
      ? parts.reduce((sum, part) => sum + (typeof part === 'string' ? 0 : widthOf(part, font, rules)), 0)
      : textWidthPx(wordsOf(element), font)
  return Math.max(inside + padding.left + padding.right, pixels(style.get('min-width'), font))
}

type Run = readonly (HtmlElement | string)[]

/** A block alone, or the text and the inline elements between two blocks together. */
function runsOf(element: HtmlElement, rules: readonly StyleRule[]): Run[] {
  const runs: (HtmlElement | string)[][] = []
  let isOpen = false
  for (const child of element.children) {
    const isText = typeof child === 'string' || isInline(child)
    if (typeof child !== 'string' && isOutOfFlow(styleOf(rules, child))) continue
    const last = runs.at(-1)
    if (isText && isOpen && last !== undefined) last.push(child)
    else runs.push([child])
    isOpen = isText
  }
  return runs
}

function isTag(part: HtmlElement | string | undefined, tag: string): boolean {
  return typeof part === 'object' && part.tag === tag
}

function linesOf(run: Run, { widthPx, ...font }: Frame): number {
  const holder: HtmlElement = { tag: '', attributes: {}, classes: [], parent: undefined, children: [...run] }
  const breaks = run.filter((part) => isTag(part, 'br')).length
  const text = wordsOf(holder)
  return text === '' ? 0 : text.split('\n').reduce((sum, line) => sum + wrappedLines(line, widthPx, font), 0) + breaks
}

/** Words are not cut but where one is longer than the line (`overflow-wrap: break-word`). */
function wrappedLines(text: string, widthPx: number, font: Pick<Frame, 'fontPx' | 'isBold'>): number {
  const spacePx = textWidthPx(' ', font)
  let lines = 1
  let usedPx = 0
  for (const word of text.split(' ')) {
    const wordPx = textWidthPx(word, font)
    if (usedPx > 0 && usedPx + spacePx + wordPx > widthPx) {
      lines += 1
      usedPx = 0
    }
    usedPx += (usedPx > 0 ? spacePx : 0) + wordPx
    if (usedPx > widthPx) {
      lines += Math.ceil(usedPx / widthPx) - 1
      usedPx %= widthPx
    }
  }
  return lines
}

function textWidthPx(text: string, { fontPx, isBold }: Pick<Frame, 'fontPx' | 'isBold'>): number {
  return [...text].length * fontPx * (isBold ? boldWidthShare : characterWidthShare)
}

/** What a browser makes bold by itself. */
const boldTags = new Set(['h1', 'h2', 'h3', 'th', 'b', 'strong'])

function readFont(style: Style, around: Frame, tag?: string): Frame {
  const short = /^(?:\w+ )*?(\S+)\/([\d.]+) /.exec(style.get('font') ?? '')
  const fontPx = lengthPx(style.get('font-size') ?? short?.[1], around.fontPx) ?? around.fontPx
  const lineShare = Number(style.get('line-height') ?? short?.[2] ?? around.lineShare)
  const weight = style.get('font-weight')
  const isBold = weight === undefined ? around.isBold || boldTags.has(tag ?? '') : Number(weight) >= 600
  return { ...around, fontPx, isBold, lineShare: Number.isFinite(lineShare) ? lineShare : around.lineShare }
}

function fixedHeightPx(style: Style, { fontPx }: Frame): number {
  return Math.max(lengthPx(style.get('min-height'), fontPx) ?? 0, lengthPx(style.get('height'), fontPx) ?? 0)
}

type Sides = { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number }

function sides(style: Style, name: 'padding' | 'margin', font: Frame): Sides {
  const [top = '0', right = top, bottom = top, left = right] = style.get(name)?.split(' ') ?? []
  const [blockStart, blockEnd = blockStart] = style.get(`${name}-block`)?.split(' ') ?? []
  const [inlineStart, inlineEnd = inlineStart] = style.get(`${name}-inline`)?.split(' ') ?? []
  return {
    top: pixels(blockStart ?? style.get(`${name}-top`) ?? top, font),
    right: pixels(inlineEnd ?? right, font),
    bottom: pixels(blockEnd ?? style.get(`${name}-bottom`) ?? bottom, font),
    left: pixels(inlineStart ?? style.get(`${name}-inline-start`) ?? left, font),
  }
}

function pixels(value: string | undefined, { fontPx }: Pick<Frame, 'fontPx'>): number {
  return lengthPx(value, fontPx) ?? 0
}

/** A length as the sheet writes them; undefined for what is none (auto, 100%, a keyword). */
export function lengthPx(value: string | undefined, fontPx: number): number | undefined {
  if (value === undefined) return undefined
  const clamped = /^clamp\(([^,]+),(.+),([^,]+)\)$/.exec(value)
  if (clamped !== null) {
    const [, least, wanted = '', most] = clamped
    const sum = wanted.split('+').map((part) => lengthPx(part.trim(), fontPx) ?? 0)
    const total = sum.reduce((one, other) => one + other, 0)
    return Math.min(lengthPx(most?.trim(), fontPx) ?? total, Math.max(lengthPx(least?.trim(), fontPx) ?? 0, total))
  }
  const [, digits, unit] = /^(-?[\d.]+)(rem|em|px|vw|vh)?$/.exec(value) ?? []
  if (digits === undefined) return undefined
  const number = Number(digits)
  switch (unit) {
    case 'rem':
      return number * rootFontPx
    case 'em':
      return number * fontPx
    case 'vw':
      return (number * phone.widthPx) / 100
    case 'vh':
      return (number * phone.heightPx) / 100
    case 'px':
      return number
    default:
      return number === 0 ? 0 : undefined
  }
}
