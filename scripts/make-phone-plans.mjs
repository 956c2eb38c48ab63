// Writes packages/core/src/phone-plans.ts from the metadata of the development dependency libphonenumber-js.
// Run it after that dependency moves: node scripts/make-phone-plans.mjs (--check only compares and fails when they differ).
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const metadata = require('libphonenumber-js/metadata.min.json')
const { version } = require('libphonenumber-js/package.json')
const target = new URL('../packages/core/src/phone-plans.ts', import.meta.url)

// Positions in one row of libphonenumber-js metadata version 4 (source/metadata.js).
if (metadata.version !== 4) throw new Error(`libphonenumber-js metadata version ${metadata.version} is not known here`)
const [callingCodeAt, internationalPrefixAt, patternAt, lengthsAt, trunkPrefixAt, trunkParsingAt] = [0, 1, 2, 3, 5, 7]

// Trunk prefixes that a plan accepts beside its main one, where the metadata writes them as plain alternatives.
const trunkAlternatives = { '[08]': ['0', '8'], '0|80?': ['80', '8', '0'] }

function planOf(row) {
  const callingCode = row[callingCodeAt]
  const lengths = row[lengthsAt]
  const trunkPrefixes = trunkAlternatives[row[trunkParsingAt]] ?? (row[trunkPrefixAt] ? [row[trunkPrefixAt]] : [])
  const pattern = row[patternAt]
  const keepsZero = beginsWith(pattern, '0')
  // The pattern is kept only where lengths do not decide: a number with its calling code but no + before it may be as
  // long as a whole national number, or a national number may begin with the digits of a trunk prefix.
  const overlaps = (prefix) => lengths.some((length) => lengths.includes(length + prefix.length))
  const ambiguous =
    overlaps(callingCode) || trunkPrefixes.some((prefix) => overlaps(prefix) && beginsWith(pattern, prefix))
  return {
    callingCode,
    lengths,
    trunkPrefixes,
    internationalPrefix: row[internationalPrefixAt] || '',
    keepsZero,
    pattern: ambiguous ? pattern : '',
  }
}

/** Whether a number of the pattern can begin with these digits: tried on a fixed sample, since a pattern cannot be asked. */
function beginsWith(pattern, digits) {
  const whole = new RegExp(`^(?:${pattern})$`)
  let state = 20260801
  for (let round = 0; round < 60_000; round += 1) {
    const length = 4 + (round % 14)
    let number = digits
    while (number.length < length) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      number += String(Math.floor((state / 2 ** 32) * 10))
    }
    if (whole.test(number)) return true
  }
  return false
}

function ranges(lengths) {
  const parts = []
  for (const length of lengths) {
    const last = parts.at(-1)
    if (last && last[1] === length - 1) last[1] = length
    else parts.push([length, length])
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}

const quoted = (text) => `'${text.replaceAll('\\', '\\\\')}'`

function rowOf(name, row) {
  const plan = planOf(row)
  const fields = [
    plan.callingCode,
    ranges(plan.lengths),
    plan.trunkPrefixes.join(','),
    plan.internationalPrefix,
    plan.keepsZero ? '0' : '',
    plan.pattern,
  ]
  while (fields.at(-1) === '') fields.pop()
  return `  ${name}: [${fields.map(quoted).join(', ')}],`
}

const countries = Object.keys(metadata.countries).toSorted()
const shared = Object.entries(metadata.country_calling_codes).filter(([, names]) => names.length > 1)
const text = `// Made by scripts/make-phone-plans.mjs from the metadata of libphonenumber-js ${version}; do not edit by hand.
// docs/decisions/001-phone-numbers.md says why this table is here. A row holds, in this order, left out when empty:
// calling code, lengths of a national number, trunk prefixes, pattern of the international prefix,
// '0' when a national number may itself begin with 0 (Italy), and, only where the lengths do not decide
// whether a prefix was written, the pattern of a national number.
export type PhonePlanRow = readonly [string, string, string?, string?, string?, string?]

/** By ISO 3166-1 alpha-2 country (and XK, AC, TA, which have plans of their own). */
export const phonePlanRows: Readonly<Record<string, PhonePlanRow>> = {
${countries.map((country) => rowOf(country, metadata.countries[country])).join('\n')}
}

/** Calling codes that belong to no country: freephone, satellite, international networks. */
export const worldPhonePlanRows: readonly PhonePlanRow[] = [
${Object.keys(metadata.nonGeographic)
  .toSorted()
  .map((code) => rowOf('', metadata.nonGeographic[code]).replace('  : ', '  '))
  .join('\n')}
]

/** Countries that share one calling code, the one whose plan leads first. */
export const sharedCallingCodes: Readonly<Record<string, readonly string[]>> = {
${shared.map(([code, names]) => `  '${code}': [${names.map(quoted).join(', ')}],`).join('\n')}
}
`

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error(
      'packages/core/src/phone-plans.ts is not what the metadata gives: run node scripts/make-phone-plans.mjs',
    )
    process.exit(1)
  }
} else writeFileSync(target, text)
