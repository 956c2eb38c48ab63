import { hashSecrets } from '@verzet/core'
import { describe, expect, it } from 'vitest'
import { type RelationReading, readRelationLine } from './relation-row.ts'

const secrets = hashSecrets(Buffer.alloc(32, 'pepper'))
const now = Date.UTC(2026, 10, 21)
const header = ['nr', 'naam', 'mail', 'gsm', 'straat', 'plaats', 'taal', 'land', 'optin', 'algemeen']
const columns = {
  externalId: [0],
  name: [1],
  email: [2],
  phone: [3],
  post: [4, 5],
  language: [6],
  country: [7],
  consentAt: [8],
  impersonal: [9],
}
const plain: RelationReading = { header, columns, country: 'BE', digests: new Map() }
const withConsent: RelationReading = {
  ...plain,
  consent: { channels: ['email', 'sms'], brand: 'acme', source: 'form' },
}

function line(cells: Partial<Record<(typeof header)[number], string>>): string[] {
  return header.map((title) => cells[title] ?? '')
}

describe('reading a line about a person', () => {
  it('reads every part in its one spelling', () => {
    const cells = {
      nr: ' K1 ',
      naam: 'Jan',
      mail: 'JAN@Voorbeeld.BE',
      gsm: '0470 12 34 56',
      straat: 'Kerkstraat 12',
      plaats: '9000 Gent',
      taal: 'Nederlands',
      land: 'België',
      algemeen: 'ja',
    }
    const { person, reasons } = readRelationLine(secrets, plain, line(cells), now)
    expect(reasons).toEqual([])
    expect(person?.relation).toMatchObject({ name: 'Jan', language: 'nl', country: 'BE' })
    expect(person?.relation?.keyed.contactPoint.normalised).toBe('K1')
    expect(person?.impersonal).toBe(true)
    expect(person?.contactPoints.map(({ contactPoint }) => contactPoint.normalised)).toEqual([
      'jan@voorbeeld.be',
      '+32470123456',
      'BE|9000|kerkstraat|12',
    ])
  })

  it('gives each contact point a consent for the named channels it serves', () => {
    const { person } = readRelationLine(
      secrets,
      withConsent,
      line({ mail: 'a@b.be', gsm: '0470123456', optin: '2024-05-01' }),
      now,
    )
    expect(person?.consents.map(({ scope, saidAt, source }) => [scope, saidAt, source])).toEqual([
      [{ brand: 'acme', channel: 'email' }, Date.UTC(2024, 4, 1), 'form'],
      [{ brand: 'acme', channel: 'sms' }, Date.UTC(2024, 4, 1), 'form'],
    ])
  })

  it('makes the same consent of the same words, and another of other words', () => {
    const idOf = (optin: string) =>
      readRelationLine(secrets, withConsent, line({ mail: 'a@b.be', optin }), now).person?.consents[0]?.id
    expect(idOf('2024-05-01')).toBe(idOf('1/5/2024'))
    expect(idOf('2024-05-01')).not.toBe(idOf('2024-05-02'))
  })

  it('leaves a consent without a date undated', () => {
    expect(readRelationLine(secrets, withConsent, line({ mail: 'a@b.be' }), now).person?.consents[0]?.saidAt).toBeNull()
  })

  it('leaves a consent undated whose date only stands for none', () => {
    const { person, reasons } = readRelationLine(secrets, withConsent, line({ mail: 'a@b.be', optin: '1/1/1970' }), now)
    expect(reasons).toEqual([])
    expect(person?.consents[0]?.saidAt).toBeNull()
  })

  it('takes a line whole or not at all, and names every reason', () => {
    const { person, reasons } = readRelationLine(
      secrets,
      withConsent,
      line({ mail: 'nobody', gsm: '12', taal: 'xyz', optin: '2099-01-01' }),
      now,
    )
    expect(person).toBeUndefined()
    expect(reasons.map((reason) => reason.split(':')[0])).toEqual(['taal', 'mail', 'gsm', 'optin'])
    expect(reasons.join()).not.toContain('nobody')
  })

  it('refuses a line about nobody', () => {
    expect(readRelationLine(secrets, plain, line({ naam: 'Jan' }), now).reasons).toEqual([
      'there is no customer number and no address or number in this line',
    ])
  })

  it('asks since when for a customer', () => {
    const reading: RelationReading = { ...plain, isCustomers: true }
    expect(readRelationLine(secrets, reading, line({ nr: 'K1' }), now).reasons).toHaveLength(1)
    const dated = readRelationLine(
      secrets,
      { ...reading, customerSince: Date.UTC(2020, 0, 2) },
      line({ nr: 'K1' }),
      now,
    )
    expect(dated.person?.relation?.customerSince).toBe('2020-01-02')
    const since = { ...reading, columns: { ...columns, customerSince: [8] } }
    expect(readRelationLine(secrets, since, line({ nr: 'K1', optin: '1900-01-01' }), now).reasons).toHaveLength(1)
  })
})
