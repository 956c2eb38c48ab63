import { type MailLanguage, mailLanguages } from '../../../services/mail-language.ts'
import { fold } from '../wish/fold.ts'
import { spelledOut } from './spellings.ts'

/**
 * Words of the texts that ask, each of one of the four languages alone, folded: no case, no accents, ß as ss. What people
 * of another language write as well is in none: STOP, UNSUBSCRIBE, HELP, `merci` and `svp` (Flanders says both).
 */
const ownWords: Readonly<Record<MailLanguage, ReadonlySet<string>>> = {
  nl: words(`
    uit stopt stopzetten stopnu opzeggen einde weg bezwaar ophouden aub ajb alstublieft astublieft alsjeblieft dankjewel
    graag gelieve dank bedankt beste geachte ik mij mijn ons uw jullie wij niet geen nooit niets niks meer wens hoef krijg
    stuur stuurt sturen bel bellen haal laat met rust gerust smsjes berichten berichtjes bericht aanbiedingen spammen van
    het een voor maar nog hou houd houdt ermee hiermee daarmee verwijder verwijderen schrap schrappen lijst bestand nu
    deze aanmelden inschrijven hervatten herstart opnieuw terug hulp uitleg ontvangen helemaal onmiddellijk meteen
  `),
  fr: words(`
    stopper stoppez cessez cesse cesser annulez resilier resiliez plait bonjour veuillez moi mon nous vos votre ces
    cette les des du aux tout ca pas plus jamais rien aucun aucune envoyer envoyez recevoir veux souhaite
    voudrais desire ecrire appeler appelez contacter contactez contacte offres pubs publicite publicites textos retirez
    retirer supprimez supprimer enlevez enlever laissez tranquille numero abonner abonnez reabonner inscrire inscrivez
    reprendre reprise encore aide aidez oui infos avec immediatement marre assez prospection donnees
  `),
  de: words(`
    austragen austragung aufhoren hor hort horen schluss widerspruch kundigen kundigung raus bitte danke vielen ich mich
    mir meine uns sie ihr ihre ihren euch eure nicht kein keine keinen nichts mehr und auf der das mochte nachricht
    nachrichten angebote gewinnspiel neuigkeiten schicken schickt schreiben senden sendet loschen losch entfernen streichen
    ruhe lasst lassen sofort umgehend jetzt hilfe wieder anmelden anmeldung fortsetzen starten damit
  `),
  en: words(`
    remove discontinue please pls plz thanks thank you the this these your my not no more dont don do want texts texting
    txt txts message messages sending send messaging contact contacting calling take leave alone immediately asap from again
    never anymore any subscribe resubscribe resume yes just already can
  `),
}
/** Words that people spell in many ways are told by how they begin. */
const ownBeginnings: Readonly<Partial<Record<MailLanguage, RegExp>>> = {
  nl: /^(?:uitsch|afmel|uitgesch|afgemel|reclame)/,
  fr: /^(?:desab|desin|arr?ett?[ea]|arrets?$)/,
  de: /^(?:abmel|abgemel|abbest|werbung)/,
}

/** The language that the words of a text speak more than any other; undefined of a bare STOP and of two at once. */
export function languageOfText(text: string): MailLanguage | undefined {
  const said = fold(spelledOut(text)).split(/[^\p{L}]+/u)
  const isOf = (language: MailLanguage) => (word: string) =>
    ownWords[language].has(word) || ownBeginnings[language]?.test(word) === true
  const [most, next] = mailLanguages
    .map((language) => ({ language, words: said.filter(isOf(language)).length }))
    .toSorted((one, other) => other.words - one.words)
  return most !== undefined && most.words > (next?.words ?? 0) ? most.language : undefined
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/))
}
