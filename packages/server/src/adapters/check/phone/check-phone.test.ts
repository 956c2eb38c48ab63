import { describe, expect, it } from 'vitest'
import { broken, contextOf } from '../testing/context.ts'
import { checkPhone } from './check-phone.ts'

const scripts = {
  nl: 'Goedemiddag, u spreekt met An van Acme. Ik bel u met een aanbod voor stroom. U mag altijd zeggen dat u geen reclame meer wilt, op geen enkele manier. Wilt u dat ik dat nu voor u noteer?',
  fr: "Bonjour, Anne de chez Acme. Je vous appelle pour une offre. Vous pouvez à tout moment refuser toute publicité, par quelque moyen que ce soit. Voulez-vous que je l'enregistre maintenant ?",
  de: 'Guten Tag, hier ist Anna von Acme. Ich habe ein Angebot für Sie. Sie können jederzeit jede Werbung ablehnen, auf allen Wegen. Soll ich das jetzt für Sie eintragen?',
  en: "Good afternoon, Ann from Acme here. I'm calling about an offer. You can say no to all our advertising at any time, in any form. Shall I note that for you now?",
} as const

const check = (script: string, changes: Parameters<typeof contextOf>[0] = {}) =>
  broken(checkPhone(contextOf({ country: 'LU', ...changes }), script))

describe('the script of a call', () => {
  it('is right in each language, and in that language only', () => {
    for (const [language, script] of Object.entries(scripts)) {
      expect(check(script), language).toEqual([])
      expect(check(script, { language }), language).toEqual([])
    }
    expect(check(scripts.de, { language: 'fr' })).toEqual(['phone-purpose', 'phone-right'])
  })

  it('offers the right to refuse', () => {
    expect(check('Hallo, met Acme. Ik bel u over een aanbod. Hebt u even tijd?')).toEqual(['phone-right'])
    expect(check('Bonjour, ici Acme, pour une offre. Vous pouvez payer plus tard.')).toEqual(['phone-right'])
  })

  it('offers it in words of its own', () => {
    for (const said of [
      'Ik bel om u onze tuinset voor te stellen. Wilt u liever niet meer door ons gebeld worden, zeg het gerust.',
      'Je vous appelle pour une offre. Si vous ne souhaitez plus être appelé, dites-le-moi et je le note.',
      'Ich habe ein Angebot. Wenn Sie keine Anrufe mehr möchten, sagen Sie es mir einfach.',
      "I'm calling about our offer. If you'd rather not get calls from us, tell me and I'll note it.",
    ]) {
      expect(check(`Acme. ${said}`), said).toEqual([])
    }
  })

  it('says for whom and what for, at the beginning', () => {
    expect(check(scripts.nl.replace('Acme', 'ons'))).toEqual(['phone-identity'])
    expect(check(scripts.nl.replace(' Ik bel u met een aanbod voor stroom.', ''))).toEqual(['phone-purpose'])
    expect(check(`${'Hoe gaat het met u vandaag? '.repeat(30)}${scripts.nl}`)).toEqual(['phone-early'])
  })

  it('says of a register what holds in the country', () => {
    const belgian = `${scripts.nl} Wilt u helemaal niet gebeld worden, schrijf u dan in op de Bel-me-niet-meer-lijst.`
    expect(check(belgian, { country: 'BE' })).toEqual([])
    expect(check(scripts.nl, { country: 'BE' })).toEqual(['phone-register'])
    expect(check(scripts.nl, { country: 'NL' })).toEqual([])
    expect(check(`${scripts.nl} Of gebruik het Bel-me-niet-register.`, { country: 'NL' })).toEqual(['phone-register'])
  })
})
