import { domainToASCII, URL } from 'node:url'

/** RFC 5321 §4.5.3.1.1. */
export const emailLocalPartBytesMax = 64
/** RFC 1035 §2.3.4 gives 255 octets on the wire, which are 253 characters written. */
export const emailDomainCharactersMax = 253
/** RFC 1035 §2.3.4. */
export const emailDomainLabelCharactersMax = 63
/** RFC 5321 §4.5.3.1.3 allows a path of 256 octets, of which two are the angle brackets. */
export const emailAddressBytesMax = 254

const hints = {
  empty: 'Give an e-mail address.',
  bad_percent_encoding: 'Write the address itself: the mailto link has a broken percent sequence.',
  display_name: 'Give the address alone, without the name in front of it.',
  several_addresses: 'Give one address at a time.',
  malformed_unicode: 'Send the address as well-formed Unicode text.',
  control_character: 'Remove line breaks and control characters from the address.',
  invisible_character: 'Type the address again by hand: it holds an invisible character.',
  contains_space: 'Remove the space inside the address.',
  missing_at: 'Write the address as name@domain.',
  several_at: 'Keep one @ in the address.',
  empty_local_part: 'Write the part before the @.',
  empty_domain: 'Write the domain after the @.',
  invalid_local_part: 'Check the part before the @: it holds a character that must stand in quotes or not at all.',
  local_part_too_long: 'Check the part before the @: it is longer than 64 bytes.',
  invalid_domain: 'Check the domain after the @: it is not a domain name.',
  invalid_domain_literal: 'Check the IP address between the square brackets.',
  domain_without_dot: 'Write the whole domain, such as example.com.',
  empty_domain_label: 'Remove the doubled or leading dot from the domain.',
  domain_label_too_long: 'Check the domain: a part between two dots is longer than 63 characters.',
  domain_too_long: 'Check the domain: it is longer than 253 characters.',
  address_too_long: 'Check the address: it is longer than 254 bytes.',
} as const

type EmailAddressReason = keyof typeof hints
export type EmailAddressResult =
  | { kind: 'ok'; normalised: string }
  | { kind: 'problem'; reason: EmailAddressReason; hint: string }
type Part = { kind: 'ok'; text: string } | { kind: 'problem'; reason: EmailAddressReason; hint: string }

/**
 * One spelling for every address that reaches one mailbox, and never one for two mailboxes:
 * - The domain is mapped by UTS 46, in A-labels and lower case; a trailing dot is dropped.
 * - The local part is lower-cased. RFC 5321 §2.4 lets a host tell `Jan` from `jan`; no provider in use does, and a no
 *   said as one of them must hold for the other.
 * - Dots and plus tags stay: whether they mean anything is known to the receiving host alone.
 * - SMTPUTF8 (RFC 6531) local parts stay as they are, in NFC. Quotes go when the text needs none.
 * - Doubled, leading and trailing dots in the local part pass, though RFC 5321 §4.1.2 wants quotes around them:
 *   Japanese carriers gave out such addresses for years, and a no from one must be storable.
 * Angle brackets and `mailto:` (RFC 6068, its header fields ignored) around the one address are taken off.
 */
export function normaliseEmailAddress(value: string): EmailAddressResult {
  const address = unwrap(value)
  if (address.kind === 'problem') return address
  const text = address.text
  if (text === '') return problem('empty')
  const suspect = characterProblem(text)
  if (suspect !== undefined) return suspect
  const at = text.lastIndexOf('@')
  if (at < 0) return problem('missing_at')

  const localPart = normaliseLocalPart(text.slice(0, at))
  if (localPart.kind === 'problem') return localPart
  const domain = normaliseDomain(text.slice(at + 1))
  if (domain.kind === 'problem') return domain
  if (Buffer.byteLength(localPart.text) > emailLocalPartBytesMax) return problem('local_part_too_long')
  const normalised = `${localPart.text}@${domain.text}`
  if (Buffer.byteLength(normalised) > emailAddressBytesMax) return problem('address_too_long')
  return { kind: 'ok', normalised }
}

function unwrap(value: string): Part {
  // Byte order marks and other invisible characters stick to the ends when an address is copied from a page.
  let text = value.replace(/^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu, '')
  if (text.startsWith('<') && text.endsWith('>')) text = text.slice(1, -1).trim()
  if (/^mailto:/i.test(text)) {
    try {
      text = decodeURIComponent(text.slice('mailto:'.length).replace(/\?.*$/s, ''))
    } catch {
      return problem('bad_percent_encoding')
    }
  }
  return { kind: 'ok', text: text.normalize('NFC') }
}

function characterProblem(text: string): EmailAddressResult | undefined {
  if (/\p{Cs}/u.test(text)) return problem('malformed_unicode')
  if (/\p{Cc}/u.test(text)) return problem('control_character')
  // Zero-width and bidirectional characters make two different addresses look alike.
  if (/\p{Cf}/u.test(text)) return problem('invisible_character')
  const unquoted = text.replace(/^"(?:[^"\\]|\\.)*"/u, '')
  if (/[<>]/.test(unquoted)) return problem('display_name')
  if (/[,;]/.test(unquoted)) return problem('several_addresses')
  return /\s/u.test(unquoted) ? problem('contains_space') : undefined
}

function normaliseLocalPart(text: string): Part {
  if (text === '') return problem('empty_local_part')
  const quoted = /^"((?:[^"\\]|\\.)*)"$/u.exec(text)?.[1]
  if (quoted === undefined && text.includes('@') && !text.includes('"')) return problem('several_at')
  const plain = quoted === undefined ? text : quoted.replace(/\\(.)/gu, '$1')
  const folded = plain.toLowerCase().normalize('NFC')
  // atext of RFC 5322 §3.2.3 widened by RFC 6531 §3.3 to all that is not ASCII, and the dot.
  if (/^(?:[\w.!#$%&'*+\-/=?^`{|}~]|[^\p{ASCII}\p{Z}\p{C}])+$/u.test(folded)) return { kind: 'ok', text: folded }
  if (quoted === undefined) return problem('invalid_local_part')
  return { kind: 'ok', text: `"${folded.replace(/["\\]/g, '\\$&')}"` }
}

function normaliseDomain(text: string): Part {
  if (text === '') return problem('empty_domain')
  if (text.startsWith('[')) return normaliseDomainLiteral(text.toLowerCase())
  // domainToASCII reads a host as a URL does: it would decode percent sequences and end at a slash or a colon.
  if (/[^\w.\-\u0080-\u{10FFFF}]/u.test(text)) return problem('invalid_domain')
  // Also the full stops of CJK scripts count as dots (UTS 46 §4).
  if (/(?:^|[.\u3002\uFF0E\uFF61])[.\u3002\uFF0E\uFF61]/u.test(text)) return problem('empty_domain_label')
  const domain = domainToASCII(text).replace(/\.$/, '')
  if (domain === '') return problem('invalid_domain')
  const labels = domain.split('.')
  if (labels.includes('')) return problem('empty_domain_label')
  if (labels.length < 2) return problem('domain_without_dot')
  if (labels.some((label) => label.length > emailDomainLabelCharactersMax)) return problem('domain_label_too_long')
  if (domain.length > emailDomainCharactersMax) return problem('domain_too_long')
  // An underscore passes: DNS carries it and hosts with it send mail. An all-digit top label is an IP address
  // without its brackets (WHATWG URL §3.5), which domainToASCII has rewritten by now.
  const wellFormed = labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/.test(label))
  if (!wellFormed || /^\d+$/.test(labels.at(-1) ?? '')) return problem('invalid_domain')
  return { kind: 'ok', text: domain }
}

/** RFC 5321 §4.1.3. The IPv6 address is written in the one form of RFC 5952. */
function normaliseDomainLiteral(text: string): Part {
  const version4 = /^\[((?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!\])|(?=\]))){4})\]$/.exec(text)?.[1]
  if (version4 !== undefined) return { kind: 'ok', text: `[${version4.split('.').map(Number).join('.')}]` }
  const version6 = /^\[ipv6:([0-9a-f:.]+)\]$/.exec(text)?.[1]
  if (version6 === undefined || !URL.canParse(`http://[${version6}]/`)) return problem('invalid_domain_literal')
  return { kind: 'ok', text: `[ipv6:${new URL(`http://[${version6}]/`).hostname.slice(1, -1)}]` }
}

function problem(reason: EmailAddressReason): { kind: 'problem'; reason: EmailAddressReason; hint: string } {
  return { kind: 'problem', reason, hint: hints[reason] }
}
