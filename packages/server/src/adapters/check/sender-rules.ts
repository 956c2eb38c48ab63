import { noValues } from '../../services/finding-text.ts'
import { type Finding, finding } from './finding.ts'
import type { CheckContext } from './way-out-target.ts'
import { givesContact, names } from './words.ts'

/** Who sends it, by name and with a way to reach them, in what a reader sees. */
export function checkSender({ brand }: CheckContext, text: string): Finding[] {
  const found: Finding[] = []
  // The addresses of links are the way out, not the sender's.
  const words = text.replace(
    /\b(?:https?:|mailto:)\S+|(?<![@\w.-])(?![\w.-]{1,64}@)[\w-]+(?:\.[\w-]+)+(?:\/\S*)?/gi,
    ' ',
  )
  if (brand !== undefined && !names(words, [brand.name, brand.controller])) {
    found.push(finding('sender-named.none', { brand: brand.name, controller: brand.controller }))
  }
  if (!givesContact(words)) {
    found.push(finding('sender-contact.none', noValues))
  }
  return found
}
