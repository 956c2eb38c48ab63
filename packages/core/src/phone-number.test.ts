import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js'
import metadata from 'libphonenumber-js/metadata.min.json' with { type: 'json' }
import { describe, expect, it } from 'vitest'
import { normalisePhoneNumber } from './phone-number.ts'
import { phonePlanRows } from './phone-plans.ts'

/** A number of the country's plan, written in one of the ways that people and systems write. */
function writtenNumber(country: CountryCode) {
  const row = metadata.countries[country]
  const callingCode = String(row?.[0])
  const trunkPrefix = String(row?.[5] || '')
  const plan = new RegExp(`^(?:${row?.[2]})$`)
  // Numbers dialled only from nearby (310 xxxx in Canada) have no E.164 form that reaches them.
  const lengths = new Set<unknown>(Array.isArray(row?.[3]) ? row[3] : [])
  const ways = [
    (number: string) => `+${callingCode}${number}`,
    (number: string) => `+${callingCode}${trunkPrefix}${number}`,
    (number: string) => `tel:+${callingCode}${number}`,
    (number: string) => trunkPrefix + number,
    (number: string) => callingCode + number,
    (number: string) => (country === 'US' ? '011' : '00') + callingCode + number,
    (number: string) => (trunkPrefix === '0' ? `+${callingCode}(0)${number}` : number),
  ]
  return fc
    .tuple(
      fc.stringMatching(plan).filter((number) => lengths.has(number.length)),
      fc.constantFrom(...ways),
      fc.array(fc.constantFrom('', '', '', ' ', '-', '.', '/', '\u00A0')),
    )
    .map(([number, way, noise]) => withNoise(way(number), noise))
}

function withNoise(text: string, noise: string[]): string {
  return Array.from(text, (sign, index) => (/\d/.test(sign) ? sign + (noise[index] ?? '') : sign)).join('')
}

const countries: CountryCode[] = ['BE', 'NL', 'FR', 'DE', 'LU', 'GB', 'IT', 'US', 'ES']

describe('normalisePhoneNumber against libphonenumber', () => {
  it.each(countries)('gives the same E.164 for every possible number of %s, however it is written', (country) => {
    let compared = 0
    fc.assert(
      fc.property(writtenNumber(country), (text) => {
        const oracle = parsePhoneNumberFromString(text, country)
        if (oracle === undefined || !oracle.isPossible()) return
        compared += 1
        expect(normalisePhoneNumber(text, country)).toEqual({ kind: 'ok', normalised: oracle.number })
      }),
      { numRuns: 400 },
    )
    expect(compared).toBeGreaterThan(300)
  })
})

describe('phone-plans.ts', () => {
  it('is what the script makes of the installed metadata', () => {
    const script = new URL('../../../scripts/make-phone-plans.mjs', import.meta.url)
    const run = spawnSync(process.execPath, [script.pathname, '--check'], { encoding: 'utf8' })
    expect(run.stderr).toBe('')
    expect(run.status).toBe(0)
  }, 30_000)

  it('has a plan for every country of the metadata', () => {
    expect(Object.keys(phonePlanRows)).toEqual(Object.keys(metadata.countries).toSorted())
  })
})

describe('normalisePhoneNumber on names that are not countries', () => {
  it('does not read a property of every object as a country', () => {
    expect(normalisePhoneNumber('0475123456', 'constructor')).toMatchObject({ reason: 'unknown_country' })
    expect(normalisePhoneNumber('0475123456', '__PROTO__')).toMatchObject({ reason: 'unknown_country' })
  })
})

describe('normalisePhoneNumber where countries share a calling code', () => {
  it('reads a national number of the smaller country in its own plan and in that of the leading one', () => {
    expect(normalisePhoneNumber('01481 960194', 'GG')).toEqual(normalisePhoneNumber('+44 1481 960194'))
    expect(normalisePhoneNumber('8 (701) 234-56-78', 'KZ')).toEqual({ kind: 'ok', normalised: '+77012345678' })
    expect(normalisePhoneNumber('(506) 234-5678', 'CA')).toEqual({ kind: 'ok', normalised: '+15062345678' })
  })

  it('refuses a number that can only be dialled from nearby', () => {
    expect(normalisePhoneNumber('310 1234', 'CA')).toMatchObject({ reason: 'too_short' })
  })
})
