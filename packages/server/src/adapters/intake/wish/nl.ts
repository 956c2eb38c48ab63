import { dutchSigns } from './signs-nl.ts'
import type { WishWords } from './wish-words.ts'

/** How people who write Dutch ask to be left alone. */
export const nl: WishWords = {
  keywords: 'stop stopt stoppen uitschrijven uitschrijving uitgeschreven afmelden afmelding afgemeld'.split(' '),
  polite:
    'aub alstublieft alsjeblieft graag svp dank danku u je bedankt gelieve direct meteen onmiddellijk nu gaarne mij me ons voor van de deze die uw jullie met nieuwsbrief nieuwsbrieven mail mails mailing mailings e-mail e-mails reclame beste hallo goedendag goeiedag dag geachte'.split(
      ' ',
    ),
  reversals: [
    'niet ~1(?:uit ?schrijven|uitgeschreven|afmelden|afgemeld|verwijderen|stoppen)',
    '\\b(?:alleen|enkel|slechts|behalve|maar wel|liever wel|minder)\\b',
    '\\bwel (?:graag|nog)\\b',
    '\\bstopt? ~1niet\\b|niet ~4(?:stoppen|ophouden)\\b',
    '\\bmissen\\b',
    '\\b(?:misschien|twijfel|grapje|tenzij|de rest|gisteren|vorige week)\\b|(?:in het|tijdens het) weekend|(?:niets|niks|geen ~1mails?) meer over\\b',
    '\\bwel (?:op|naar|via|per|de|het)\\b',
  ],
  doubts: [
    '^(?!.*\\b(?:op prijs|fijn|aardig|vriendelijk|dankbaar|verplicht\\w*|lief|waarder\\w*)\\b).*\\b(?:als (?:u|je|jullie|ik|het|er|dat|die|de|een|mijn|we|wij)|indien)\\b',
    '\\b(?:tenzij|zodra|waarom|hoe|wanneer|waar)\\b|(?:krijg|ontvang|kreeg|ontving) (?:ik )?(?:geen|nooit|niets)|(?:heb|had) ~3stop ~1(?:gestuurd|ge\\w+)$|(?:al mijn|alle) gegevens',
    '(?:heb|hebben|had|ben|werd|was) ~6(?:uitgeschreven|afgemeld|gevraagd|verwijderd)',
    '^(?!.*(?:nieuwsbrie|newsletter|infolettre|bulletin|mail|sms|text|werbe|pub|reclame|promo|message|bericht|nachricht)).*\\babonnement\\b|\\bklacht\\b',
  ],
  requests: ['(?:kunt|kun|kan|kunnen|willen|wilt|wil|zou|zouden|zoudt|mag|mogen|graag) '],
  signs: dutchSigns,
}
