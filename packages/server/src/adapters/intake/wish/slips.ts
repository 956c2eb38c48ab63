import { ordinaryWords, stopKeywords } from './stop-keywords.ts'

/** A keyword this long is still itself with one letter wrong; a longer one with two. */
const oneSlipLettersMin = 8
const twoSlipsLettersMin = 10

const longKeywords = [...stopKeywords].filter((word) => word.length >= oneSlipLettersMin)

/** Cyrillic and Greek letters that look like Latin ones; a word of nothing else was meant to be read as Latin. */
const lookAlikes: Readonly<Record<string, string>> = Object.fromEntries(
  [...'аaеeоoрpсcхxуyѕsтtіiјjкkмmнhвbοoρpτtαaυuνv'.matchAll(/(.)(.)/gu)].map(([, like, latin]) => [like, latin]),
)

function inLatin(word: string): string {
  const latin = [...word].map((letter) => lookAlikes[letter] ?? letter).join('')
  return /(?!\p{Script=Latin})\p{L}/u.test(latin) ? word : latin
}

/** `stooop`, `ST0P`, `$top`: the word without what a finger or a taste for signs did to it. */
export function tidied(word: string): string {
  const letters = inLatin(word)
    .replace(/0/g, 'o')
    .replace(/\$/g, 's')
    .replace(/(?<=\p{L})1|1(?=\p{L})/gu, 'i')
  return letters.replace(/(\p{L})\1{2,}/gu, '$1')
}

/** A keyword, or one with the slips that the Belgian operators' guidelines have count as well (`sToP`, `TSOP`). */
export function isStopWord(word: string): boolean {
  const plain = tidied(word)
  if (stopKeywords.has(word) || stopKeywords.has(plain)) return true
  if (ordinaryWords.has(plain)) return false
  if (plain.length >= 3 && plain.length <= 6 && /[st]/.test(plain) && slips(plain, 'stop') === 1) return true
  return longKeywords.some((keyword) => {
    const allowed = keyword.length >= twoSlipsLettersMin && keyword[0] === plain[0] ? 2 : 1
    return Math.abs(keyword.length - plain.length) <= allowed && slips(plain, keyword) <= allowed
  })
}

/** A long one is itself with a letter wrong wherever it stands; a short one may be another word. */
export function isLongStopWord(word: string): boolean {
  return word.length >= oneSlipLettersMin && isStopWord(word)
}

/** How many letters are wrong, missing, too many or swapped with their neighbour (optimal string alignment). */
export function slips(one: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1]
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      )
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      if (isSwapped) least = Math.min(least, (beforeLast[column - 2] ?? 0) + 1)
      current.push(least)
    }
    beforeLast = last
    last = current
  }
  return last[other.length] ?? 0
}
