import type { PagePreview } from './brand-pages.ts'
import { closest, elementsOf, elementsWithTag, type HtmlElement, readHtml } from './read-html.ts'
import { readStyleSheet, type StyleSheet } from './style-sheet.ts'

/** A page taken apart for the rules. */
export type LintedPage = {
  readonly preview: PagePreview
  readonly root: HtmlElement
  readonly elements: readonly HtmlElement[]
  readonly sheet: StyleSheet
}

/** Sheets that were read before; all brands of one colour have one, and a deployment has few colours. */
const sheets = new Map<string, StyleSheet>()
const sheetsKeptMax = 32

export function readPreview(preview: PagePreview): LintedPage {
  const root = readHtml(preview.html)
  const css = elementsWithTag(root, 'style')
    .flatMap(({ children }) => children)
    .join('')
  const sheet = sheets.get(css) ?? readStyleSheet(css)
  if (sheets.size >= sheetsKeptMax) sheets.clear()
  sheets.set(css, sheet)
  return { preview, root, elements: elementsOf(root), sheet }
}

/** The button that stops everything: its form posts to `stop` with the scope `all`. */
export function exitOf(page: LintedPage): HtmlElement | undefined {
  return page.elements.find((element) => {
    if (!isButton(element)) return false
    const form = closest(element, ({ tag }) => tag === 'form')
    return form !== undefined && actOf(form) === 'stop' && hiddenValue(form, 'scope') === 'all'
  })
}

export function isButton({ tag, attributes, classes }: HtmlElement): boolean {
  if (tag === 'a') return classes.includes('button')
  if (tag === 'input') return attributes.type === 'submit' || attributes.type === 'button'
  return tag === 'button'
}

/** The last word of the address a form posts to. */
export function actOf(form: HtmlElement): string {
  return (form.attributes.action ?? '').split('?')[0]?.split('/').at(-1) ?? ''
}

export function hiddenValue(form: HtmlElement, name: string): string | undefined {
  return hiddenValues(form, name)[0]
}

export function hiddenValues(form: HtmlElement, name: string): string[] {
  return elementsOf(form)
    .filter(({ tag, attributes }) => tag === 'input' && attributes.type === 'hidden' && attributes.name === name)
    .map(({ attributes }) => attributes.value ?? '')
}
