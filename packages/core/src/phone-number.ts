import { type PhonePlanRow, phonePlanRows, sharedCallingCodes, worldPhonePlanRows } from './phone-plans.ts'

const hints = {
  empty: 'Give a phone number.',
  unexpected_character: 'Write only the digits of the number, with a + before the country code if there is one.',
  has_extension: 'Leave the extension out and give the number alone.',
  no_country: 'Give the country, or write the number with + and the country code in front.',
  unknown_country: 'Give the country as two letters, such as BE.',
  unknown_calling_code: 'Check the country code that follows the +.',
  too_short: 'Check the number: digits are missing, or it is a short code that belongs to no person.',
  too_long: 'Check the number: it has more digits than a number of this country can have.',
  impossible_length: 'Check the number: no number of this country has this many digits.',
} as const

type PhoneNumberReason = keyof typeof hints
export type PhoneNumberResult =
  | { kind: 'ok'; normalised: string }
  | { kind: 'problem'; reason: PhoneNumberReason; hint: string }

type PhonePlan = {
  callingCode: string
  lengths: ReadonlySet<number>
  /** What may stand before a national number and is no part of it. */
  prefixes: readonly string[]
  internationalPrefix: RegExp | undefined
  pattern: RegExp | undefined
}

/**
 * The E.164 form of a phone number (`+32475123456`), the same whichever way it was written: with `+`, with the
 * international prefix of the country or 00, nationally, or as a `tel:` URI (RFC 3966).
 * Only the length is held against the numbering plan, never the range: operators open ranges faster than tables
 * follow, and a no from a new range must be storable. Every way of writing ends in one call of `international`,
 * so that normalising a normalised number gives that number.
 */
export function normalisePhoneNumber(value: string, country?: string): PhoneNumberResult {
  const cleaned = clean(value)
  if (cleaned === '') return problem('empty')
  // Extensions as RFC 3966 §5.3 writes them (;ext=) and as people do. A number behind a switchboard is not a
  // contact point of one person, and a key without the extension would silence a whole office.
  if (/(?:;ext=|ext\.?|extension|poste|toestel|durchwahl|apparat|x|#)[\s.:]*\d+$/i.test(cleaned)) {
    return problem('has_extension')
  }
  const compact = cleaned.replace(/[\s\p{Pd}\u2212./()~]/gu, '')
  const parts = /^(\+?)(\d+)$/.exec(compact)
  const digits = parts?.[2]
  if (parts === null || digits === undefined) return problem('unexpected_character')
  if (parts[1] === '+') return international(digits)

  if (country === undefined) return digits.startsWith('00') ? international(digits.slice(2)) : problem('no_country')
  const plan = planOfCountry(country.toUpperCase())
  if (plan === undefined) return problem('unknown_country')
  const prefix = plan.internationalPrefix?.exec(digits)?.[0]
  if (prefix !== undefined && digits[prefix.length] !== '0') {
    const abroad = international(digits.slice(prefix.length))
    if (abroad.kind === 'ok') return abroad
  }
  const home = national(digits, plan)
  // 00 is what ITU-T E.164 recommends everywhere, also written where the country itself dials 011 or 810.
  return home.kind === 'problem' && digits.startsWith('00') ? international(digits.slice(2)) : home
}

/**
 * The country of a normalised phone number, only where its calling code leaves no doubt. Shared codes (+1, +7, +61,
 * +590, …) give nothing. Of +44, Guernsey, Jersey and the Isle of Man cannot be told apart by a glance, and all
 * four follow the British rules for direct marketing closely enough to be read as GB.
 */
export function countryOfPhoneNumber(normalised: string): string | undefined {
  const callingCode = callingCodeOf(normalised.slice(1))
  if (callingCode === '44') return 'GB'
  const countries = callingCode === undefined ? [] : (countriesOfCallingCode.get(callingCode) ?? [])
  return countries.length === 1 ? countries[0] : undefined
}

/** The calling code that the digits of an international number begin with. No calling code begins another one. */
export function callingCodeOf(digits: string): string | undefined {
  return [1, 2, 3].map((length) => digits.slice(0, length)).find((code) => countriesOfCallingCode.has(code))
}

function clean(value: string): string {
  return (
    value
      // Full-width forms become plain ones, no-break spaces become spaces.
      .normalize('NFKC')
      // Address books copy numbers with bidirectional marks around them; among digits they carry nothing.
      .replace(/\p{Cf}/gu, '')
      .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
      .replace(/[\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
      .trim()
      .replace(/^tel:/i, '')
      .trim()
  )
}

function international(digits: string): PhoneNumberResult {
  const callingCode = callingCodeOf(digits)
  if (callingCode === undefined) return problem('unknown_calling_code')
  const plan = planOfCallingCode(callingCode)
  const number = withoutPrefix(digits.slice(callingCode.length), plan)
  return problemOfLength(number, plan) ?? { kind: 'ok', normalised: `+${callingCode}${number}` }
}

function national(digits: string, plan: PhonePlan): PhoneNumberResult {
  const number = withoutPrefix(digits, plan)
  // A number with its calling code but without the +, as text message gateways hand them over.
  if (digits.startsWith(plan.callingCode)) {
    const rest = withoutPrefix(digits.slice(plan.callingCode.length), plan)
    const restFits = plan.lengths.has(rest.length)
    const doubtful = plan.pattern !== undefined && !plan.pattern.test(number) && plan.pattern.test(rest)
    if (restFits && (doubtful || !plan.lengths.has(number.length))) return international(plan.callingCode + rest)
  }
  return problemOfLength(number, plan) ?? international(plan.callingCode + number)
}

/** Takes prefixes off until none is left, as `+32 (0)475 …` and `+32 0475 …` have one too many. */
function withoutPrefix(digits: string, plan: PhonePlan): string {
  for (const prefix of plan.prefixes) {
    if (!digits.startsWith(prefix)) continue
    const rest = digits.slice(prefix.length)
    if (!plan.lengths.has(rest.length)) continue
    if (plan.pattern?.test(digits) && !plan.pattern.test(rest)) continue
    // Where only lengths decide, a possible number that begins with 8 or 1 is left whole; none begins with 0.
    if (plan.pattern === undefined && prefix !== '0' && plan.lengths.has(digits.length)) continue
    return withoutPrefix(rest, plan)
  }
  return digits
}

function problemOfLength(number: string, plan: PhonePlan): PhoneNumberResult | undefined {
  if (plan.lengths.has(number.length)) return undefined
  if (number.length < Math.min(...plan.lengths)) return problem('too_short')
  return problem(number.length > Math.max(...plan.lengths) ? 'too_long' : 'impossible_length')
}

function problem(reason: PhoneNumberReason): PhoneNumberResult {
  return { kind: 'problem', reason, hint: hints[reason] }
}

const worldPlanRows = new Map(worldPhonePlanRows.map((row) => [row[0], row]))
const countriesOfCallingCode = readCountriesOfCallingCode()
const plans = new Map<string, PhonePlan>()

function readCountriesOfCallingCode(): ReadonlyMap<string, readonly string[]> {
  const countries = new Map<string, readonly string[]>(worldPhonePlanRows.map((row) => [row[0], []]))
  for (const [country, row] of Object.entries(phonePlanRows)) {
    countries.set(row[0], sharedCallingCodes[row[0]] ?? [country])
  }
  return countries
}

function planOfCountry(country: string): PhonePlan | undefined {
  const row = Object.hasOwn(phonePlanRows, country) ? phonePlanRows[country] : undefined
  return row === undefined ? undefined : remembered(country, () => readPlan(row))
}

/** The plan of the country that leads a shared code holds for the others too: none has longer numbers of its own. */
function planOfCallingCode(callingCode: string): PhonePlan {
  const leading = countriesOfCallingCode.get(callingCode)?.[0]
  const row = (leading === undefined ? undefined : phonePlanRows[leading]) ?? worldPlanRows.get(callingCode)
  return remembered(callingCode, () => readPlan(row ?? [callingCode, '']))
}

function remembered(name: string, read: () => PhonePlan): PhonePlan {
  const plan = plans.get(name) ?? read()
  plans.set(name, plan)
  return plan
}

function readPlan(row: PhonePlanRow): PhonePlan {
  const [callingCode, lengths, trunkPrefixes = '', internationalPrefix = '', keepsZero = '', pattern = ''] = row
  const prefixes = trunkPrefixes.split(',').filter((prefix) => prefix !== '')
  // A zero in front that the plan does not know is a habit from abroad (0621 123 456 for Luxembourg).
  if (keepsZero === '' && !prefixes.includes('0')) prefixes.push('0')
  return {
    callingCode,
    lengths: new Set(lengths.split(',').flatMap(readRange)),
    prefixes,
    internationalPrefix: internationalPrefix === '' ? undefined : new RegExp(`^(?:${internationalPrefix})`),
    pattern: pattern === '' ? undefined : new RegExp(`^(?:${pattern})$`),
  }
}

function readRange(text: string): number[] {
  const [from = 0, to = from] = text.split('-').map(Number)
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
