import { domainToASCII } from 'node:url'
import type { DkimKey } from '../message/dkim-sign.ts'
import { fieldsNamed, type HeaderBlock, unfoldedValue } from '../message/header-block.ts'

/** A key of the deployment; with a brand it signs for that brand alone. */
export type OwnedDkimKey = DkimKey & { readonly brand?: string }

export type ChosenKeys = {
  readonly keys: readonly DkimKey[]
  /** True when a complaint address at the opt-out domain is vouched for (RFC 9477 §3.1). */
  readonly vouchesForComplaints: boolean
}

/**
 * The keys to sign a mail of a brand with: those of the domain in From or, where it has none, of the nearest domain
 * above it, since only those count for DMARC. A complaint address elsewhere needs a signature of its own domain beside.
 */
export function chooseDkimKeys(
  owned: readonly OwnedDkimKey[],
  brand: string,
  fromDomain: string | undefined,
  mailDomain: string,
): ChosenKeys {
  const usable = owned.filter((key) => key.brand === undefined || key.brand === brand)
  const author = fromDomain === undefined ? [] : nearestKeys(usable, fromDomain)
  const [first] = author
  if (first === undefined || fromDomain === undefined) return { keys: [], vouchesForComplaints: false }
  const isBelow = mailDomain === fromDomain || mailDomain.endsWith(`.${fromDomain}`)
  if (isBelow) return { keys: author, vouchesForComplaints: true }
  const other = usable.filter((key) => key.domain.toLowerCase() === mailDomain)
  return { keys: [...author, ...other], vouchesForComplaints: other.length > 0 }
}

function nearestKeys(keys: readonly OwnedDkimKey[], domain: string): readonly OwnedDkimKey[] {
  for (let name = domain; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    const found = keys.filter((key) => key.domain.toLowerCase() === name)
    if (found.length > 0) return found
  }
  return []
}

/** The domain of the author, in ASCII; undefined where the field is missing, doubled or names several domains. */
export function fromDomainOf(raw: Buffer, header: HeaderBlock): string | undefined {
  const [field, ...others] = fieldsNamed(header.fields, 'from')
  if (field === undefined || others.length > 0) return undefined
  const value = Buffer.from(unfoldedValue(raw, field), 'latin1').toString('utf8')
  // Display names and comments may hold anything that looks like an address.
  const bare = value.replace(/"(?:[^"\\]|\\.)*"/g, '').replace(/\([^()]*\)/g, '')
  const domains = [...bare.matchAll(/@([^\s<>,;:@"]+)/g)].map(([, domain = '']) =>
    domainToASCII(domain.replace(/\.$/, '')),
  )
  const [domain, ...rest] = new Set(domains)
  return rest.length > 0 || domain === '' ? undefined : domain
}
