import { describe, expect, it } from 'vitest'
import { type ColumnField, columnFields, findColumn } from './column-guess.ts'
import { chooseColumns, describeColumns } from './relation-columns.ts'

function choose(header: string[], named: Partial<Record<ColumnField, string[]>> = {}) {
  return chooseColumns(header, named, columnFields)
}

describe('choosing columns', () => {
  it.each([
    [
      ['Klantnummer', 'Naam', 'E-mailadres', 'GSM', 'Taal'],
      { externalId: [0], name: [1], email: [2], phone: [3], language: [4] },
    ],
    [
      ['N° client', 'Nom', 'Courriel', 'Téléphone', 'Langue'],
      { externalId: [0], name: [1], email: [2], phone: [3], language: [4] },
    ],
    [
      ['Kundennummer', 'Name', 'E-Mail-Adresse', 'Handy', 'Land'],
      { externalId: [0], name: [1], email: [2], phone: [3], country: [4] },
    ],
    [
      ['customer_id', 'Full name', 'Email address', 'Mobile phone'],
      { externalId: [0], name: [1], email: [2], phone: [3] },
    ],
  ])('guesses %j', (header, columns) => {
    expect(choose(header)).toEqual({ kind: 'ok', columns })
  })

  it('takes every address column, since a person has more than one', () => {
    expect(choose(['E-mail', 'E-mail 2', 'GSM (privé)', 'Tel'])).toEqual({
      kind: 'ok',
      columns: { email: [0, 1], phone: [2, 3] },
    })
  })

  it('does not choose between two columns that could both be the one', () => {
    expect(choose(['id', 'klantnummer', 'email'])).toEqual({
      kind: 'ambiguous',
      field: 'externalId',
      titles: ['id', 'klantnummer'],
    })
    expect(choose(['id', 'klantnummer', 'email'], { externalId: ['klantnummer'] })).toEqual({
      kind: 'ok',
      columns: { externalId: [1], email: [2] },
    })
  })

  it('finds a column by its title in any case, then by its number from 1', () => {
    expect(findColumn(['Mail', '1'], ' mail ')).toBe(0)
    expect(findColumn(['Mail', '1'], '1')).toBe(1)
    expect(findColumn(['Mail', 'Naam'], '2')).toBe(1)
    expect(findColumn(['Mail', 'Naam'], '3')).toBeUndefined()
  })

  it('names the column that is not there', () => {
    expect(choose(['a'], { email: ['b'] })).toEqual({ kind: 'unknown_column', field: 'email', wanted: 'b' })
  })

  it('says what it will read as what', () => {
    expect(describeColumns(['nr', 'mail', 'sinds'], { externalId: [0], email: [1], customerSince: [2] })).toBe(
      'external-id from "nr"; email from "mail"; customer-since from "sinds"',
    )
  })
})
