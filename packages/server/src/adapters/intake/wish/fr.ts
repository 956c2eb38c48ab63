import { frenchSigns } from './signs-fr.ts'
import type { WishWords } from './wish-words.ts'

/** How people who write French ask to be left alone. */
export const fr: WishWords = {
  keywords:
    'stop arret arretez arreter desabo desabonner desabonnement desabonnez desinscrire desinscription desinscrivez'.split(
      ' ',
    ),
  polite:
    'svp stp merci de d veuillez moi me nous vous s il te plait votre vos la les cette ces newsletter newsletters mail mails e-mail e-mails courriel courriels pub publicite publicites bonjour immediatement tout maintenant d avance'.split(
      ' ',
    ),
  reversals: [
    'ne (?:me |nous |m)?~1(?:desabonn\\w+|desinscri\\w+) (?:pas|surtout)',
    "pas (?:me |nous |m')?(?:desabonner|desinscrire|arreter|cesser|stopper|retirer|enlever|oter)",
    "(?:besoin|inutile|avant|eviter|evitez|question) (?:de |d')(?:me |nous |m')?(?:desabonner|desinscrire|arreter|cesser|stopper|retirer|enlever|oter)",
    '\\b(?:seulement|uniquement|sauf|excepte|mais (?:je|gardez|continuez)|moins)\\b',
    '\\btoujours (?:recevoir|interesse)',
    "n'?arretez (?:pas|surtout)",
    '\\b(?:rater|manquer)\\b',
    "\\b(?:rigole|attendez|quand meme|par contre|peut-etre|le reste|continuez|pendant|durant|hier)\\b|(?:plus|rien) (?:rien )?sur (?:les?|la|l')",
    "\\bmais (?:les?|la|vos|pas|sur|par)\\b|mails? (?:ca va|oui|d'accord)",
  ],
  doubts: [
    '^(?!.*(?:possible|plait|\\bgre\\b|aimable|gentil|oblige)).*\\bsi\\b',
    '\\b(?:lorsque|pourquoi|comment|doutes?|quand)\\b|doi[st] faire|recois (?:plus|pas)|on (?:me )?dit|jamais ~2donne|(?:toutes mes|mes) donnees(?! (?:de|a des fins))',
    '(?:ai|avais|avons|suis|etais) ~4(?:desabonnee?|desinscrite?|demande)',
    '^(?!.*(?:nieuwsbrie|newsletter|infolettre|bulletin|mail|sms|text|werbe|pub|reclame|promo|message|bericht|nachricht)).*\\b(?:abonnement|compte)\\b|\\breclamation\\b',
  ],
  requests: ['(?:pouvez|pourriez|peux|puis|est-ce que vous pouvez|auriez|voulez|serait-il|est-il possible)'],
  signs: frenchSigns,
}
