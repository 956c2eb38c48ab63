import { describe, expect, it } from 'vitest'
import { ownWords } from './reply-text.ts'
import { readSigns, replyWish } from './reply-wish.ts'

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
    ['fr', "Merci d'arrêter vos mails"],
    ['fr', 'Bonjour, merci d’arrêter vos mails publicitaires.'],
    ['fr', "Je vous prie d'arrêter"],
    ['fr', "Je vous demande d'arrêter vos publicités"],
    ['fr', "Veuillez m'enlever de votre liste"],
    ['fr', 'Pourriez-vous m’ôter de la liste ?'],
    ['fr', "S'il vous plaît, merci d'effacer mon adresse de votre liste"],
    ['fr', "J'aimerais me désabonner"],
    ['fr', "J'veux plus recevoir vos mails"],
    ['fr', "Je ne veux plus d'e-mails"],
    ['fr', "Je refuse d'être contacté"],
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
    ['nl', 'Uitschrijven a.u.b.'],
    ['nl', 'S T O P'],
    ['nl', 'Ik wil deze mails niet meer ontvangen.'],
    ['nl', 'Mail me niet meer'],
    ['nl', 'Stop ermee!'],
    ['nl', 'Hou op met die mails'],
    ['nl', 'Laat me met rust'],
    ['nl', 'Gelieve me te schrappen uit uw bestanden'],
    ['nl', 'Contacteer mij niet meer.'],
    ['nl', 'Hierbij zeg ik mijn nieuwsbrief op'],
    ['nl', 'Ik trek mijn toestemming in'],
    ['nl', 'Geen interesse meer, uitschrijven aub'],
    ['fr', 'Je me désabonne'],
    ['fr', 'Je ne veux plus de vos pubs'],
    ['fr', "Cessez de m'importuner"],
    ['fr', 'Laissez-moi tranquille'],
    ['fr', "Merci de ne plus rien m'envoyer"],
    ['fr', 'Je fais opposition à la prospection commerciale'],
    ['fr', 'Je retire mon consentement'],
    ['de', 'Ich melde mich hiermit ab'],
    ['de', 'Bitte trag mich aus'],
    ['de', 'Bitte löschen Sie meine E-Mail-Adresse aus Ihrem Verteiler'],
    ['de', 'Keine Werbung bitte'],
    ['de', 'Schreiben Sie mir nicht mehr'],
    ['de', 'Lassen Sie mich in Ruhe'],
    ['de', 'Ich kündige den Newsletter'],
    ['de', 'Hiermit widerrufe ich meine Einwilligung.'],
    ['en', 'Opt out'],
    ['en', 'No more please'],
    ['en', 'Quit emailing me'],
    ['en', 'Get me off this list'],
    ['en', 'Leave me alone'],
    ['en', 'No thanks, unsubscribe'],
    ['en', 'I withdraw my consent to marketing'],
    ['nl', 'Mag ik van de lijst gehaald worden?'],
    ['nl', 'Gelieve mijn e-mailadres te verwijderen uit uw mailinglijst'],
    ['fr', 'Bonjour, serait-il possible de me désinscrire de vos newsletters ?'],
    ['fr', 'Je ne désire plus être contacté'],
    ['de', 'Bitte entfernen Sie meine Adresse aus Ihrem Newsletter-Verteiler. MfG'],
    ['de', 'Ich möchte von Ihnen keine E-Mails mehr bekommen'],
    ['en', 'Hi there, please could you take my email off your list? Thanks'],
    ['en', 'Can I be removed from this list please?'],
  ])('in %s: %s', (_, text) => {
    expect(wish(text)).toBe('clear')
  })

  it('says it in a new subject over an empty mail', () => {
    expect(wish('', 'Unsubscribe')).toBe('clear')
    expect(wish('', 'STOP')).toBe('clear')
    expect(wish('-- \nJan Peeters\nAcme', 'uitschrijven aub')).toBe('clear')
  })

  it('may speak of texts where it answers one, and says less than all where it answers a mail', () => {
    expect(readSigns("merci de ne plus m'envoyer de sms", 'text').saysNo).toBe(true)
    expect(readSigns("merci de ne plus m'envoyer de sms", 'mail').saysNo).toBe(false)
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
    'If I do not get my refund, remove me from your list.',
    'I have unsubscribed three times by now.',
    'Is this spam?',
    'Ich habe mich schon abgemeldet.',
    'Ik wil mijn rechten onder de AVG uitoefenen.',
    'Unsubscribe my wife, not me: she is jane@example.org and was asked only once',
    'Je voudrais recevoir moins de mails, ou alors désabonnez-moi.',
    'Ik krijg veel te veel mails van jullie',
    'Waarom krijg ik dit?',
    'Ik ken jullie niet en heb hier nooit om gevraagd',
    'Geen interesse',
    'Verkeerd adres',
    'Trop de mails !',
    'Je ne me suis jamais inscrit',
    'Pas intéressé',
    "J'arrête",
    "Merci d'y mettre fin",
    'Merci de ne pas arrêter vos mails',
    "Pas besoin d'arrêter vos mails",
    "Non merci, ne pas m'enlever de votre liste",
    "Pouvez-vous m'ôter d'un doute ? On me dit désabonné",
    'Supprimez toutes mes données',
    'Zu viele Mails',
    'Ich habe mich nie angemeldet',
    'Löschen Sie alle meine Daten',
    'Too many emails',
    'Not interested',
    'Please send only the monthly newsletter',
    'I never signed up for this',
    // The opposite of what its words look like.
    'Do not stop sending me these emails!',
    'Hören Sie nicht auf, mir Mails zu schicken',
    'Ik wil geen mails meer missen',
    // Less than everything.
    "Arrêtez de m'envoyer des SMS, les mails ça va",
    'Ich möchte keine Werbung mehr per Post',
    'Je ne veux plus recevoir le catalogue papier, mais les mails oui',
    'Stuur me geen mails meer in het Frans',
    'Stop sending me these emails twice',
    'No more emails about shoes please',
    'Ik wil geen mails meer ontvangen op dit adres, wel op jan@nieuw.example',
    'Unsubscribe me from the weekly newsletter but leave the monthly',
    'Haal mij van de wachtlijst',
    'De uitschrijflink werkt niet!',
    'Nee bedankt',
    '👎',
    'I want to unsubscribe my colleague',
  ])('%s', (text) => {
    expect(['unclear', 'unknown']).toContain(wish(text))
  })

  it.each([
    'Beste, ik zou graag hebben dat u mij geen berichten meer bezorgt.',
    'Ik stel geen prijs meer op uw mailings.',
    'Veuillez mettre un terme à ces envois',
    'Ich möchte diese E-Mails nicht länger erhalten',
    'These emails are unwanted',
    'Please cease all marketing to this address',
    'Enough with the newsletters',
    'I want off this list',
    'Déjenme en paz de una vez',
    'Proszę usunąć mnie z listy',
    'Lo que sea.',
    'You mail me non-stop.',
    "It just doesn't stop with you lot.",
  ])('waits at least, in words that nobody foresaw: %s', (text) => {
    expect(wish(text)).not.toBe('none')
  })

  it('may say it in its subject alone', () => {
    expect(wish('Groeten, Jan', 'Graag geen mails meer')).toBe('unclear')
    expect(wish('', 'Re: Lenteacties UITSCHRIJVEN')).toBe('unclear')
    expect(wish('Groeten, Jan', 'Re: STOP paying too much')).toBe('none')
  })

  it('is unclear when it says no in a letter about many things', () => {
    expect(wish(`${'The weather was fine. '.repeat(80)}Please unsubscribe me from your list.`)).toBe('unclear')
  })
})

describe('a reply that asks for nothing of the kind', () => {
  it.each([
    'Where is my order 4711?',
    'Please stop my order 4711.',
    'Remove the second lamp from my order, please.',
    'Is the shop near the bus stop open on Sunday?',
    'We had a non-stop flight, thanks for the offer.',
    'Waar is de bushalte? Kan ik zonder stopcontact laden?',
    'My coffee machine stopped working, can you help?',
    'I will stop by on Monday.',
    'Thank you, lovely! 😀',
    'Please send me the catalogue',
    'My address has changed',
    'Kan ik mijn bestelling nog wijzigen?',
    'Ik kan helaas niet komen',
    'Bellen jullie mij even?',
    'Le code promo ne marche pas',
    "Ma commande n'est pas arrivée",
    'Je ne peux pas venir samedi',
    'Meine Bestellung ist nicht angekommen',
    'Der Gutschein funktioniert nicht',
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
