import { assertNever } from './assert-never.ts'
import { normaliseEmailAddress } from './email-address.ts'
import { countryOfPhoneNumber, normalisePhoneNumber } from './phone-number.ts'
import { isPlainEmail } from './plain-email.ts'
import { normalisePostalAddress } from './postal-address.ts'

export type ContactPointType = 'email' | 'phone' | 'post' | 'push' | 'customer'
export const contactPointTypes: readonly ContactPointType[] = ['email', 'phone', 'post', 'push', 'customer']

/** Characters of input read at all: four times the longest address of any type, so that no parser sees a flood. */
export const contactPointCharactersMax = 1024
/** A push token of today has 64 to 200 characters; their makers promise no upper bound, hence the room. */
export const pushTokenCharactersMax = 512
/** Longer than any customer number seen, and short enough for an index. */
export const customerNumberCharactersMax = 128

declare const brand: unique symbol
/** One address of one type in its one spelling. Only `normaliseContactPoint` makes one. */
export type ContactPoint = { readonly type: ContactPointType; readonly normalised: string } & {
  readonly [brand]: true
}

export type ContactPointProblem = {
  kind: 'invalid_contact_point'
  type: ContactPointType
  /** For machines, in snake case, stable: `missing_at`. */
  reason: string
  /** For people: one sentence that says what to do. It never repeats the value. */
  hint: string
}

type Result = { kind: 'ok'; normalised: string } | { kind: 'problem'; reason: string; hint: string }

/**
 * Reads an address as people and systems write it into the one spelling that its key is made of. The same address
 * gives the same spelling everywhere, and a spelling gives itself. Never throws.
 * `country` (ISO 3166-1 alpha-2, the brand's) is where a phone number or postal address that names no country lies.
 */
export function normaliseContactPoint(
  input: { type: ContactPointType; value: string },
  options: { country?: string } = {},
): { kind: 'ok'; contactPoint: ContactPoint } | ContactPointProblem {
  const { type, value } = input
  const result: Result =
    type === 'email' && isPlainEmail(value)
      ? { kind: 'ok', normalised: value }
      : value.length > contactPointCharactersMax
        ? problem('too_long', 'Give the address alone: this is longer than any address.')
        : normaliseValue(type, value, options.country)
  if (result.kind === 'problem')
    return { kind: 'invalid_contact_point', type, reason: result.reason, hint: result.hint }
  // The one place where the brand is put on.
  return { kind: 'ok', contactPoint: { type, normalised: result.normalised } as ContactPoint }
}

/**
 * The country whose rules a contact point points to, only where it is certain: of a phone number by its calling code
 * (`countryOfPhoneNumber` says when), of a postal address by its key.
 */
export function countryOfContactPoint(contactPoint: ContactPoint): string | undefined {
  switch (contactPoint.type) {
    case 'phone':
      return countryOfPhoneNumber(contactPoint.normalised)
    case 'post':
      return contactPoint.normalised.slice(0, 2)
    case 'email':
    case 'push':
    case 'customer':
      return undefined
    default:
      return assertNever(contactPoint.type)
  }
}

function normaliseValue(type: ContactPointType, value: string, country: string | undefined): Result {
  switch (type) {
    case 'email':
      return normaliseEmailAddress(value)
    case 'phone':
      return normalisePhoneNumber(value, country)
    case 'post':
      return normalisePostalAddress(value, country)
    case 'push':
      return normalisePushToken(value)
    case 'customer':
      return normaliseCustomerNumber(value)
    default:
      return assertNever(type)
  }
}

/** Push tokens are opaque and told apart by case. */
function normalisePushToken(value: string): Result {
  const token = value.trim()
  if (token === '') return problem('empty', 'Give a push token.')
  if (!/^[\x21-\x7E]+$/.test(token)) {
    return problem(
      'invalid_character',
      'Give the push token as the device gave it: letters, digits and signs, no spaces.',
    )
  }
  if (token.length > pushTokenCharactersMax) return problem('too_long', 'Check the push token: it is too long.')
  return { kind: 'ok', normalised: token }
}

/** Customer numbers are the controller's own: kept as they are, case and leading zeros included. */
function normaliseCustomerNumber(value: string): Result {
  const number = value.normalize('NFC').trim()
  if (number === '') return problem('empty', 'Give a customer number.')
  if (/[\p{Cc}\p{Cs}]/u.test(number))
    return problem('control_character', 'Remove control characters from the customer number.')
  if (number.length > customerNumberCharactersMax) {
    return problem('too_long', 'Check the customer number: it is longer than 128 characters.')
  }
  return { kind: 'ok', normalised: number }
}

function problem(reason: string, hint: string): Result {
  return { kind: 'problem', reason, hint }
}
