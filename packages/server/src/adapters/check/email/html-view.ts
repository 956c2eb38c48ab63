import { Parser } from 'htmlparser2'
import { elementDepthMax, elementsMax, linksMax, pictureCharacters } from '../check-limits.ts'
import type { BodyView, ViewedLink } from './body-view.ts'
import { type ElementNames, RuleIndex } from './matching-rules.ts'
import { pageStyle, type ShownStyle, styleWithin, unseenBecause } from './shown-style.ts'
import { readDeclarations, readStyleSheet, type StyleRule, type StyleView } from './style-sheet.ts'

/** What is in these is no text of the page. */
const unread: ReadonlySet<string> = new Set(
  'head title script template noscript textarea select iframe object video audio svg math'.split(' '),
)
const blocks: ReadonlySet<string> = new Set(
  'p div td th tr table li ul ol h1 h2 h3 h4 h5 h6 body center blockquote article section footer header'.split(' '),
)
const childless: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta source track wbr'.split(' '),
)
/** A picture below this height is a line or a dot to count readers. */
const pictureHeightMin = 20

export type HtmlViews =
  | {
      readonly kind: 'views'
      readonly views: Readonly<Partial<Record<StyleView, BodyView>>> & { readonly light: BodyView }
    }
  | { readonly kind: 'too_large' }

/** The page as it is read in light and, where its own rules make a difference, in dark and on a narrow screen. */
export function viewHtml(html: string): HtmlViews {
  const rules = styleRules(html)
  const others: readonly StyleView[] = ['dark', 'narrow']
  const wanted: readonly StyleView[] = ['light', ...others.filter((view) => rules.some((rule) => rule.view === view))]
  const views = new Map(wanted.map((view) => [view, readPage(html, new RuleIndex(rules, view))]))
  const light = views.get('light')
  const [dark, narrow] = others.map((view) => views.get(view))
  if (light === undefined || [...views.values()].includes(undefined)) return { kind: 'too_large' }
  return { kind: 'views', views: { light, ...(dark && { dark }), ...(narrow && { narrow }) } }
}

function styleRules(html: string): readonly StyleRule[] {
  let sheet = ''
  let isStyle = false
  const parser = new Parser({
    onopentag: (name) => {
      isStyle = name === 'style'
    },
    ontext: (text) => {
      if (isStyle) sheet += text
    },
    onclosetag: () => {
      isStyle = false
    },
  })
  // The parser looks for an end tag among all that is open, so the depth is bounded from the outside.
  if (!isShallow(html)) return []
  parser.end(html)
  return readStyleSheet(sheet)
}

/** Counts start and end tags without pairing them: what never gets deep this way is not deep. */
function isShallow(html: string): boolean {
  let depth = 0
  let elements = 0
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    if (childless.has(name.toLowerCase())) continue
    depth = Math.max(0, depth + (slash === '/' ? -1 : 1))
    elements++
    if (elements > 2 * elementsMax || depth > unclosedMax) return false
  }
  return true
}

/** Old mails leave every `<p>`, `<li>` and `<td>` open; what is really nested is bounded by `elementDepthMax`. */
const unclosedMax = 5_000

function readPage(html: string, index: RuleIndex): BodyView | undefined {
  if (!isShallow(html)) return undefined
  const page = new PageReader(index)
  const parser = new Parser({
    onopentag: (name, attributes) => page.open(name, attributes),
    ontext: (text) => page.text(text),
    onclosetag: (name) => page.close(name),
  })
  parser.end(html)
  return page.view()
}

type OpenElement = {
  readonly names: ElementNames
  readonly style: ShownStyle
  readonly isUnread: boolean
  readonly link: OpenLink | undefined
}

type OpenLink = {
  readonly url: string
  readonly before: number
  readonly block: number
  label: string
  endedAt: number
  readonly styles: ShownStyle[]
  pictures: number
}

/** Called for each piece of markup in order; keeps what is seen, and the links in it. */
class PageReader {
  readonly #index: RuleIndex
  readonly #open: OpenElement[] = []
  readonly #links: OpenLink[] = []
  readonly #blocks: string[] = ['']
  /** In pieces: to look at the end of one long string it would have to be put together each time. */
  readonly #seen: string[] = []
  #characters = 0
  #last = '\n'
  #isTooDeep = false

  constructor(index: RuleIndex) {
    this.#index = index
  }

  view(): BodyView | undefined {
    if (this.#isTooDeep) return undefined
    const end = this.#characters
    const links = this.#links.map(
      (link): ViewedLink => ({
        url: link.url,
        label: link.label.replace(/\s+/g, ' ').trim(),
        context: (this.#blocks[link.block] ?? '').replace(/\s+/g, ' ').trim(),
        before: link.before,
        after: end - link.endedAt,
        styles: link.styles,
        isWordless: link.pictures > 0 && link.label.trim() === '',
      }),
    )
    return { kind: 'html', links, text: this.#seen.join('') }
  }

  open(tag: string, attributes: Record<string, string>): void {
    if (this.#open.length >= elementDepthMax) this.#isTooDeep = true
    if (this.#isTooDeep) return
    const parent = this.#open.at(-1)
    const names = { tag, id: attributes.id ?? '', classes: (attributes.class ?? '').split(/\s+/).filter(Boolean) }
    const said = this.#index.declarationsFor(
      [...this.#open.map((element) => element.names), names],
      readDeclarations(attributes.style ?? ''),
    )
    const style = styleWithin(parent?.style ?? pageStyle, { tag, attributes, said })
    if (blocks.has(tag)) this.#newBlock()
    if (tag === 'br') this.#append('\n')
    const isLink = (tag === 'a' || tag === 'area') && attributes.href !== undefined
    const link = isLink ? this.#startLink(attributes.href ?? '') : parent?.link
    const isUnread = parent?.isUnread === true || unread.has(tag) || tag === 'style'
    if (tag === 'img' || tag === 'area') this.#picture(attributes, style, link, isUnread)
    this.#open.push({ names, style, isUnread, link })
  }

  close(tag: string): void {
    if (this.#isTooDeep || this.#open.at(-1)?.names.tag !== tag) return
    this.#open.pop()
    if (blocks.has(tag)) this.#newBlock()
  }

  text(text: string): void {
    const within = this.#open.at(-1)
    if (this.#isTooDeep || within?.isUnread === true) return
    const style = within?.style ?? pageStyle
    // Preheaders are padded with characters that take no room.
    const words = text.replace(/\u034f|[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    const link = within?.link
    if (link !== undefined && words.trim() !== '') {
      link.label += words
      link.styles.push(style)
    }
    if (unseenBecause(style) !== undefined) return
    this.#see(words)
    if (link !== undefined) link.endedAt = this.#characters
  }

  #startLink(url: string): OpenLink | undefined {
    if (this.#links.length >= linksMax) return undefined
    const before = this.#characters
    const link = {
      url: url.trim(),
      before,
      block: this.#blocks.length - 1,
      label: '',
      endedAt: before,
      styles: [],
      pictures: 0,
    }
    this.#links.push(link)
    return link
  }

  #picture(attributes: Record<string, string>, style: ShownStyle, link: OpenLink | undefined, isUnread: boolean): void {
    if (isUnread) return
    if (link !== undefined) {
      link.pictures++
      link.label += ` ${attributes.alt ?? ''}`
      link.styles.push(style)
    }
    const height = Number.parseInt(attributes.height ?? '', 10)
    if (unseenBecause(style) !== undefined || height < pictureHeightMin) return
    this.#characters += pictureCharacters
    if (link !== undefined) link.endedAt = this.#characters
  }

  #see(text: string): void {
    const words = text.replace(/[ \t\r\n\f\u00a0]+/g, ' ')
    this.#append(words.startsWith(' ') && /\s/.test(this.#last) ? words.slice(1) : words)
    this.#blocks[this.#blocks.length - 1] += words
  }

  #newBlock(): void {
    if (this.#last !== '\n') this.#append('\n')
    if (this.#blocks.at(-1) !== '') this.#blocks.push('')
  }

  #append(text: string): void {
    if (text === '') return
    this.#seen.push(text)
    this.#characters += text.length
    this.#last = text.slice(-1)
  }
}
