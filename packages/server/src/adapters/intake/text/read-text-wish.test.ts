import { describe, expect, it } from 'vitest'
import { readTextWish } from './read-text-wish.ts'

const reader = {
  senders: ['Acme', 'Acme NV'],
  topics: [
    { id: 'news', names: ['News', 'Nieuws', 'Actualités', 'Neuigkeiten'] },
    { id: 'offers', names: ['Offers', 'Aanbiedingen', 'Offres', 'Angebote'] },
  ],
}

function read(text: string): string {
  const wish = readTextWish(text, reader)
  return wish.kind === 'stop' && wish.scope !== 'everything' ? `stop:${wish.scope.topic}` : wish.kind
}

describe('reading one text', () => {
  it('takes a topic by id or by name in any language, with a slip', () => {
    expect(read('STOP NIEUWS')).toBe('stop:news')
    expect(read('stop neuigkeiten')).toBe('stop:news')
    expect(read('stop aanbiedngen')).toBe('stop:offers')
    expect(read('STOP WEDSTRIJD')).toBe('stop')
    expect(read('STOP NIEUWS EN AANBIEDINGEN')).toBe('unclear')
  })

  it('hears all advertising in a word that names a topic as well, where a sentence means all of it', () => {
    expect(read('Stop harassing me with offers')).toBe('stop')
    expect(read('Plus besoin de vos offres, arrêtez les messages')).toBe('stop')
    expect(read('Keine Angebote mehr, nur die Neuigkeiten')).toBe('unclear')
    expect(read('liever geen aanbiedingen, het nieuws wel')).not.toBe('stop')
  })

  it('has a human read STOP with words that say something else', () => {
    expect(read('stop lol jk')).toBe('unclear')
    expect(read('STOP pour l’instant')).toBe('unclear')
  })

  it('takes a topic that the brand has not for all of it (RULE SMS-3)', () => {
    for (const text of ['STOP WEEKEND', 'STOP MAGAZINE', 'STOP CATALOGUE', 'STOP EVENTS', 'stop black friday'])
      expect([text, read(text)]).toEqual([text, 'stop'])
  })

  it('hears a keyword that is set apart from what stands beside it, unless that makes it something else', () => {
    for (const no of [
      'STOP - Meadow Vets duty phone',
      '🛑🛑 merci',
      'Se désabonner',
      'Stop, sinon je signale au 33700',
      'abmelden, hab die schuhe ja jetzt',
      'Ik ben de nieuwe eigenaar van dit nummer. Afmelden aub.',
    ])
      expect([no, read(no)]).toEqual([no, 'stop'])
    for (const other of [
      'STOP? wat gebeurt er dan',
      'Remove the stop button from the app',
      'merci 👎',
      'Stop, nicht 3 sondern 4 Pizzen!',
      'Stopp, ich meinte Größe M nicht L',
      'Stop! oh nee toch niet',
    ])
      expect([other, read(other)]).not.toEqual([other, 'stop'])
  })

  it('hears a few plain words, and not those of somebody who got nothing', () => {
    for (const no of ['Keine SMS!', 'pas de pub svp', 'Geen reclame']) expect([no, read(no)]).toEqual([no, 'stop'])
    for (const none of ['keine Mail bekommen', 'geen mail ontvangen'])
      expect([none, read(none)]).not.toEqual([none, 'stop'])
  })

  it('knows no topic where the brand has none', () => {
    expect(readTextWish('STOP NIEUWS')).toEqual({ kind: 'stop', scope: 'everything' })
  })

  it('does not hear our own words that a phone sends back with a reaction', () => {
    expect(read('Liked “Acme: 20% off. Stop? Text STOP to 8850”')).toBe('none')
    expect(read('Vond “Acme: 20%. Stop? Sms STOP of ac.example/c/1234512345” leuk')).toBe('none')
    expect(read('👍 to “Sale! Reply STOP to end”')).toBe('none')
    expect(read('Gefällt mir: „Angebot! STOPP zum Abmelden“')).toBe('none')
    expect(read('Acme: 20%. Stop? Sms STOP of ac.example/c/1234512345 - STOP')).not.toBe('none')
  })

  it('knows a word by its look, and an answer with two letters swapped', () => {
    expect(read('ЅТОР')).toBe('stop')
    expect(read('стоп')).toBe('stop')
    expect(read('startt')).toBe('start')
    expect(read('satrt aub')).toBe('start')
    expect(read('HLEP')).toBe('help')
    expect(read('smart')).not.toBe('start')
    expect(read('tarts')).not.toBe('start')
  })

  it('reads any text in a moment, however long or strange', () => {
    const started = performance.now()
    for (const text of [
      'stop '.repeat(5_000),
      's'.repeat(50_000),
      'a b '.repeat(9_000),
      '\u0301'.repeat(9_000),
      '🛑'.repeat(5_000),
    ])
      expect(readTextWish(text, reader).kind).toMatch(/stop|unclear|unknown|none/)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
