import { noValues } from '../../../services/finding-text.ts'
import type { MailLanguage } from '../../../services/mail-language.ts'
import { type Finding, finding } from '../finding.ts'
import type { CheckContext } from '../way-out-target.ts'
import { folded, names, says } from '../words.ts'

/** About forty seconds of speaking: what is said later is not "at the beginning of the conversation". */
const beginningCharacters = 600

type Words = Readonly<Record<MailLanguage, RegExp>>

/** That advertising can be refused, said to the person: a right, and what it is about. */
const rightWords: Words = {
  nl: /(?:u (?:mag|kunt|hebt|heeft|wil|wilt|wenst)|(?:wil|wilt|wenst|hebt) u|recht)[^.?!]{0,160}(?:geen (?:reclame|telefoontjes|aanbiedingen|oproepen)|niet (?:meer|langer) [^.?!]{0,30}(?:ge?beld|bellen|benaderd|contact)|bezwaar|verzet)/,
  fr: /(?:vous (?:pouvez|avez|ne (?:souhaitez|voulez|desirez))|voulez-vous|souhaitez-vous|preferez|droit)[^.?!]{0,160}(?:plus (?:etre )?(?:contact|sollicit|demarch)|refuser|opposer|opposition|plus (?:de publicite|d'appels?|etre appele|recevoir)|ne plus)/,
  de: /(?:sie (?:konnen|haben|durfen)|(?:mochten|wunschen|wollen) sie|(?:wenn|falls) sie|recht)[^.?!]{0,160}(?:ablehnen|widerspr|keine (?:weiteren )?(?:werbung|anrufe|werbeanrufe)|nicht mehr [^.?!]{0,30}(?:(?:an)?ge?ruf|kontaktiert))/,
  en: /(?:you (?:can|may|have)|would you|(?:if|should) you|right)[^.?!]{0,160}(?:not (?:get|receive|want|be)[^.?!]{0,30}(?:call|contact|advertis)|(?:don't|do not) want[^.?!]{0,30}(?:call|contact|advertis)|no to (?:all|our)|object|opt out|no more (?:calls|advertising)|stop (?:calling|these calls))/,
}

/** That it is selling, or what else it is for. */
const purposeWords: Words = {
  nl: /\b(?:aanbod|aanbieding|(?<!geen |alle |elke )reclame|voorstel|actie|verkop|nieuw product|informeren over|bel(?:len)? (?:ik )?u (?:om|over|in verband)|(?:ik|wij|we) bel(?:len)? (?:om|over|in verband|wegens))/,
  fr: /\b(?:offre|(?<!toute |plus de |la )publicite|proposition|proposer|promotion|vendre|presenter|je vous appelle (?:pour|au sujet|concernant))/,
  de: /\b(?:angebot|(?<!jede |keine |alle )werbung|aktion|verkauf|vorstellen|ich rufe sie? (?:an,? )?(?:um|wegen|weil)|es geht um)/,
  en: /\b(?:offer|(?<!all our |no more |our )advertis|promotion|propos|sell|introduce|(?:i am|i'm) calling (?:about|to|because))/,
}

/** All rules about the script of a call. */
export function checkPhone(context: CheckContext, script: string): Finding[] {
  const { brand, languages } = context
  const text = folded(script)
  const beginning = text.slice(0, beginningCharacters)
  const found: Finding[] = []
  if (!says(rightWords, languages, text)) {
    const [language, ...others] = languages
    const isOne = language !== undefined && others.length === 0
    found.push(isOne ? finding('phone-right.language', { language }) : finding('phone-right.none', noValues))
  }
  const isNamed = brand === undefined || names(text, [brand.name, brand.controller])
  if (!isNamed) found.push(finding('phone-identity.none', { brand: brand.name, controller: brand.controller }))
  const saysPurpose = says(purposeWords, languages, text)
  if (!saysPurpose) found.push(finding('phone-purpose.none', noValues))
  const isEarly =
    (brand === undefined || names(beginning, [brand.name, brand.controller])) &&
    says(purposeWords, languages, beginning)
  if (isNamed && saysPurpose && !isEarly) found.push(finding('phone-early.late', noValues))
  return [...found, ...checkRegister(brand?.country, text)]
}

/**
 * The Dutch register closed on 1 July 2021, when consent became the rule; the Belgian one lives, and whoever objects can
 * be told of it.
 */
function checkRegister(country: string | undefined, text: string): Finding[] {
  const namesRegister = /bel-?me-?niet|ne m.?appelez plus|dncm/.test(text)
  if (country === 'NL' && namesRegister) return [finding('phone-register.closed', noValues)]
  return country === 'BE' && !namesRegister ? [finding('phone-register.unnamed', noValues)] : []
}
