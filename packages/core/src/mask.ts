import { assertNever } from './assert-never.ts'
import type { ContactPointType } from './contact-point.ts'
import { callingCodeOf } from './phone-number.ts'

/** Always as many, so that the length of what is hidden does not show. */
const dots = '•••'
/** National numbers shorter than this show no digit: first and last two would be nearly all of it. */
const maskedPhoneDigitsMin = 7

/**
 * What a page may show of a contact point to someone who holds no more than a link: enough for its owner to know it
 * again, too little for a stranger to use. Never more than the first and the last character of a part, and one of
 * them only when the part is short.
 */
export function maskContactPoint(contactPoint: { type: ContactPointType; normalised: string }): string {
  const { type, normalised } = contactPoint
  switch (type) {
    case 'email':
      return maskEmailAddress(normalised)
    case 'phone':
      return maskPhoneNumber(normalised)
    case 'post':
      return [...normalised.split('|').slice(0, 2), dots].join(' ')
    case 'customer':
      return maskText(normalised)
    case 'push':
      return dots
    default:
      return assertNever(type)
  }
}

function maskEmailAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const localPart = address.slice(0, at)
  const domain = address.slice(at + 1)
  const lastDot = domain.lastIndexOf('.')
  const maskedDomain = domain.startsWith('[')
    ? `[${dots}]`
    : `${maskText(domain.slice(0, lastDot))}${domain.slice(lastDot)}`
  return `${localPart.startsWith('"') ? dots : maskText(localPart)}@${maskedDomain}`
}

function maskPhoneNumber(number: string): string {
  const callingCode = callingCodeOf(number.slice(1)) ?? ''
  const national = number.slice(1 + callingCode.length)
  if (national.length < maskedPhoneDigitsMin) return `+${callingCode} •• •• ••`
  return `+${callingCode} ${national[0]}•• •• •• ${national.slice(-2)}`
}

function maskText(text: string): string {
  // Segments as people see them, so that no accent or half a character stands alone.
  const characters = Array.from(new Intl.Segmenter('en').segment(text), (part) => part.segment)
  if (characters.length < 2) return dots
  const last = characters.length < 4 ? '' : (characters.at(-1) ?? '')
  return `${characters[0]}${dots}${last}`
}
