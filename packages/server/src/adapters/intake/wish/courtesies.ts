import { fold } from './fold.ts'

/** Longer, and something else is said as well. */
const wordsMax = 8

/** Thanks, agreement and greetings, and what stands beside them; none of them asks for anything or refuses it. */
const courtesies = new Set(
  `bedankt dank danku dankje merci danke dankeschon thanks thank thx ty tnx
  u je wel jullie allemaal veel heel erg hoor beaucoup bien mille vous toi tous vielen schon schoen sehr ihnen euch dir you so much a lot all
  ok oke okee okay okido top super prima leuk fijn cool nice great perfect perfekt parfait lovely brilliant genial gut goed toll klasse
  alles klar passt begrepen compris verstanden understood
  hallo hello hi hey hoi dag bonjour bonsoir salut goedemorgen goeiemorgen goedendag goedenavond guten tag morgen abend good morning afternoon evening
  groeten groetjes groet vriendelijke met mvg cordialement cdlt salutations grusse viele liebe mfg lg regards kind best wishes cheers
  graag gedaan gern gerne geschehen plaisir avec de rien welcome you're`.split(/\s+/),
)
/** Asks, when it stands alone. */
const asking = new Set(['graag', 'gern', 'gerne', 'best', 'a', 'de', 'u', 'je'])

/** A key that was held, by a child or in a pocket. */
const heldKey = /^(\p{L})\1{3,}$/u

/** `Danke!`, `Ok, merci beaucoup`: nothing that anybody has to read. */
export function isCourtesyAlone(text: string): boolean {
  const words = fold(text)
    .replace(/[^\p{L}'\s]+/gu, ' ')
    .trim()
    .split(/\s+/)
  if (words.length > wordsMax) return false
  return words.every((word) => courtesies.has(word) || heldKey.test(word)) && words.some((word) => !asking.has(word))
}
