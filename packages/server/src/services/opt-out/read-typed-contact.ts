import type { ContactPointType } from '@verzet/core'
import { countryFor } from '../country-for.ts'
import type { Hub } from '../hub.ts'
import { keyContactPoint } from '../key-contact-point.ts'
import type { KeyedContactPoint } from '../ports.ts'

/** What somebody typed to say whose advertising is to stop. */
export type TypedContact = {
  /** An e-mail address or a phone number. */
  readonly contact: string
  readonly post: string
  /** Where a number or address without a country lies, when the person said so. */
  readonly country?: string
  readonly brand?: string
}

export type ReadContact =
  | { readonly kind: 'ok'; readonly keyed: readonly KeyedContactPoint[] }
  | { readonly kind: 'unreadable'; readonly field: 'contact' | 'post' }

/**
 * Reads both fields of the form. A number or a street without a country lies where the person says, else in the brand's
 * country; where that is not certain it is unreadable, because a wrong guess would give the no to a stranger.
 */
export function readTypedContact(
  { catalog, secrets }: Pick<Hub, 'catalog' | 'secrets'>,
  typed: TypedContact,
): ReadContact {
  const country = typed.country ?? countryFor(catalog, typed.brand)
  const wanted: { field: 'contact' | 'post'; type: ContactPointType; value: string }[] = []
  const contact = typed.contact.trim()
  if (contact !== '') wanted.push({ field: 'contact', type: contact.includes('@') ? 'email' : 'phone', value: contact })
  if (typed.post.trim() !== '') wanted.push({ field: 'post', type: 'post', value: typed.post })
  const keyed: KeyedContactPoint[] = []
  for (const { field, type, value } of wanted) {
    const named = keyContactPoint(secrets, { type, value }, country)
    if (named.kind !== 'ok') return { kind: 'unreadable', field }
    keyed.push(named.keyed)
  }
  return keyed.length === 0 ? { kind: 'unreadable', field: 'contact' } : { kind: 'ok', keyed }
}
