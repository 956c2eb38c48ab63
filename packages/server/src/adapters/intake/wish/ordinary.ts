import { friendlyWords, matters } from './matters.ts'
import type { Sentence } from './sentences.ts'
import { type Sign, wholeWord } from './wish-words.ts'

/**
 * What a message that says no nowhere is. `ordinary`: it is recognised as something else. `doubtful`: its words may be a
 * no. `unknown`: neither, so that nobody can say it was none.
 */
export type Ordinariness = 'ordinary' | 'doubtful' | 'unknown'

const matter = wholeWord(matters)
const friendly = wholeWord(friendlyWords)
/** Thanks for a message leave no doubt; praise of one may be meant otherwise. */
const thanksForIt =
  /\b(?:bedankt|dank (?:u|je)(?: wel)?|merci(?: beaucoup)?|danke|vielen dank|thanks|thank you) (?:voor|pour|de|d'|fur|for)\b/
/** A courtesy that asks for something. */
const asking = wholeWord('aub|svp|stp|alstublieft|graag|gelieve|please|pls|plz|bitte|veuillez')
/** A word or two of another language are seldom a no that the lists do not know. */
const fewWordsMax = 2
/** Longer, and a thanks says little of what else stands there. */
const friendlyWordsMax = 12

/** Small words of the four languages alone: what holds none may be of a fifth, in which a no has other words. */
const knownWord = wholeWord(
  'ik|het|een|wat|hoe|waar|wie|jullie|wij|zijn|voor|ook|nog|met|naar|dat|dit|kan|heb|hebt|hebben|maar|is|om|bij|' +
    "je|j'\\w+|vous|c'est|avec|pour|est|et|dans|chez|sur|les|des|quand|tres|nous|suis|sera|moi|mon|ma|" +
    'ich|und|ist|das|der|wie|wo|was|habt|ihr|zu|auf|fur|bin|hab|wir|im|um|' +
    "the|are|you|my|at|it|and|with|have|what|when|i'm|for|i|we|to|your",
)

/** Of the customer's own business: an order, a price, an appointment. */
export function hasMatter({ text }: Pick<Sentence, 'text'>): boolean {
  return matter.test(text)
}

/**
 * Tells an ordinary message from one that may be a no in words nobody foresaw. The burden is on the ordinary: it is so
 * only where it speaks of a customer's matter, asks something, thanks or greets, and no sentence of it may be a no.
 */
export function ordinarinessOf(
  sentences: readonly Sentence[],
  signsOf: (sentence: Sentence) => ReadonlySet<Sign>,
): Ordinariness {
  const read = sentences.map((sentence) => ({ sentence, borne: signsOf(sentence), isMatter: hasMatter(sentence) }))
  if (read.some(({ borne, isMatter }) => mayRefuse(borne, isMatter))) return 'doubtful'
  const speaksOfMatter = read.some(({ isMatter }) => isMatter)
  if (!speaksOfMatter && read.some(({ borne }) => asksToEnd(borne))) return 'doubtful'
  // A matter explains a no or an end, and not why somebody speaks of the messages besides.
  if (read.some(({ sentence, borne }) => bearsAny(borne, ['message', 'list']) && !isThanks(sentence))) return 'unknown'
  if (!speaksOfMatter && read.some(({ borne }) => bearsAny(borne, refusing))) return 'unknown'
  if (speaksOfMatter || read.some(({ sentence, borne }) => isHarmless(sentence, borne))) return 'ordinary'
  return read.every(({ sentence, borne }) => saysNothingOfIt(sentence, borne)) ? 'ordinary' : 'unknown'
}

const refusing: readonly Sign[] = ['negation', 'more', 'end', 'remove', 'leave', 'refuse', 'list']
const sending: readonly Sign[] = ['message', 'contact', 'list']

/** To end, refuse or remove what is sent, or to have none of it; a customer's own matter explains a milder word. */
function mayRefuse(borne: ReadonlySet<Sign>, isMatter: boolean): boolean {
  const isSent = borne.has('message') || borne.has('list')
  if (isSent && bearsAny(borne, ['negation', 'end', 'leave', 'refuse'])) return true
  if (borne.has('offer') && borne.has('negation') && borne.has('more')) return true
  if (borne.has('contact') && (borne.has('end') || (borne.has('negation') && borne.has('more')))) return true
  if (borne.has('list') && borne.has('remove')) return true
  if (isMatter) return false
  return (isSent && borne.has('remove')) || (borne.has('contact') && borne.has('negation'))
}

function asksToEnd(borne: ReadonlySet<Sign>): boolean {
  return borne.has('leave') || (bearsAny(borne, ['end', 'remove']) && bearsAny(borne, ['self', 'want']))
}

function isHarmless(sentence: Sentence, borne: ReadonlySet<Sign>): boolean {
  if (isThanks(sentence)) return true
  if (bearsAny(borne, sending)) return false
  return sentence.isQuestion || (isShort(sentence) && friendly.test(sentence.text))
}

function isThanks(sentence: Sentence): boolean {
  return isShort(sentence) && thanksForIt.test(sentence.text)
}

function isShort({ text }: Sentence): boolean {
  return text.split(' ').length <= friendlyWordsMax
}

function bearsAny(borne: ReadonlySet<Sign>, signs: readonly Sign[]): boolean {
  return signs.some((sign) => borne.has(sign))
}

/** No word by which people refuse or speak of what is sent to them, in a language whose words those are. */
function saysNothingOfIt({ text }: Sentence, borne: ReadonlySet<Sign>): boolean {
  if (bearsAny(borne, [...refusing, ...sending, 'interest']) || /(?!\p{Script=Latin})\p{L}/u.test(text)) return false
  return knownWord.test(text) || (text.split(' ').length <= fewWordsMax && !asking.test(text))
}
