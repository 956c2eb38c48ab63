import { findPlaceholders } from '../smtp/message/placeholders.ts'

/** How mail systems mark a place to be filled: `{{x}}`, `*|X|*`, `%%x%%`, `[[x]]`, `${x}`, `<%= x %>`, `{x}`. */
const marks: readonly (readonly [string, string])[] = [
  [String.raw`\{\{[{%#]?`, String.raw`[}%#]?\}\}`],
  [String.raw`\*\|`, String.raw`\|\*`],
  ['%%', '%%'],
  [String.raw`\[\[`, String.raw`\]\]`],
  [String.raw`\$?\{%?`, String.raw`%?\}`],
  ['<%=?', '%>'],
]
const wayOutName = String.raw`[\w.:-]{0,40}(?:unsub|opt[_-]?out|uitschrijf|afmeld|desabon|desinscri|abmeld|abbestell|preference|voorkeur)[\w.:-]{0,40}`
const ofOtherSystems = new RegExp(
  marks.map(([open, close]) => String.raw`${open}\s{0,3}${wayOutName}\s{0,3}${close}`).join('|'),
  'i',
)

/** Whether a text still holds a placeholder of a way out: one that the relay fills, or one of another mail system. */
export function hasUnfilledPlaceholder(text: string): boolean {
  // Editors write the braces of a link's address as %7B and %7D.
  const plain = text.replace(/%7b/gi, '{').replace(/%7d/gi, '}')
  return findPlaceholders(text).length > 0 || ofOtherSystems.test(plain)
}
