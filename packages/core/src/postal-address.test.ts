import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalisePostalAddress } from './postal-address.ts'

function keyOf(value: string, country?: string): string {
  const result = normalisePostalAddress(value, country)
  return result.kind === 'ok' ? result.normalised : result.reason
}

describe('normalisePostalAddress', () => {
  const street = fc.constantFrom(
    'Kerkstraat',
    'Sint-Annastraat',
    'Grote Markt',
    'Rue de la Loi',
    'Astridlaan',
    "'t Zand",
  )
  const house = fc.tuple(
    street,
    fc.integer({ min: 1, max: 999 }),
    fc.integer({ min: 1, max: 99 }),
    fc.integer({ min: 1000, max: 9999 }),
  )

  it('gives one key to the ways in which one Belgian address is written', () => {
    fc.assert(
      fc.property(house, ([name, number, box, postcode]) => {
        const ways = [
          `${name} ${number} bus ${box}, ${postcode} Gent`,
          `${name} ${number}/${box}\n${postcode} GENT`,
          `${name}, ${number}, bte ${box}, B-${postcode} Gand`,
          `Jan Peeters\n${name.toUpperCase()} ${number} bus ${box}\n${postcode} Gent\nBelgium`,
          `${postcode} Gent, ${name} ${number} box ${box}`,
          `${name} nr. ${number} b${box} ${postcode} Gent`,
        ]
        expect(new Set(ways.map((way) => keyOf(way, 'BE'))).size).toBe(1)
        expect(keyOf(ways[0] ?? '', 'BE')).toMatch(new RegExp(`^BE\\|${postcode}\\|[a-z]+\\|${number}\\|${box}$`))
      }),
    )
  })

  it('gives two keys to two houses, two boxes and two postcodes', () => {
    fc.assert(
      fc.property(house, house, ([name, ...one], [, ...other]) => {
        const written = ([number, box, postcode]: number[]) =>
          keyOf(`${name} ${number} bus ${box}, ${postcode} Gent`, 'BE')
        expect(written(one) === written(other)).toBe(one.join() === other.join())
      }),
    )
  })

  it('folds what is shortened in a street', () => {
    const pairs = [
      ['av. Louise 54', 'Avenue Louise 54'],
      ['Bld. Leopold II 3', 'boulevard Léopold II 3'],
      ['Gentsestwg. 3', 'Gentse Steenweg 3'],
      ['Kon. Astridln. 3', 'Kon. Astridlaan 3'],
      ['St-Pietersstraat 3', 'Sint Pietersstraat 3'],
      ['r. Haute 3', 'Rue Haute 3'],
    ]
    for (const [short, long] of pairs) {
      expect(keyOf(`${short}, 1000 Brussel`, 'BE')).toBe(keyOf(`${long}, 1000 Brussel`, 'BE'))
    }
  })

  it('writes Dutch additions in one way', () => {
    for (const addition of ['12-a2', '12 A 2', '12 A-2', '12a2', '12/A2']) {
      expect(keyOf(`Dorpsstraat ${addition}, 1234 AB Utrecht`)).toBe('NL|1234AB|12|a2')
    }
  })

  it('reads a country written in its neighbours’ languages', () => {
    for (const name of ['België', 'Belgique', 'Belgien', 'BELGIUM', 'BE']) {
      expect(keyOf(`Kerkstraat 12\n9000 Gent\n${name}`, 'FR')).toBe('BE|9000|kerkstraat|12')
    }
  })

  it('takes the word of the address over the country of the brand', () => {
    expect(keyOf('Kerkstraat 12, 9000 Gent, Nederland', 'BE')).toBe('no_postcode')
    expect(keyOf('Hauptstr. 5, D-10115 Berlin', 'BE')).toBe('DE|10115|hauptstrasse|5')
  })

  it('makes no key that is longer than what it reads, also where folding makes a text longer', () => {
    expect(keyOf(`${'\uFDFA'.repeat(60)} 12, 9000 Gent`, 'BE')).toBe('too_long')
  })
})
