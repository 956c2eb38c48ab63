import { germanSigns } from './signs-de.ts'
import type { WishWords } from './wish-words.ts'

/** How people who write German ask to be left alone. */
export const de: WishWords = {
  keywords: 'stop stopp stoppen abmelden abmeldung abbestellen abbestellung austragen austragung'.split(' '),
  polite:
    'bitte danke vielen dank mich uns sofort umgehend jetzt den die das diesen diese dieser ihre ihren ihrem newsletter mail mails e-mail e-mails werbung vom von aus hallo guten tag gern'.split(
      ' ',
    ),
  reversals: [
    'nicht ~2(?:abmelden|abbestellen|austragen|loschen|entfernen|abgemeldet)',
    '\\b(?:nur|ausser|aber (?:ich (?:will|mochte|hatte|brauche)|bitte|den|die)|weniger|seltener|weiterhin)\\b',
    '(?:horen sie|hort?) ~1nicht auf|nicht ~3aufhoren',
    '\\b(?:verpassen|versaumen)\\b',
    '\\b(?:spass|vielleicht|zum thema|solange|das ubrige|de[rn] rest|warte|gestern|letzte woche)\\b',
    '\\baber (?:gern|gerne|per|das)\\b',
  ],
  doubts: [
    '^(?!.*\\b(?:dankbar|froh|recht|nett|lieb|freuen|freundlich|schon)\\b).*\\b(?:wenn|falls)\\b',
    '\\b(?:sobald|warum|wieso|wie kann|wann)\\b|\\b(?:meine|alle) ~1daten loschen|^daten loschen|(?:bekomme|erhalte|kriege) (?:ich )?(?:keine|nichts|nie)|loschen? ~3(?:alle |samtliche )?meine ~1daten(?! aus)',
    '^(?=.*\\b(?:habe|hat|bin|wurde|war)\\b).*(?:abgemeldet|ausgetragen|abbestellt)',
    '(?:habe|haben|hatte|bin|wurde) ~6(?:abgemeldet|abbestellt|gebeten|ausgetragen|widersprochen)',
    '^(?!.*(?:nieuwsbrie|newsletter|infolettre|bulletin|mail|sms|text|werbe|pub|reclame|promo|message|bericht|nachricht)).*\\b(?:abo|konto)\\b|\\breklamation\\b',
  ],
  requests: ['(?:konntets|konnts|konntet|konnt|konnen|konnten|wurden|kannst|mochten|durfte ich) '],
  signs: germanSigns,
}
