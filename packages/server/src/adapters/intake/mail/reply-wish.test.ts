import { describe, expect, it } from 'vitest'
import { ownWords } from './reply-text.ts'
import { replyWish } from './reply-wish.ts'

const wish = (text: string, subject = 'Re: Our offers of this week') => replyWish(text, subject)

describe('a reply that clearly asks to stop', () => {
  it.each([
    ['nl', 'STOP'],
    ['nl', 'Stop aub.'],
    ['nl', 'uitschrijven'],
    ['nl', 'Gelieve mij uit te schrijven uit uw nieuwsbrief. Dank u.'],
    ['nl', 'Beste, schrijf mij aub uit. Groeten, Jan'],
    ['nl', 'Stuur me geen reclame meer!'],
    ['nl', 'Ik wens geen mails meer te ontvangen van uw firma.'],
    ['nl', 'Kunt u mij van de mailinglijst halen?'],
    ['nl', 'Haal me van jullie lijst'],
    ['nl', 'Geen nieuwsbrieven meer aub'],
    ['nl', 'Ik maak bezwaar tegen het gebruik van mijn gegevens voor direct marketing.'],
    ['nl', 'Ik heb al eens gevraagd om te stoppen. Meld mij nu af.'],
    ['fr', 'Désabonnez-moi svp'],
    ['fr', 'Désinscription'],
    ['fr', 'Bonjour, veuillez me désinscrire de votre liste. Merci'],
    ['fr', 'Je ne souhaite plus recevoir vos mails.'],
    ['fr', 'Merci de ne plus m’envoyer de publicité.'],
    ['fr', 'Arrêtez de m’envoyer ces mails !'],
    ['fr', 'Pourriez-vous retirer mon adresse de votre liste de diffusion ?'],
    ['fr', 'Plus de pub'],
    ['fr', "Je m'oppose à l'utilisation de mes données à des fins de prospection."],
    ['de', 'Bitte abmelden'],
    ['de', 'Abmeldung vom Newsletter bitte'],
    ['de', 'Bitte nehmen Sie mich aus Ihrem Verteiler.'],
    ['de', 'Ich möchte keine Werbung mehr erhalten.'],
    ['de', 'Schicken Sie mir keine E-Mails mehr!'],
    ['de', 'Hiermit widerspreche ich der Nutzung meiner Daten für Werbung.'],
    ['de', 'Können Sie mich bitte abmelden?'],
    ['en', 'Unsubscribe'],
    ['en', 'Please unsubscribe me from your newsletter, thank you'],
    ['en', 'Take me off your list.'],
    ['en', 'Could you please remove my email address from your mailing list?'],
    ['en', 'Stop sending me these emails'],
    ['en', 'I don’t want to receive these emails.'],
    ['en', 'No more emails please'],
    ['en', 'Do not contact me again.'],
    ['en', 'How do I get off this? Please remove me from your list.'],
    ['en', 'I object to the use of my address for marketing.'],
  ])('in %s: %s', (_, text) => {
    expect(wish(text)).toBe('clear')
  })

  it('says it in a new subject over an empty mail', () => {
    expect(wish('', 'Unsubscribe')).toBe('clear')
    expect(wish('', 'STOP')).toBe('clear')
    expect(wish('-- \nJan Peeters\nAcme', 'uitschrijven aub')).toBe('clear')
  })

  it('says it above its signature, its disclaimer and the message it answers', () => {
    const text = `Uitschrijven aub

Met vriendelijke groet,
Jan Peeters
Wij verwerken uw bestelling nooit zonder factuur

Op ma 2 nov 2026 om 09:12 schreef Acme <news@acme.example>:
> Wilt u minder mails? Alleen dan ...`
    expect(wish(text)).toBe('clear')
  })
})

describe('a reply that a human has to read', () => {
  it.each([
    'Hoe kan ik mij uitschrijven?',
    'How do I unsubscribe?',
    'Comment me désabonner ?',
    'Wie kann ich mich abmelden?',
    'Please do not unsubscribe me, I like it.',
    'Schrijf mij niet uit, ik wil alleen minder mails.',
    'Stop the daily mails, but keep sending the monthly one. Stop sending me these emails.',
    'Please stop my order 4711.',
    'If I do not get my refund, remove me from your list.',
    'I have unsubscribed three times by now.',
    'Is this spam?',
    'Ich habe mich schon abgemeldet.',
    'Ik wil mijn rechten onder de AVG uitoefenen.',
    'Unsubscribe my wife, not me: she is jane@example.org and was asked only once',
    'Je voudrais recevoir moins de mails, ou alors désabonnez-moi.',
  ])('%s', (text) => {
    expect(wish(text)).toBe('unclear')
  })

  it('is unclear when it says no in a letter about many things', () => {
    expect(wish(`${'The weather was fine. '.repeat(80)}Please unsubscribe me from your list.`)).toBe('unclear')
  })
})

describe('a reply that asks for nothing of the kind', () => {
  it.each([
    'Where is my order 4711?',
    'Is the shop near the bus stop open on Sunday?',
    'We had a non-stop flight, thanks for the offer.',
    'Waar is de bushalte? Kan ik zonder stopcontact laden?',
    'My coffee machine stopped working, can you help?',
    'I will stop by on Monday.',
    'Thank you, lovely!',
    'Merci pour votre offre, je passe demain.',
    'Vielen Dank, ich komme am Montag.',
    '',
  ])('%s', (text) => {
    expect(wish(text)).toBe('none')
  })

  it('does not take the words of the campaign for those of its reader', () => {
    const quoted = `Thanks, see you then!

-----Original Message-----
From: Acme <news@acme.example>
Sent: Monday
To: Jan
Subject: STOP paying too much

Unsubscribe me from this list`
    expect(wish(quoted)).toBe('none')
    expect(wish('Nice!\n> unsubscribe me from this list\n> stop')).toBe('none')
    expect(wish('Nice!', 'Re: STOP paying too much')).toBe('none')
  })
})

describe('the words of a reply', () => {
  it('are kept between the lines they answer', () => {
    expect(ownWords('On Monday, Acme wrote:\n> Do you like it?\nNo.\n> Shall we stop?\nYes, please.')).toBe(
      'No.\nYes, please.',
    )
  })

  it('end where the quoted message begins, however its program says so', () => {
    for (const opening of [
      'Op ma 2 nov 2026 om 09:12 schreef Acme <news@acme.example>:',
      'Le lun. 2 nov. 2026 à 09:12, Acme <news@acme.example> a écrit :',
      'Am Mo., 2. Nov. 2026 um 09:12 Uhr schrieb Acme <news@acme.example>:',
      'On Mon, 2 Nov 2026 at 09:12, Acme\n<news@acme.example> wrote:',
      '-----Ursprüngliche Nachricht-----',
      '________________________________\nVan: Acme',
      'Von: Acme\nGesendet: Montag\nAn: Jan\nBetreff: Angebote',
    ]) {
      expect(ownWords(`Stop\n\n${opening}\n\nText of the campaign`)).toBe('Stop')
    }
  })

  it('leave out what phones and companies add', () => {
    expect(ownWords('Stop\n\nVerstuurd vanaf mijn iPhone')).toBe('Stop')
    expect(ownWords('Stop\n\nThis e-mail and its attachments are confidential. To unsubscribe, click')).toBe('Stop')
    expect(ownWords('Stop\n\n-- \nJan\n0470 00 00 00')).toBe('Stop')
    expect(ownWords('Envoyé de mon iPhone')).toBe('')
  })
})
