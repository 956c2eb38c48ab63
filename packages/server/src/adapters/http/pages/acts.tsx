import type { ComponentChildren } from 'preact'
import type { Language } from './text.ts'

/** The acts a personal page can post, each to `{base}/{act}`. The routes are named by the same words. */
export const acts = [
  'stop',
  'less',
  'pause',
  'preferences',
  'details',
  'add-contact',
  'remove-contact',
  'erase',
  'undo',
  'reason',
  'confirm',
  'stay',
  'alternative',
  'remind',
] as const
export type Act = (typeof acts)[number]

/** A person's own link, `/u/{token}`. */
export type PersonalLink = {
  readonly base: string
  /** The language asked for by `?lang=`, carried along since nothing else remembers it. */
  readonly lang?: Language
}

/** Where a form of the personal page posts to. */
export function actPath(link: PersonalLink, act: Act): string {
  return `${link.base}/${act}${languageQuery(link)}`
}

/** The personal page itself. */
export function pagePath(link: PersonalLink): string {
  return `${link.base}${languageQuery(link)}`
}

type ActFormProps = {
  link: PersonalLink
  act: Act
  id?: string
  class?: string
  hidden?: Readonly<Record<string, string | readonly string[]>>
  label?: string
  children: ComponentChildren
}

/** A real form, which works without script and which no page submits by itself. */
export function ActForm({ link, act, id, hidden = {}, label, children, class: className = 'stack' }: ActFormProps) {
  return (
    <form id={id} method="post" action={actPath(link, act)} class={className} aria-label={label}>
      {Object.entries(hidden).flatMap(([name, values]) =>
        [values].flat().map((value) => <input type="hidden" name={name} value={value} key={`${name} ${value}`} />),
      )}
      {children}
    </form>
  )
}

/**
 * `first` is for the one act that ends everything: no other act on a page looks stronger (EDPB 03/2022).
 * `fit` is for saving what was typed, which on a wide screen need not span the page.
 */
export function Button({ first, fit, id, name, value, small, describedBy, children }: ButtonProps) {
  return (
    <button
      type="submit"
      id={id}
      class={`button${first ? ' first' : ''}${fit ? ' fit' : ''}`}
      name={name}
      value={value}
      aria-describedby={describedBy}
    >
      <span>{children}</span>
      {small === undefined ? null : <small>{small}</small>}
    </button>
  )
}

type ButtonProps = {
  first?: boolean
  fit?: boolean
  id?: string
  name?: string
  value?: string
  small?: string
  describedBy?: string
  children: ComponentChildren
}

function languageQuery(link: PersonalLink): string {
  return link.lang === undefined ? '' : `?lang=${link.lang}`
}
