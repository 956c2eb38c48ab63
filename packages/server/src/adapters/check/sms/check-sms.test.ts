import { describe, expect, it } from 'vitest'
import { broken, code, contextOf, hubUrl, page } from '../testing/context.ts'
import { checkSms } from './check-sms.ts'
import { smsLength } from './sms-length.ts'

const plain = code.replace('-', '')
const short = `${hubUrl}/c/${code}`.replace('https://', '')

function check(text: string, sender?: string, changes: Parameters<typeof contextOf>[0] = {}) {
  return broken(
    checkSms(contextOf({ hubUrl: 'https://ac.example', codes, ...changes }), text, { sender, isAdvertising: true }),
  )
}
const codes = new Map(
  [...contextOf().codes].map(([name, link]) => [
    name,
    { ...link, claims: { ...link.claims, channel: 'sms' as const } },
  ]),
)
const link = `ac.example/c/${plain}`

describe('the length of a text', () => {
  it('is counted in GSM-7, with its extension table', () => {
    expect(smsLength('a'.repeat(160))).toEqual({ alphabet: 'gsm', segments: 1, beyondGsm: [] })
    expect(smsLength('a'.repeat(161)).segments).toBe(2)
    expect(smsLength('a'.repeat(306)).segments).toBe(2)
    expect(smsLength('a'.repeat(307)).segments).toBe(3)
    expect(smsLength(`€${'a'.repeat(158)}`).segments).toBe(1)
    expect(smsLength(`€${'a'.repeat(159)}`).segments).toBe(2)
    expect(smsLength('àéèùìòäöüñßæøåÄÖÜÑÇ¿¡@£$¥§').alphabet).toBe('gsm')
  })

  it('never cuts a sign of two places in half', () => {
    expect(smsLength(`${'a'.repeat(152)}€${'a'.repeat(152)}`).segments).toBe(3)
    expect(smsLength(`${'ê'.repeat(66)}😀${'ê'.repeat(66)}`).segments).toBe(3)
  })

  it('is counted in UCS-2 where one sign asks for it', () => {
    expect(smsLength(`ê${'a'.repeat(69)}`)).toEqual({ alphabet: 'ucs2', segments: 1, beyondGsm: ['ê'] })
    expect(smsLength(`ê${'a'.repeat(70)}`).segments).toBe(2)
    expect(smsLength('😀'.repeat(35)).segments).toBe(1)
    expect(smsLength('😀'.repeat(36)).segments).toBe(2)
  })
})

describe('a text that says stop', () => {
  it('tells how to stop, as brands write it', () => {
    for (const words of [
      'STOP naar 8850',
      'Stop? 8850',
      'STOP au 36123',
      'STOP SMS 36123',
      'Pour arreter : envoyez STOP au 36123',
      'Naar 8850: STOP',
      'Afmelden? Antwoord met UIT',
      'STOP per sms',
    ]) {
      expect(check(`Acme: 20%. ${words}`, '+32470123456'), words).toEqual([])
    }
  })

  it('tells nothing of it in a slogan or among other words', () => {
    for (const words of [
      'Stop met zoeken! Bel 09 123 45 67',
      'Stop met wachten, bel 09 123 45 67',
      'Non-stop 20% korting! Bel 09 123 45 67',
      'Haal alles uit uw tuin, bel 09 123 45 67',
      'Fin de série, appelez le 09 123 45 67',
      'Stop looking, text us your size',
    ]) {
      expect(check(`Acme: ${words}`, '+32470123456'), words).toEqual(['sms-way-out'])
    }
  })

  it('may lead to a hub by its address with a port', () => {
    const local = 'http://localhost:8420'
    expect(check(`Acme: 20%. Stop? ${local}/c/${plain}`, 'Acme', { hubUrl: local })).not.toContain('sms-way-out')
  })
})

describe('a text that is right', () => {
  it('breaks no rule, in four languages', () => {
    expect(check(`Acme: 20% korting. Stop? Sms STOP naar 8850 of ${link}`, 'Acme')).toEqual([])
    expect(check(`Acme : -20%. Stop ? SMS STOP ou ${link}`, '+32470123456')).toEqual([])
    expect(check('Acme: 20% Rabatt. Stopp? SMS STOP an 8850', 'Acme')).toEqual([])
    expect(check(`20% off. Stop? ${link}`, 'ACME')).toEqual([])
  })
})

describe('the way out of a text', () => {
  it('is there', () => {
    expect(check('Acme: 20% korting deze week', '8850')).toEqual(['sms-way-out'])
    expect(check('Acme: 20% korting, ac.example/c', '8850')).toEqual(['sms-way-out'])
  })

  it('can be used: a sender of letters takes no answer', () => {
    const text = 'Acme: 20% korting. Stop? Antwoord STOP'
    expect(check(text, 'Acme')).toEqual(['sms-sender-receives'])
    expect(check(text, '8850')).toEqual([])
    const findings = checkSms(contextOf(), text, { sender: undefined, isAdvertising: true })
    expect(findings.map(({ rule }) => rule)).toContain('sms-sender-unknown')
  })

  it('leads to this hub, by a link that opens and is short', () => {
    expect(check('Acme: 20%. Stop? ac.example/c/1111111111')).toEqual(['link-opens'])
    expect(check(`Acme: 20%. Stop? http://ac.example/c/${plain}`)).toEqual(['https-only'])
    expect(check('Acme: 20%. Stop? t.example/stop')).toEqual(['link-foreign', 'link-of-this-hub'])
    expect(check(`Acme: 20%. Stop? ${page}`, '8850', { hubUrl })).toEqual(['link-channel', 'sms-link-length'])
    expect(check(`Acme: 20%. Stop? ${short}`, '8850', { hubUrl })).toEqual(['sms-link-length'])
  })
})

describe('the rest of a text', () => {
  it('names the brand, is short, and keeps to one alphabet', () => {
    expect(
      check(`20% korting. Stop? ${link}`, '8850', {
        brand: { id: 'x', number: 1, name: 'Bakker', controller: 'Bakker BV', country: 'NL', settings: {} },
      }),
    ).toEqual(['link-brand', 'sms-brand'])
    expect(check(`Acme: ${'korting '.repeat(60)} Stop? ${link}`)).toEqual(['sms-too-long'])
    expect(check(`Acme: vous êtes invité. Stop ? ${link}`)).toEqual(['sms-alphabet'])
    expect(check('Acme: 20%. Stop? {{optout_url}} of sms STOP naar 8850')).toEqual(['placeholder-filled'])
  })

  it('needs no way out when it is a service text', () => {
    const findings = checkSms(contextOf(), 'Uw pakje komt om 10 uur.', { sender: 'Acme', isAdvertising: false })
    expect(findings.map(({ rule }) => rule)).toEqual(['sms-length'])
  })
})
