/**
 * Seven lines of forty characters fit on an envelope. Reading takes more than linear time, and this limit keeps the
 * worst text under some ten milliseconds.
 */
export const postalAddressCharactersMax = 300

const hints = {
  empty: 'Give a postal address.',
  too_long: 'Give the address alone: this is longer than an envelope can hold.',
  malformed_key: 'Give the address as text, or the key exactly as it was given out.',
  no_country: 'Give the country, as the last line or beside the address.',
  country_not_supported: 'Store the refusal under the customer number: addresses of this country are not read yet.',
  no_postcode: 'Add the postcode.',
  no_street: 'Add the street.',
  no_house_number: 'Add the house number.',
} as const

type PostalAddressReason = keyof typeof hints
export type PostalAddressResult =
  | { kind: 'ok'; normalised: string }
  | { kind: 'problem'; reason: PostalAddressReason; hint: string }

/** How a postcode looks in lower case. The Dutch one never begins with 0 nor ends in sa, sd or ss (PostNL). */
const postcodePatterns: Readonly<Record<string, string>> = {
  AT: '[1-9]\\d{3}',
  BE: '[1-9]\\d{3}',
  CH: '[1-9]\\d{3}',
  DE: '\\d{5}',
  DK: '\\d{4}',
  ES: '\\d{5}',
  FR: '\\d{5}',
  IT: '\\d{5}',
  LU: '\\d{4}',
  NL: '[1-9]\\d{3} ?(?!s[ads]\\b)[a-z]{2}',
}
/** What people write in front of a postcode when they write to another country: B-9000. */
const postcodePrefixes = new Map<string, string>([
  ...Object.keys(postcodePatterns).map((country): [string, string] => [country.toLowerCase(), country]),
  ...Object.entries({ a: 'AT', b: 'BE', d: 'DE', f: 'FR', i: 'IT', l: 'LU' }),
])
/** Names of countries as the folded text has them, a hyphen for a space. */
const countryNames = readNames({
  AT: 'austria osterreich oostenrijk autriche',
  BE: 'belgium belgie belgique belgien',
  CH: 'switzerland schweiz suisse zwitserland',
  DE: 'germany deutschland duitsland allemagne',
  DK: 'denmark danmark denemarken danemark',
  ES: 'spain espana spanje espagne',
  FR: 'france frankrijk frankreich',
  IT: 'italy italia italie italien',
  LU: 'luxembourg luxemburg grand-duche-de-luxembourg',
  NL: 'nederland netherlands the-netherlands pays-bas niederlande holland',
})
/** Belgian and Swiss places after which `3665 As` or `9840 De Pinte` would look like a Dutch postcode. */
const townBeginnings = new Set(['as', 'au', 'de', 'gy', 'la', 'le', 'my', 'on', 'st'])
const frenchStreetKinds =
  /^(?:rue|r|avenue|av|ave|boulevard|bd|bld|blvd|chaussee|place|pl|square|sq|impasse|allee|chemin|route|rte|quai|clos|cours|drève|dreve|montee|sentier|voie)$/
const box = /[\s/-]*\b(?:bus|bte|boite|box|appartement|appt?|apt|b(?=\s?\d))\s*([a-z0-9][a-z0-9 .-]*)$/
const houseNumberMark = /\b(?:nr|no|n°|nummer|huisnummer|numero)(?:\s|(?=\d))/g

type Located = { country: string; postcode: string; before: string[]; after: string[] }
type House = { street: string; number: string; box: string }

/**
 * The key of a postal address: `NL|1234AB|12|a` (postcode, number, addition: in the Netherlands they need no street),
 * elsewhere `BE|9000|kerkstraat|12|3` (postcode, folded street, number, box). It stands for a household, not for a
 * person: a letter is refused with no more than an address, as the Dutch Code Postfilter asks for addressed mail, and
 * names are never part of the key. The town is left out, as its names vary (Brussel, Bruxelles) and its postcode does not.
 *
 * The text may be one line or many, with or without commas. The country comes from its end (`België`), from the
 * postcode (`B-9000`, `1234 AB`), else from `country`. A text that gives no certain postcode and number is a problem,
 * never a guess at another household.
 */
export function normalisePostalAddress(value: string, country?: string): PostalAddressResult {
  if (value.length > postalAddressCharactersMax) return problem('too_long')
  if (value.includes('|')) return checkKey(value.trim())
  const segments = fold(value)
    .split(/[\n,;]+/)
    .map((segment) => segment.trim())
    .filter((segment) => segment !== '')
  if (segments.length === 0) return problem('empty')
  const named = takeCountryName(segments)
  const located = locate(segments, named, country?.toUpperCase())
  if (located.kind === 'problem') return located
  return located.country === 'NL' ? dutchKey(located) : streetKey(located)
}

function checkKey(key: string): PostalAddressResult {
  const [country = '', postcode = '', ...rest] = key.split('|')
  const pattern = Object.hasOwn(postcodePatterns, country) ? postcodePatterns[country] : undefined
  const postcodeFits = pattern !== undefined && new RegExp(`^(?:${pattern})$`).test(postcode.toLowerCase())
  if (!postcodeFits || postcode !== postcode.toUpperCase().replace(' ', '')) return problem('malformed_key')
  const [street = '', number = '', addition = ''] = country === 'NL' ? ['', ...rest] : rest
  const sizeFits = rest.length === (country === 'NL' ? 1 : 2) + (addition === '' ? 0 : 1)
  const streetFits =
    country === 'NL' || (/^[\p{L}\p{N}]+$/u.test(street) && foldStreet(fold(street), country) === street)
  const numberFits = /^\d{1,5}(?:-\d{1,5})?(?:[a-z]{1,2}|bis|ter|quater)?$/.test(number)
  const fits = sizeFits && streetFits && numberFits && /^[a-z0-9]*$/.test(addition)
  return fits ? { kind: 'ok', normalised: key } : problem('malformed_key')
}

/** Accents dropped, lower case, one kind of space, no dots or quotes: what two people write differently. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}|\p{Cf}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\p{Pd}/gu, '-')
    .replace(/[^\p{L}\p{N}\n,;/°-]+/gu, ' ')
}

function takeCountryName(segments: string[]): string | undefined {
  const last = segments.at(-1) ?? ''
  const whole = countryNames.get(last.replaceAll(' ', '-')) ?? (last.length === 2 ? countryOfCode(last) : undefined)
  if (whole !== undefined && segments.length > 1) {
    segments.pop()
    return whole
  }
  // In one line without commas the name is the last word: `Kerkstraat 12 9000 Gent België`.
  const parts = /^(.*\d.*\s)([a-z]{5,})$/.exec(last)
  const name = parts?.[2] === undefined ? undefined : countryNames.get(parts[2])
  // Luxembourg is a town too: only its own line or L-1234 makes it the country.
  if (parts?.[1] === undefined || name === undefined || name === 'LU') return undefined
  segments[segments.length - 1] = parts[1].trim()
  return name
}

function readNames(names: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(names).flatMap(([country, list]) => list.split(' ').map((name) => [name, country])))
}

function countryOfCode(code: string): string | undefined {
  return Object.hasOwn(postcodePatterns, code.toUpperCase()) ? code.toUpperCase() : undefined
}

function locate(
  segments: string[],
  named: string | undefined,
  assumed: string | undefined,
): ({ kind: 'ok' } & Located) | { kind: 'problem'; reason: PostalAddressReason; hint: string } {
  const prefixed = named === undefined ? findPrefixed(segments) : undefined
  if (prefixed !== undefined) return { kind: 'ok', ...prefixed }
  if (named === undefined && assumed !== 'NL') {
    const dutch = find(segments, 'NL')
    if (dutch !== undefined && !(assumed !== undefined && townBeginnings.has(dutch.postcode.slice(4).toLowerCase()))) {
      return { kind: 'ok', ...dutch }
    }
  }
  const country = named ?? assumed
  if (country === undefined) return problem('no_country')
  if (!Object.hasOwn(postcodePatterns, country)) return problem('country_not_supported')
  const found = find(segments, country)
  return found === undefined ? problem('no_postcode') : { kind: 'ok', ...found }
}

function findPrefixed(segments: readonly string[]): Located | undefined {
  for (const text of segments) {
    const prefix = /(?:^|\s)([a-z]{1,2})\s?-\s?\d{4}/.exec(text)?.[1] ?? /(?:^|\s)(nl) ?\d{4}/.exec(text)?.[1]
    const country = prefix === undefined ? undefined : postcodePrefixes.get(prefix)
    const found = country === undefined ? undefined : find(segments, country)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * The last postcode that begins a segment wins (`9000 Gent`), else the last one of all: house numbers come earlier,
 * and a house number that begins a segment (`1200 chaussée de Mons`) comes before the town.
 */
function find(segments: readonly string[], country: string): Located | undefined {
  const codes = Array.from(postcodePrefixes)
    .filter(([, owner]) => owner === country)
    .map(([code]) => code)
    .join('|')
  // Without its hyphen a prefix counts at the start alone: in `Kerkstraat 12 B 9000 Gent` the B is the house's.
  const prefix = `(?:(?:${codes})\\s?-\\s?|^(?:${codes})\\s?)?`
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}/-])${prefix}(${postcodePatterns[country]})(?![\\p{L}\\p{N}/-])`, 'gu')
  const found = segments.flatMap((text, index) =>
    Array.from(text.matchAll(pattern), (match) => ({ index, text, match, leads: match.index === 0 })),
  )
  const best = found.filter((candidate) => candidate.leads).at(-1) ?? found.at(-1)
  if (best === undefined) return undefined
  const before = best.text.slice(0, best.match.index).trim()
  const after = best.text.slice(best.match.index + best.match[0].length).trim()
  return {
    country,
    postcode: (best.match[1] ?? '').replace(' ', '').toUpperCase(),
    before: [...segments.slice(0, best.index), before].filter((text) => text !== ''),
    after: [after, ...segments.slice(best.index + 1)].filter((text) => text !== ''),
  }
}

function dutchKey(located: Located): PostalAddressResult {
  const lines = [...join(located.before).toReversed(), ...located.after]
  for (const line of lines) {
    // The first number after the street's name is the house; a year in the name (Plein 1944 12) is followed by another.
    const text = line.replace(houseNumberMark, ' ')
    const parts =
      /^(?:.*?[a-z][\s-](?:(?:19|20)\d\d\s+(?=\d)|40\s?-?\s?45\s+(?=\d))?)?(\d{1,5})(?!\d|e\b|ste\b|de\b)[\s/-]*([a-z0-9 /-]*)$/.exec(
        text,
      )
    if (parts?.[1] === undefined) continue
    const addition = (parts[2] ?? '').replace(/\b(?:bus|box|toevoeging|toev)\b/g, '').replace(/[^a-z0-9]/g, '')
    if (addition.length > 12) continue
    return writeKey(['NL', located.postcode, String(Number(parts[1])), addition])
  }
  return problem('no_house_number')
}

function streetKey(located: Located): PostalAddressResult {
  const lines = [...join(located.before).toReversed(), ...join(located.after)]
  for (const line of lines) {
    const house = readHouse(line)
    const street = house === undefined ? '' : foldStreet(house.street, located.country)
    if (house !== undefined && street !== '')
      return writeKey([located.country, located.postcode, street, house.number, house.box])
  }
  return problem(lines.some((line) => /\d/.test(line)) ? 'no_street' : 'no_house_number')
}

/** Puts a number or a box that stands between commas back beside its street: `Kerkstraat, 12, bus 3`, `12, rue X`. */
function join(segments: readonly string[]): string[] {
  const lines: string[] = []
  for (const segment of segments) {
    const previous = lines.at(-1)
    const kind = segment.split(/[\s-]/)[0] ?? ''
    const numberWaits = previous !== undefined && /^\d{1,5} ?(?:[a-z]|bis|ter|quater)?$/.test(previous)
    const belongs = /^(?:(?:nr|no|n°)?\s?\d{1,5} ?[a-z]?|(?:bus|bte|boite|box|appartement|appt?|apt)\b.*)$/.test(
      segment,
    )
    if (numberWaits && frenchStreetKinds.test(kind)) lines[lines.length - 1] = `${previous} ${segment}`
    else if (previous !== undefined && belongs) lines[lines.length - 1] = `${previous} ${segment}`
    else lines.push(segment)
  }
  return lines
}

function readHouse(line: string): House | undefined {
  const text = line.replace(houseNumberMark, ' ').replace(/\s+/g, ' ').trim()
  const boxed = box.exec(text)
  const rest = boxed === null ? text : text.slice(0, boxed.index).trim()
  const boxText = boxed?.[1] ?? ''
  // Two numbers: the second is a box, unless the first is a year in the street's name (Plein 1940 5).
  const pair = /^(.*\p{L}.*?)\s(?!(?:18|19|20)\d\d\s)(\d{1,5})([a-z]{0,2})\s(\d{1,4})$/u.exec(rest)
  if (boxed === null && pair !== null) return makeHouse(pair[1], pair[2], pair[3], pair[4])
  // French order, also where the street's name ends in a number (12 rue du 11 novembre 1918).
  const first = /^(\d{1,5}(?:\s?-\s?\d{1,5})?)\s?(bis|ter|quater|[a-z](?=\s))?\s?(\p{L}.*)$/u.exec(rest)
  const kind = first?.[3]?.split(/[\s-]/)[0] ?? ''
  const last =
    /^(.*\p{L}.*?)[\s-]+(\d{1,5}(?:\s?-\s?\d{1,5})?)\s?-?(bis|ter|quater|[a-z]{1,2})?(?:\s?\/\s?([a-z0-9]+))?$/u.exec(
      rest,
    )
  if (last !== null && !frenchStreetKinds.test(kind)) {
    return makeHouse(last[1], last[2], last[3], boxText || last[4])
  }
  return first === null ? undefined : makeHouse(first[3], first[1], first[2], boxText)
}

function makeHouse(street = '', number = '', suffix = '', boxText = ''): House {
  const digits = number.split('-').map((part) => String(Number(part)))
  return { street, number: digits.join('-') + suffix, box: boxText.replace(/[^a-z0-9]/g, '').replace(/^0+(?=\d)/, '') }
}

/** One spelling of a street. Words run together, as `Sint-Jansstraat`, `Sint Jansstraat` and `St.-Jansstr.` are one. */
export function foldStreet(text: string, country: string): string {
  const ending = country === 'BE' ? 'straat' : 'strasse'
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const joined = words.map((word, index) => (words.length > 1 ? foldWord(word, index === 0) : word)).join('')
  return joined
    .replace(/^(?:sint|saint)(?=\p{L}{3})/u, 'st')
    .replace(/^sainte(?=\p{L}{3})/u, 'ste')
    .replace(/(?<=\p{L}{2})(?:straat|strasse|str)$/u, ending)
    .replace(/(?<=\p{L}{2})(?:stwg|stw|stnwg|stg)$/u, 'steenweg')
    .replace(/(?<=\p{L}{3})ln$/u, 'laan')
}

function foldWord(word: string, isFirst: boolean): string {
  if (/^(?:sint|saint)$/.test(word)) return 'st'
  if (word === 'sainte') return 'ste'
  if (!isFirst) return word
  if (word === 'r') return 'rue'
  if (/^ave?$/.test(word)) return 'avenue'
  if (/^(?:bd|bld|blvd|boul)$/.test(word)) return 'boulevard'
  if (/^(?:chee|chauss)$/.test(word)) return 'chaussee'
  if (word === 'pl') return 'place'
  if (word === 'sq') return 'square'
  if (word === 'imp') return 'impasse'
  return word === 'rte' ? 'route' : word
}

function writeKey(parts: readonly string[]): PostalAddressResult {
  const normalised = parts.filter((part) => part !== '').join('|')
  return normalised.length > postalAddressCharactersMax ? problem('too_long') : { kind: 'ok', normalised }
}

function problem(reason: PostalAddressReason): { kind: 'problem'; reason: PostalAddressReason; hint: string } {
  return { kind: 'problem', reason, hint: hints[reason] }
}
