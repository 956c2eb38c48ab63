/** `nl`, `nl-BE` and the names people type; undefined for anything else. */
export function readLanguage(text: string): string | undefined {
  const folded = text.trim().toLowerCase()
  const code = /^([a-z]{2})(?:[-_][a-z]{2})?$/.exec(folded)?.[1]
  return code ?? languageNames.get(folded)
}

const languageNames = new Map<string, string>(
  Object.entries({
    nl: 'nederlands dutch néerlandais neerlandais niederländisch niederlandisch vlaams nld dut',
    fr: 'frans french français francais französisch franzosisch fra fre',
    de: 'duits german allemand deutsch deu ger',
    en: 'engels english anglais englisch eng',
  }).flatMap(([code, words]) => words.split(' ').map((word): [string, string] => [word, code])),
)

/** Two letters (ISO 3166-1 alpha-2) or the name of a country near by; undefined for anything else. */
export function readCountry(text: string): string | undefined {
  const folded = text.trim().toLowerCase()
  return /^[a-z]{2}$/.test(folded) ? folded.toUpperCase() : countryNames.get(folded)
}

const countryNames = new Map<string, string>(
  Object.entries({
    BE: 'belgië belgie belgique belgien belgium bel',
    NL: 'nederland pays-bas niederlande netherlands holland nld',
    FR: 'frankrijk france frankreich fra',
    DE: 'duitsland allemagne deutschland germany deu',
    LU: 'luxemburg luxembourg lux',
  }).flatMap(([code, words]) => words.split(' ').map((word): [string, string] => [word, code])),
)

/** Undefined for a word that is neither yes nor no. */
export function readYesNo(text: string): boolean | undefined {
  const folded = text.trim().toLowerCase()
  if (/^(?:1|y|yes|true|j|ja|oui|o|vrai|waar|wahr|x)$/.test(folded)) return true
  return /^(?:0|n|no|false|nee|non|faux|onwaar|nein|falsch)$/.test(folded) ? false : undefined
}
