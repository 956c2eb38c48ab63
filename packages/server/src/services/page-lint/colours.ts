import { contrastRatio } from '@verzet/core'
import type { HtmlElement } from './read-html.ts'
import { type StyleRule, styleOf } from './style-sheet.ts'

/** The colours an element is painted in, as `#rrggbb`. */
export type Paint = {
  readonly text: string
  /** Behind the text: the element's own or that of what it lies on. */
  readonly fill: string
  readonly edge: string | undefined
  /** What the element lies on. */
  readonly ground: string
}

const white = '#ffffff'

export function paintOf(element: HtmlElement, rules: readonly StyleRule[]): Paint {
  const style = styleOf(rules, element)
  const ground = element.parent === undefined ? white : groundOf(element.parent, rules)
  const fill = colourIn(style.get('background'), element, rules) ?? ground
  return {
    text: inherited(element, rules) ?? '#000000',
    fill,
    edge: edgeOf(style, element, rules),
    ground,
  }
}

/** How far the shape of a button stands out from what it lies on: by its fill or by its edge, whichever is stronger. */
export function shapeContrast({ fill, edge, ground }: Paint): number {
  const byFill = contrastRatio(fill, ground)
  return edge === undefined ? byFill : Math.max(byFill, contrastRatio(edge, ground))
}

export function textContrast({ text, fill }: Paint): number {
  return contrastRatio(text, fill)
}

function groundOf(element: HtmlElement, rules: readonly StyleRule[]): string {
  for (let one: HtmlElement | undefined = element; one !== undefined; one = one.parent) {
    const own = colourIn(styleOf(rules, one).get('background'), one, rules)
    if (own !== undefined) return own
  }
  return white
}

function inherited(element: HtmlElement, rules: readonly StyleRule[]): string | undefined {
  for (let one: HtmlElement | undefined = element; one !== undefined; one = one.parent) {
    const own = colourIn(styleOf(rules, one).get('color'), one, rules)
    if (own !== undefined) return own
  }
  return undefined
}

function edgeOf(style: ReadonlyMap<string, string>, element: HtmlElement, rules: readonly StyleRule[]) {
  const border = style.get('border')
  if (border === undefined || /^(?:0|none)\b/.test(border)) return undefined
  return colourIn(style.get('border-color'), element, rules) ?? colourIn(border.split(' ').at(-1), element, rules)
}

/** Reads `#rgb`, `#rrggbb` and `var(--name)`; undefined for everything that lets show through what is behind. */
function colourIn(value: string | undefined, element: HtmlElement, rules: readonly StyleRule[]): string | undefined {
  const [, name] = /^var\((--[\w-]+)\)$/.exec(value ?? '') ?? []
  if (name !== undefined) return colourIn(variableOf(name, element, rules), element, rules)
  if (value !== undefined && /^#[0-9a-f]{6}$/i.test(value)) return value
  const [, red, green, blue] = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(value ?? '') ?? []
  return red === undefined ? undefined : `#${red}${red}${green}${green}${blue}${blue}`
}

function variableOf(name: string, element: HtmlElement, rules: readonly StyleRule[]): string | undefined {
  for (let one: HtmlElement | undefined = element; one !== undefined; one = one.parent) {
    const value = styleOf(rules, one).get(name)
    if (value !== undefined) return value
  }
  return undefined
}
