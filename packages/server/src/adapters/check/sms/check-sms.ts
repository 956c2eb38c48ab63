import { noValues } from '../../../services/finding-text.ts'
import { type Finding, finding } from '../finding.ts'
import { checkLinks, type FoundWayOut } from '../link-rules.ts'
import { hasUnfilledPlaceholder } from '../unfilled-placeholder.ts'
import { type CheckContext, readTarget } from '../way-out-target.ts'
import { folded, names, says, stopWords } from '../words.ts'
import { smsLength } from './sms-length.ts'

/** Three parts are 459 signs: longer than any advertising text should be, and each part is billed. */
const segmentsWanted = 3
/** Signs beyond GSM that one would not miss: few enough to name. */
const signsNamedMax = 5
/** What a short link of this hub takes after its scheme; it leaves 136 signs for the text. */
const linkCharactersWanted = 24

const senderCharactersMax = 11

/** The keywords a person is told to send, as this hub hears them; `Stop met wachten` and `non-stop` are none. */
const keyword =
  /(?<!non[- ]|bus )\b(?:stopp?|afmelden|arr[eê]t|abmelden|unsubscribe|opt-?out)(?![\w-])(?! (?:met|mit|with|looking|searching|waiting|paying)\b)(?! (?:de |d['’]|à )\D)/gi
/** These are words of any sentence, and keywords in capitals alone. */
const keywordInCapitals = /\b(?:UIT|FIN|ENDE)\b/g
/** What tells a person to write back, in the same sentence before the keyword. */
const answerBefore =
  /(?:\bsms\b|\btext\b|antwoord|\breply\b|r[ée]pon|antwort|\bsend\b|stuur|zend|envoy|schreib|schrijf)[^.!]{0,40}$/i
/** `STOP per sms`, `STOP SMS`. */
const answerAfter = /^ ?(?:(?:per|par|via|by) )?(?:sms|text)\b/i
/** A number that takes an answer: a short code of operators, or a whole number. */
const numberInText = /(?:\+|\b00?)\d[\d ./-]{6,}\d|\b\d{4,6}\b/
/** `STOP naar 8850`, `Stop? 8850`, `8850: STOP`: far enough for a few words, and no further. */
const numberAfter = new RegExp(`^[^.!\\d+]{0,25}(?:${numberInText.source})`)
const numberBefore = new RegExp(`(?:${numberInText.source})[^.!]{0,12}$`)

/** All rules about the text of an SMS. A service text needs no way out; its links have to work all the same. */
export function checkSms(
  context: CheckContext,
  text: string,
  facts: { readonly sender: string | undefined; readonly isAdvertising: boolean },
): Finding[] {
  const links = [...text.matchAll(/\bhttps?:\/\/[^\s<>"']+|\b[\w.-]+\.[a-z]{2,}(?::\d+)?\/[^\s<>"']*/gi)].map((match) =>
    match[0].replace(/[.,;:!?)]+$/, ''),
  )
  const wayOuts = links.flatMap((link) => wayOutOf(context, text, link))
  const common = [...checkPlaceholders(text), ...checkLength(text, links)]
  const linkFindings = checkLinks(context, wayOuts, 'sms')
  if (!facts.isAdvertising) return [...common, ...linkFindings.filter(({ rule }) => rule !== 'link-of-this-hub')]
  const byAnswer = asksForAnswer(withoutLinks(text, links))
  return [
    ...checkWayOut(context, text, links, wayOuts.length > 0, facts.sender),
    // Who can answer STOP is heard, whatever else is linked.
    ...linkFindings.filter(({ rule }) => rule !== 'link-of-this-hub' || !byAnswer),
    ...checkBrand(context, text, facts.sender),
    ...common,
  ]
}

function wayOutOf(context: CheckContext, text: string, link: string): readonly FoundWayOut[] {
  const url = /^https?:/i.test(link) ? link : `https://${link}`
  const at = text.indexOf(link)
  const label = text.slice(Math.max(0, at - 60), at)
  const target = readTarget(context, url, label)
  return target === undefined ? [] : [{ url, label: '', target, where: { kind: 'text' } }]
}

function asksForAnswer(words: string): boolean {
  return [...words.matchAll(keyword), ...words.matchAll(keywordInCapitals)].some(({ 0: found, index }) => {
    const before = words.slice(0, index)
    const after = words.slice(index + found.length)
    return answerBefore.test(before) || answerAfter.test(after) || numberAfter.test(after) || numberBefore.test(before)
  })
}

function withoutLinks(text: string, links: readonly string[]): string {
  return links.reduce((rest, link) => rest.replace(link, ' '), text)
}

function checkWayOut(
  { languages }: CheckContext,
  text: string,
  links: readonly string[],
  hasLink: boolean,
  sender: string | undefined,
): Finding[] {
  const words = withoutLinks(text, links)
  if (hasLink ? !says(stopWords, languages, words) : !asksForAnswer(words)) {
    return [finding('sms-way-out.none', noValues)]
  }
  if (hasLink || numberInText.test(words)) return []
  if (sender === undefined) return [finding('sms-sender-unknown.unnamed', noValues)]
  if (/^\+?[\d ]{4,16}$/.test(sender)) return []
  return [finding('sms-sender-receives.letters', noValues, { kind: 'sender' })]
}

function checkBrand({ brand }: CheckContext, text: string, sender: string | undefined): Finding[] {
  if (brand === undefined) return []
  // A sender of letters has eleven at most, and no room for spaces (3GPP TS 23.040 §9.1.2.5).
  const together = folded(sender ?? '').replace(/\s/g, '')
  const shortened = folded(brand.name).replace(/\s/g, '').slice(0, senderCharactersMax)
  const isNamed = names(text, [brand.name, brand.controller]) || together.includes(shortened)
  return isNamed ? [] : [finding('sms-brand.none', { brand: brand.name })]
}

function checkPlaceholders(text: string): Finding[] {
  if (!hasUnfilledPlaceholder(text) && !/\{(?:url|code|brand)\}/.test(text)) return []
  return [finding('placeholder-filled.sms', noValues, { kind: 'text' })]
}

function checkLength(text: string, links: readonly string[]): Finding[] {
  const { alphabet, segments, beyondGsm } = smsLength(text)
  const counted = {
    characters: [...text].length,
    alphabet: alphabet === 'gsm' ? 'GSM-7' : 'UCS-2',
    messages: segments,
  }
  const found = [finding('sms-length.count', counted)]
  if (segments > segmentsWanted) found.push(finding('sms-too-long.messages', { messages: segments }))
  if (alphabet === 'ucs2' && beyondGsm.length <= signsNamedMax) {
    found.push(finding('sms-alphabet.signs', { signs: beyondGsm.join(' '), count: beyondGsm.length }))
  }
  if (links.some((link) => link.replace(/^https?:\/\//i, '').length > linkCharactersWanted)) {
    found.push(finding('sms-link-length.long', { characters: linkCharactersWanted }))
  }
  return found
}
