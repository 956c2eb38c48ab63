import { describe, expect, it } from 'vitest'
import { delistFromRegister, listInRegister } from './register-listing.ts'
import { emptyStanding, type Standing } from './standing.ts'

const refused: Standing = {
  groups: [{ relation: null, items: [{ id: '1', kind: 'objection', scope: {}, at: 1 }] }],
  country: 'BE',
}

describe('a contact point that an outside list names', () => {
  it('is listed once, in one fixed order, whatever the order of the lists', () => {
    const one = listInRegister(listInRegister(emptyStanding, 'postfilter'), 'bloctel')
    const other = listInRegister(listInRegister(emptyStanding, 'bloctel'), 'postfilter')
    expect(one).toEqual(other)
    expect(one.listedIn).toEqual(['bloctel', 'postfilter'])
    expect(listInRegister(one, 'bloctel')).toBe(one)
  })

  it('leaves one list and stays on the other, and what was said stays as it is', () => {
    const both = listInRegister(listInRegister(refused, 'postfilter'), 'bloctel')
    expect(delistFromRegister(both, 'bloctel')).toEqual({ ...refused, listedIn: ['postfilter'] })
    expect(delistFromRegister(delistFromRegister(both, 'bloctel'), 'postfilter')).toEqual(refused)
  })

  it('is given back unchanged when the list did not name it', () => {
    expect(delistFromRegister(refused, 'bloctel')).toBe(refused)
  })
})
