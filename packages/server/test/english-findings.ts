import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const catalogue: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(fileURLToPath(new URL('../locales/findings/en.json', import.meta.url)), 'utf8'),
)
/** Shorter pieces, such as those around a value, may be words of any language. */
const pieceCharactersMin = 12
const pieces = Object.values(catalogue)
  .flatMap((sentence) => sentence.split(/[{}"]|, (?:number|plural|select)\b/))
  .map((piece) => piece.trim())
  .filter((piece) => piece.length >= pieceCharactersMin && piece.includes(' '))

/** What of the English sentences about findings stands in a page. */
export function englishIn(html: string): readonly string[] {
  return pieces.filter((piece) => html.includes(piece))
}
