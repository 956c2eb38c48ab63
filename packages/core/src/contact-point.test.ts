import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ContactPointType,
  contactPointCharactersMax,
  contactPointTypes,
  countryOfContactPoint,
  normaliseContactPoint,
} from './contact-point.ts'

type Case = {
  name: string
  source: string
  input: { type: ContactPointType; value: string; country?: string }
  expect: { normalised: string } | { problem: string }
}
const file = new URL('../../../conformance/normalisation.json', import.meta.url)
const { cases }: { cases: Case[] } = JSON.parse(readFileSync(file, 'utf8'))

function outcome(type: ContactPointType, value: string, country?: string) {
  const result = normaliseContactPoint({ type, value }, { country })
  return result.kind === 'ok' ? { normalised: result.contactPoint.normalised } : { problem: result.reason }
}

function countryOf(type: ContactPointType, value: string) {
  const result = normaliseContactPoint({ type, value })
  return result.kind === 'ok' ? countryOfContactPoint(result.contactPoint) : result.reason
}

describe('conformance/normalisation.json', () => {
  it.each(cases)('$name ($source)', ({ input, expect: expected }) => {
    expect(outcome(input.type, input.value, input.country)).toEqual(expected)
  })

  it('has a name of its own for every case', () => {
    expect(new Set(cases.map((item) => item.name)).size).toBe(cases.length)
  })
})

describe('normaliseContactPoint on anything', () => {
  const type = fc.constantFrom(...contactPointTypes)
  const country = fc.constantFrom(undefined, 'BE', 'NL', 'FR', 'DE', 'LU', 'IT', 'US', 'RU', 'GG', 'KZ', 'ZZ', 'be', '')
  // Strings near the grammar find more than noise: pieces of real addresses, glued in any order.
  const pieces = cases.flatMap((item) => item.input.value.split(/(?<=[^\p{L}\p{N}])/u))
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(fc.constantFrom(...pieces, '+', '(0)', '@', '.', ' ', '"', '\\', '|', '\n', '/'), { maxLength: 12 })
      .map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom('', '+', '00', '0', '+32', '+49', '+39', '+7', '+375'), fc.stringMatching(/^\d{3,15}$/))
      .map((parts) => parts.join('')),
    fc.constantFrom(...cases.map((item) => item.input.value)),
  )

  it('never throws, and what it makes is its own normal form, with and without a country', () => {
    fc.assert(
      fc.property(type, value, country, country, (ofType, text, first, second) => {
        const once = normaliseContactPoint({ type: ofType, value: text }, { country: first })
        if (once.kind !== 'ok') return
        const { normalised } = once.contactPoint
        expect(outcome(ofType, normalised, first)).toEqual({ normalised })
        expect(outcome(ofType, normalised, second)).toEqual({ normalised })
      }),
      { numRuns: 5000 },
    )
  })

  it('refuses with a machine reason and a sentence that does not repeat the value', () => {
    fc.assert(
      fc.property(type, value, (ofType, text) => {
        const result = normaliseContactPoint({ type: ofType, value: text })
        if (result.kind === 'ok') return
        const repeated = text.length > 12 && result.hint.includes(text)
        expect(repeated).toBe(false)
        expect(result.reason).toMatch(/^[a-z0-9_]+$/)
        expect(result.hint).toMatch(/^[A-Z][^\n]+\.$/)
      }),
    )
  })

  it('reads no more than its limit, and quickly whatever it is given', () => {
    const floods = ['1 ', 'a ', 'a1 ', '"\\', '@.', '(0)', '1234 ab ', 'bus ', '1 a,', '- ', '\n', 'é', '1-', '<', '+']
    const startedAt = performance.now()
    for (const flood of floods) {
      const text = flood.repeat(contactPointCharactersMax).slice(0, contactPointCharactersMax)
      for (const ofType of contactPointTypes) {
        for (const country of ['BE', 'NL']) normaliseContactPoint({ type: ofType, value: text }, { country })
        expect(outcome(ofType, `${text}1`)).toEqual({ problem: 'too_long' })
      }
    }
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})

describe('countryOfContactPoint', () => {
  it('knows a phone number by a calling code of one country', () => {
    expect(countryOf('phone', '+32475123456')).toBe('BE')
    expect(countryOf('phone', '+352621123456')).toBe('LU')
  })

  it('reads all of +44 as GB', () => {
    expect(countryOf('phone', '+441481960194')).toBe('GB')
  })

  it('does not guess where countries share a calling code, or where none owns it', () => {
    expect(countryOf('phone', '+12125550123')).toBeUndefined()
    expect(countryOf('phone', '+79123456789')).toBeUndefined()
    expect(countryOf('phone', '+80012345678')).toBeUndefined()
  })

  it('knows a postal address by its key and nothing of the other types', () => {
    expect(countryOf('post', 'Dorpsstraat 12, 1234 AB Utrecht')).toBe('NL')
    expect(countryOf('email', 'jan@voorbeeld.be')).toBeUndefined()
    expect(countryOf('push', 'token')).toBeUndefined()
    expect(countryOf('customer', 'BE1')).toBeUndefined()
  })
})
