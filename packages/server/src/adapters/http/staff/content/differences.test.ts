import { describe, expect, it } from 'vitest'
import { differencesOf } from './differences.ts'

describe('what differs between two versions', () => {
  it('is named by where it lies, with what stood and what stands', () => {
    const before = { nl: { stopAll: 'Stop', code: 'Code' }, fr: { stopAll: 'Arrêter' } }
    const after = { nl: { stopAll: 'Geen reclame meer', code: 'Code' }, de: { stopAll: 'Schluss' } }
    expect(differencesOf(before, after)).toEqual([
      { name: 'nl · stopAll', before: 'Stop', after: 'Geen reclame meer' },
      { name: 'fr · stopAll', before: 'Arrêter' },
      { name: 'de · stopAll', after: 'Schluss' },
    ])
  })
  it('is everything for what was not there', () => {
    expect(differencesOf(null, { name: 'Acme', settings: {} })).toEqual([{ name: 'name', after: 'Acme' }])
  })
  it('is nothing for the same', () => {
    expect(differencesOf({ a: [1, true] }, { a: [1, true] })).toEqual([])
  })
  it('is cut where it is long', () => {
    expect(differencesOf({}, { words: 'x'.repeat(1_000) })[0]?.after).toHaveLength(300)
  })
})
