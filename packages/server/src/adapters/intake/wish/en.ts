import { englishSigns } from './signs-en.ts'
import type { WishWords } from './wish-words.ts'

/** How people who write English ask to be left alone. */
export const en: WishWords = {
  keywords: 'stop unsub unsubscribe unsubscribed unsuscribe unsubcribe remove optout opt-out stopall'.split(' '),
  polite:
    'please pls thanks thank you me us now immediately asap from this these the your all newsletter newsletters list email emails e-mail e-mails mail mails mailing it hi hello just'.split(
      ' ',
    ),
  reversals: [
    "(?:do not|don't|dont|never|not|didn't|did not) ~2(?:unsubscribe|remove|opt (?:me|us)|be removed|be unsubscribed)",
    '\\b(?:only|except|apart from|but (?:keep|i|please keep|not|still)|just the|less often|fewer)\\b',
    '\\b(?:still (?:want|like|wish)|keep (?:me|sending))\\b',
    "(?:(?:do not|don't|dont|never) ~1|not )stop(?:ping)?\\b",
    '\\bmiss\\b|\\binstead\\b|\\bnot me\\b|\\bbut leave\\b',
    '\\b(?:wait|maybe|perhaps|the rest|kidding|keep them coming)\\b',
  ],
  doubts: [
    '^(?!.*\\b(?:grateful|appreciate|obliged|kind|thankful|glad|great|nice)\\b).*\\bif\\b',
    '\\b(?:unless|until|when|why|how|(?<!at )once|where|(?:have|had|i) already|already (?:sent|asked|told|did|un\\w+|opted)|ago|clicked|last week|yesterday)\\b|won.t leave me alone\\b|^i unsubscribed\\b|^i (?:no longer|do not|dont|never) (?:receive|get)\\b|^(?:delete|erase)\\b.*\\bdata\\b',
    '(?:have|had|was|were|been|did|already) ~3(?:unsubscribed?|asked|removed|opted)',
    '^(?!.*(?:nieuwsbrie|newsletter|infolettre|bulletin|mail|sms|text|werbe|pub|reclame|promo|message|bericht|nachricht)).*\\b(?:subscription|account)\\b',
  ],
  requests: ['(?:can|could|would|will|may i|might) '],
  signs: englishSigns,
}
