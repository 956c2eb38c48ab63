import { describe, expect, it } from 'vitest'
import { isCourtesyAlone } from './courtesies.ts'
import { likelihoodOf } from './likelihood.ts'
import { sentencesOf } from './sentences.ts'
import { weighed } from './weighed.ts'

const signless = { saysNo: false, isTurned: false, plain: [] }

describe('weighing what signs read', () => {
  it('hears a no in words no phrase knows', () => {
    for (const no of [
      'Schluss mit dem Newsletter-Gedöns in meinem Postfach!',
      "j'aimerais que vous cessiez de m'inonder de promotions",
      'hou gewoon eens op met al die mailtjes van jullie',
      'kindly take my address off whatever list this comes from',
    ])
      expect([no, weighed(signless, no, 'mail')]).toEqual([no, 'clear'])
  })

  it('has a human read a no of phrases that its other words make none', () => {
    const letter = 'Hallo, is de blauwe trui nog op voorraad in maat M? En hoe laat gaan jullie open? Groetjes, Els'
    expect(weighed({ saysNo: true, isTurned: false, plain: [] }, letter, 'mail')).toBe('unclear')
  })

  it('passes nothing over for the ordinary sentences around it', () => {
    const ordinary = 'Hallo, is de blauwe trui nog op voorraad in maat M? Hoe laat gaan jullie zaterdag open?'
    expect(weighed(signless, ordinary, 'mail')).toBe('none')
    const mixed = `${ordinary} En stuur mij a.u.b. geen reclame meer. Mijn bestelling is gisteren geleverd, dank u wel.`
    expect(weighed(signless, mixed, 'mail')).not.toBe('none')
  })

  it('leaves to a human what is in a language it never met', () => {
    for (const no of [
      'No quiero recibir más correos suyos, por favor bórrenme de la lista',
      'Non desidero più ricevere le vostre comunicazioni',
      'Proszę nie wysyłać mi więcej reklam',
      'Lütfen bana artık reklam göndermeyin',
      'Não quero mais receber os vossos emails',
      'Te rog nu îmi mai trimite reclame',
      'Déjenme en paz de una vez',
      'lopeta',
    ])
      expect([no, weighed(signless, no, 'mail')]).not.toEqual([no, 'none'])
  })

  it('says nothing of an empty message, and nothing of a letter of many words', () => {
    expect(likelihoodOf(' … ', 'text')).toBeUndefined()
    expect(likelihoodOf('geen mails meer '.repeat(60), 'mail')).toBeUndefined()
    expect(weighed(signless, 'geen mails meer '.repeat(60), 'mail')).toBe('unclear')
  })

  it('hears one sentence beside those that complain, and none beside those that do not', () => {
    const said = 'Ich bekomme einfach zu viele Mails von euch. Bitte meldet mich ab.'
    expect(weighed({ saysNo: false, isTurned: false, plain: sentencesOf(said) }, said, 'mail')).toBe('clear')
    expect(weighed(signless, said, 'mail')).not.toBe('none')
  })
})

describe('a courtesy', () => {
  it('is nothing to read, alone or with others', () => {
    for (const text of ['Danke!', 'Ok, merci beaucoup', 'Hallo', 'Graag gedaan', 'Thank you so much 😊', 'Dank u wel'])
      expect([text, isCourtesyAlone(text)]).toEqual([text, true])
  })

  it('is none where it asks, refuses or says more', () => {
    for (const text of ['Nee bedankt', 'Graag', 'Non merci', 'Thanks, stop', 'Ok geen mails', '👎', '', '123'])
      expect([text, isCourtesyAlone(text)]).toEqual([text, false])
  })
})
