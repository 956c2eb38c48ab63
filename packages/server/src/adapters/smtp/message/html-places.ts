import { type QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { findPlaceholders, type Placeholder } from './placeholders.ts'

/** Where a placeholder stands: what may be put there depends on it. */
export type HtmlPlaceholder = Placeholder & {
  readonly context: 'link_address' | 'attribute' | 'text' | 'link_text' | 'conditional_comment' | 'unseen'
}

export type HtmlPlaces = {
  /** Where the first and the last thing a reader sees can be put; undefined when there is no such place. */
  readonly edges: { readonly top: number; readonly bottom: number } | undefined
  readonly placeholders: readonly HtmlPlaceholder[]
}

/** Markup that may stand before the body, so that what comes first in view comes after it. */
const headElements: ReadonlySet<string> = new Set(['html', 'head', 'meta', 'link', 'base', 'title', 'style', 'script'])
/** What stands in these is not shown as a part of the page, or not as markup. */
const closedElements: ReadonlySet<string> = new Set([
  'title',
  'style',
  'script',
  'template',
  'noscript',
  'textarea',
  'select',
  'iframe',
  'noembed',
  'noframes',
  'xmp',
  'plaintext',
  'object',
  'video',
  'audio',
  'svg',
  'math',
])

/** No page puts templates into templates so deep; a page that does is left alone. */
const openElementsMax = 100

/**
 * Finds by offsets, in one pass, where the ways out can stand: after the first `<body>` and before the last `</body>`,
 * else where the visible page begins and ends. Comments (the conditional ones of Outlook too), styles, scripts and
 * templates are no such place, and a page that ends within one, or within a tag, has no end to add to.
 */
export function findHtmlPlaces(html: string): HtmlPlaces {
  const scan = new HtmlScan(html, findPlaceholders(html))
  const tokenizer = new Tokenizer({ decodeEntities: false }, scan)
  tokenizer.write(html)
  tokenizer.end()
  return scan.places()
}

/** The tokenizer calls it once for each piece of markup, in order. */
class HtmlScan implements TokenizerCallbacks {
  readonly #html: string
  readonly #wanted: readonly Placeholder[]
  readonly #found: HtmlPlaceholder[] = []
  #nextWanted = 0
  #tag = ''
  #attribute = ''
  /** After the last markup or text that is complete. */
  #readTo = 0
  /** The elements of `closedElements` that are open. */
  readonly #open: string[] = []
  #isTooDeep = false
  #openLinks = 0
  /** After what precedes the page; fixed by the first thing a reader sees. */
  #pageStart = 0
  #isPageBegun = false
  #bodyStart: number | undefined
  #bodyEnd: number | undefined

  constructor(html: string, wanted: readonly Placeholder[]) {
    this.#html = html
    this.#wanted = wanted
    if (html.startsWith('\ufeff')) this.#pageStart = 1
    if (html.startsWith('\u00ef\u00bb\u00bf')) this.#pageStart = 3
  }

  places(): HtmlPlaces {
    const isEndSafe = this.#readTo === this.#html.length && this.#open.length === 0
    const top = this.#bodyStart ?? this.#pageStart
    const bottom = this.#bodyEnd ?? (isEndSafe ? this.#html.length : undefined)
    const edges = bottom === undefined || bottom < top || this.#isTooDeep ? undefined : { top, bottom }
    return { edges, placeholders: this.#found }
  }

  onopentagname(start: number, endIndex: number): void {
    this.#tag = this.#html.slice(start, endIndex).toLowerCase()
  }

  onopentagend(endIndex: number): void {
    this.#endTag(endIndex, false)
  }

  onselfclosingtag(endIndex: number): void {
    this.#endTag(endIndex, this.#tag === 'svg' || this.#tag === 'math' || this.#open.length > 0)
  }

  #endTag(endIndex: number, isClosed: boolean): void {
    this.#readTo = endIndex + 1
    const tag = this.#tag
    if (tag === 'body' && this.#open.length === 0) this.#bodyStart ??= endIndex + 1
    else if (headElements.has(tag)) this.#passHead(endIndex + 1)
    else this.#isPageBegun ||= this.#open.length === 0
    if (tag === 'a') this.#openLinks = 1
    if (!closedElements.has(tag) || isClosed) return
    if (this.#open.length < openElementsMax) this.#open.push(tag)
    else this.#isTooDeep = true
  }

  #passHead(position: number): void {
    if (!this.#isPageBegun && this.#open.length === 0) this.#pageStart = position
  }

  onclosetag(start: number, endIndex: number): void {
    const tag = this.#html.slice(start, endIndex).toLowerCase()
    const afterTag = this.#html.indexOf('>', endIndex) + 1
    // An end tag without its `>` is the last thing in the page, and says nothing.
    if (afterTag === 0) return
    this.#readTo = afterTag
    const opened = this.#open.lastIndexOf(tag)
    if (opened !== -1) this.#open.length = opened
    if (tag === 'a') this.#openLinks = 0
    if (this.#open.length > 0) return
    if (headElements.has(tag) && tag !== 'html') this.#passHead(afterTag)
    const isEnd = tag === 'body' || (tag === 'html' && this.#bodyEnd === undefined)
    if (isEnd) this.#bodyEnd = this.#html.lastIndexOf('<', start)
  }

  onattribname(start: number, endIndex: number): void {
    this.#attribute = this.#html.slice(start, endIndex).toLowerCase()
  }

  onattribdata(start: number, endIndex: number): void {
    const isLink = this.#attribute === 'href' && (this.#tag === 'a' || this.#tag === 'area')
    this.#take(start, endIndex, this.#open.length > 0 ? 'unseen' : isLink ? 'link_address' : 'attribute')
  }

  ontext(start: number, endIndex: number): void {
    if (start < this.#readTo) return
    this.#readTo = endIndex
    const isSeen = this.#open.length === 0
    if (isSeen && !this.#isPageBegun)
      this.#isPageBegun = /[^ \t\r\n\f]/.test(this.#html.slice(Math.max(start, this.#pageStart), endIndex))
    this.#take(start, endIndex, !isSeen ? 'unseen' : this.#openLinks > 0 ? 'link_text' : 'text')
  }

  oncomment(start: number, endIndex: number): void {
    this.#readTo = this.#html.indexOf('>', endIndex) + 1
    const isConditional = /^\[if\s/i.test(this.#html.slice(start, start + 10))
    this.#take(start, endIndex, isConditional ? 'conditional_comment' : 'unseen')
  }

  oncdata(start: number, endIndex: number): void {
    this.oncomment(start, endIndex)
  }

  ondeclaration(_start: number, endIndex: number): void {
    this.#readTo = this.#html.indexOf('>', endIndex) + 1
    this.#passHead(this.#readTo)
  }

  onprocessinginstruction(_start: number, endIndex: number): void {
    this.ondeclaration(_start, endIndex)
  }

  onattribentity(): void {}
  onattribend(_quote: QuoteType, _endIndex: number): void {}
  ontextentity(): void {}
  onend(): void {}

  /** Both lists go up, so each placeholder is looked at once. */
  #take(start: number, end: number, context: HtmlPlaceholder['context']): void {
    for (;;) {
      const wanted = this.#wanted[this.#nextWanted]
      if (wanted === undefined || wanted.start >= end) return
      this.#nextWanted++
      if (wanted.start >= start && wanted.end <= end) this.#found.push({ ...wanted, context })
    }
  }
}
