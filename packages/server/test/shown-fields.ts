import { findAll, type PageElement, readPage } from '../src/adapters/http/pages/testing/read-page.ts'

/**
 * What a browser would send of the form that posts to this path as the page shows it: hidden fields, words, what is
 * chosen, and only the boxes that are ticked.
 */
export function shownFields({ text }: { readonly text: string }, action: string): Record<string, string> {
  const form = findAll(readPage(text), 'form').find(({ attributes }) => attributes.action?.split('?')[0] === action)
  if (form === undefined) throw new Error(`no form posts to ${action}`)
  const inputs = findAll(form, 'input').filter(
    ({ attributes }) =>
      (attributes.type !== 'checkbox' && attributes.type !== 'radio') || attributes.checked !== undefined,
  )
  const written = inputs.map(({ attributes }) => [attributes.name ?? '', attributes.value ?? ''])
  const areas = findAll(form, 'textarea').map((area) => [area.attributes.name ?? '', wordsIn(area)])
  const selects = findAll(form, 'select').map((one) => {
    const options = findAll(one, 'option')
    const chosen = options.find(({ attributes }) => 'selected' in attributes) ?? options[0]
    return [one.attributes.name ?? '', chosen?.attributes.value ?? '']
  })
  return Object.fromEntries([...written, ...areas, ...selects])
}

/** With its lines, which are part of what was written. */
function wordsIn({ children }: PageElement): string {
  return children.filter((child) => typeof child === 'string').join('')
}
