import { Parser } from 'htmlparser2'

/** An element of a page, and where it stands. */
export type HtmlElement = {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly classes: readonly string[]
  readonly parent: HtmlElement | undefined
  readonly children: (HtmlElement | string)[]
}

/** Elements that are not shown, whatever the style sheet says. */
const unseenTags = new Set(['head', 'script', 'style', 'template', 'title', 'noscript'])
/** Within a line of text. */
const inlineTags = new Set(['a', 'b', 'br', 'em', 'i', 'small', 'span', 'strong'])

export function readHtml(html: string): HtmlElement {
  const root: HtmlElement = { tag: '', attributes: {}, classes: [], parent: undefined, children: [] }
  let current = root
  const parser = new Parser({
    onopentag(tag, attributes) {
      const classes = (attributes.class ?? '').split(/\s+/).filter((name) => name !== '')
      const element: HtmlElement = { tag, attributes, classes, parent: current, children: [] }
      current.children.push(element)
      current = element
    },
    ontext(text) {
      current.children.push(text)
    },
    onclosetag() {
      current = current.parent ?? root
    },
  })
  parser.end(html)
  return root
}

/** Every element below, in the order of the document. */
export function elementsOf(root: HtmlElement): HtmlElement[] {
  return root.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...elementsOf(child)]))
}

export function elementsWithTag(root: HtmlElement, ...tags: readonly string[]): HtmlElement[] {
  return elementsOf(root).filter(({ tag }) => tags.includes(tag))
}

export function closest(element: HtmlElement, isWanted: (one: HtmlElement) => boolean): HtmlElement | undefined {
  for (let one: HtmlElement | undefined = element; one !== undefined; one = one.parent) if (isWanted(one)) return one
  return undefined
}

/** What a reader sees or hears of an element; blocks are parted by a line end. */
export function wordsOf(element: HtmlElement): string {
  const pieces = (one: HtmlElement): string =>
    one.children
      .map((child) => {
        if (typeof child === 'string') return child
        if (unseenTags.has(child.tag) || 'hidden' in child.attributes) return ''
        return inlineTags.has(child.tag) ? pieces(child) : `\n${pieces(child)}\n`
      })
      .join('')
  return pieces(element)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[\n ]*/g, '\n')
    .trim()
}

export function isInline({ tag }: HtmlElement): boolean {
  return inlineTags.has(tag)
}

export function isUnseen({ tag, attributes }: HtmlElement): boolean {
  return unseenTags.has(tag) || 'hidden' in attributes || (tag === 'input' && attributes.type === 'hidden')
}
