import { fold } from './fold.ts'

/** A sentence longer than this is read no further: the words that matter stand together. */
const sentenceCharactersMax = 400
const sentencesMax = 500
/** Programs wrap at 72 to 78 characters; a shorter line was ended by its writer. */
const wrappedLineCharactersMin = 55

/** Asks for nothing: `Nie wieder SMS, verstanden?` */
const tagQuestion =
  /,\s*(?:ok|oke|okay|verstanden|klar|compris|hein|begrepen|duidelijk|he|right|got it|understood|yeah|gell|will you|would you|ja) ?\?+\s*$/

/** `ending` is what stands after the last comma, if there is one: `Geen interesse, uitschrijven aub`. */
export type Sentence = { readonly text: string; readonly isQuestion: boolean; readonly ending?: string }

/** Lines that a program wrapped belong together; short ones stand for themselves. */
export function sentencesOf(text: string): Sentence[] {
  return [...unwrapped(text).matchAll(/(?:[^.!?;:\n]|:(?! ))+[.!?;:\n]*/g)]
    .slice(0, sentencesMax)
    .map(([written]) => ({
      text: fold(written.slice(0, sentenceCharactersMax))
        .replace(/[.!?;,:"()*_]+/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
      isQuestion: /\?\s*$/.test(written.slice(-20)) && !tagQuestion.test(fold(written.slice(-40))),
      ...(written.includes(',') && { ending: fold(written.slice(written.lastIndexOf(',') + 1).slice(0, 200)) }),
    }))
    .filter((sentence) => sentence.text !== '')
}

function unwrapped(text: string): string {
  const lines = text.split('\n')
  return lines
    .map((line, at) => {
      const isWrapped = line.length >= wrappedLineCharactersMin && /^\S/.test(lines[at + 1] ?? '')
      return isWrapped ? `${line} ` : `${line}\n`
    })
    .join('')
}
