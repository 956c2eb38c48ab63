import { de } from './de.ts'
import { en } from './en.ts'
import { fr } from './fr.ts'
import { nl } from './nl.ts'
import { signReader } from './sum-of-signs.ts'

/** Nobody says which of them an answer is in: all are read. */
export const languages = [nl, fr, de, en]
export const signReaders = languages.map(({ signs }) => signReader(signs))

/** Offers, messages, publicité: people call all advertising so. */
export function namesAdvertising(word: string): boolean {
  return signReaders.some((read) => {
    const borne = read(word)
    return borne.has('offer') || borne.has('message')
  })
}
