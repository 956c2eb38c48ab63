import { describe, expect, it } from 'vitest'
import { texts } from './testing/texts.ts'
import { channelList, dayForInput, dayInWords, momentInWords, sentenceCase } from './wording.ts'

const lateAt = new Date('2026-11-30T23:30:00Z')

describe('dates', () => {
  it('are those of the reader’s time zone, in the reader’s language', () => {
    expect(dayInWords(lateAt, 'nl', 'Europe/Brussels')).toBe('1 december 2026')
    expect(dayInWords(lateAt, 'fr', 'Europe/Brussels')).toBe('1er décembre 2026')
    expect(dayInWords(lateAt, 'de', 'Europe/Brussels')).toBe('1. Dezember 2026')
    expect(dayInWords(lateAt, 'en', 'America/New_York')).toBe('30 November 2026')
  })
  it('carry the time where the moment matters', () => {
    expect(momentInWords(lateAt, 'nl', 'Europe/Brussels')).toBe('1 december 2026 om 00:30')
  })
  it('fill a date input with the same day', () => {
    expect(dayForInput(lateAt, 'Europe/Brussels')).toBe('2026-12-01')
    expect(dayForInput(lateAt, 'America/New_York')).toBe('2026-11-30')
  })
})

describe('channels', () => {
  it('are listed as each language lists', () => {
    const listed = (language: 'nl' | 'fr' | 'de' | 'en') =>
      sentenceCase(channelList(['email', 'sms', 'phone', 'post'], texts.for(language), language), language)
    expect(listed('nl')).toBe('E-mail, sms, telefoon en post')
    expect(listed('fr')).toBe('E-mail, SMS, téléphone et courrier')
    expect(listed('de')).toBe('E-Mail, SMS, Telefon und Post')
    expect(listed('en')).toBe('E-mail, text, phone and post')
  })
})
