/** An element of a rendered page, for tests. */
export type PageElement = {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: (PageElement | string)[]
}

/** Elements that HTML never closes, as far as the pages use them. */
const voidTags = ['meta', 'input', 'br', 'link', 'img']
const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' }

/** A tag with its attributes, or the text up to the next one. */
const piece = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"]*")?)*)\s*\/?>|[^<]+/g

/** Reads the well-formed HTML that Preact writes; a tag closed out of turn throws, so that a page cannot be broken. */
export function readPage(html: string): PageElement {
  const root: PageElement = { tag: '', attributes: {}, children: [] }
  const open = [root]
  const body = html.replace(/^<!doctype html>/, '')
  for (const [whole, closing, tag, attributes] of body.matchAll(piece)) {
    const parent = open.at(-1)
    if (parent === undefined) throw new Error('the page goes on after its end')
    if (tag === undefined) parent.children.push(decoded(whole))
    else if (closing === '/') {
      if (open.pop()?.tag !== tag) throw new Error(`</${tag}> closes nothing`)
    } else {
      const element = { tag, attributes: readAttributes(attributes ?? ''), children: [] }
      parent.children.push(element)
      if (!voidTags.includes(tag)) open.push(element)
    }
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.tag}> is never closed`)
  return root
}

/** Every element under this one, in the order of the page, that has this tag and these attributes. */
export function findAll(from: PageElement, tag: string, attributes: Record<string, string> = {}): PageElement[] {
  return from.children.flatMap((child) => {
    if (typeof child === 'string') return []
    const fits =
      (tag === '*' || child.tag === tag) &&
      Object.entries(attributes).every(([name, value]) => child.attributes[name] === value)
    return fits ? [child, ...findAll(child, tag, attributes)] : findAll(child, tag, attributes)
  })
}

/** The one element that fits; throws when there is none or more than one. */
export function find(from: PageElement, tag: string, attributes: Record<string, string> = {}): PageElement {
  const [found, ...others] = findAll(from, tag, attributes)
  if (found === undefined || others.length > 0) {
    throw new Error(`${others.length + (found ? 1 : 0)} × <${tag} ${JSON.stringify(attributes)}>`)
  }
  return found
}

export function textOf(element: PageElement): string {
  return allText(element).replace(/\s+/g, ' ').trim()
}

/** What a form sends when nothing but this button is pressed: `name=value`, in order. */
export function fieldsOf(form: PageElement): string[] {
  return [...findAll(form, 'input'), ...findAll(form, 'select'), ...findAll(form, 'textarea')].map(
    ({ attributes }) => `${attributes.name}=${attributes.value ?? ''}`,
  )
}

function allText(element: PageElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : allText(child))).join('')
}

function readAttributes(source: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name, value] of source.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi))
    if (name) found[name] = decoded(value ?? '')
  return found
}

function decoded(source: string): string {
  return source.replace(/&(?:lt|gt|quot|amp);/g, (entity) => entities[entity] ?? entity)
}
