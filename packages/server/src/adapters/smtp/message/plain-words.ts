import type { MailLanguage } from '../../../services/mail-language.ts'
import type { WaysOut } from './ways-out.ts'

/** Letters that lose more than a mark when they become ASCII; German writes its umlauts out (DIN 5007-2). */
const german: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue' }
const everywhere: Readonly<Record<string, string>> = {
  ß: 'ss',
  œ: 'oe',
  Œ: 'Oe',
  æ: 'ae',
  Æ: 'Ae',
  ø: 'o',
  Ø: 'O',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '\u00a0': ' ',
  '\u202f': ' ',
}

/** The words without accents: "Arreter toute publicite" is read by everybody, whatever the charset. */
export function inPlainLetters(text: string, language: MailLanguage): string {
  const special = language === 'de' ? { ...everywhere, ...german } : everywhere
  return text
    .normalize('NFC')
    .replace(/[^\p{ASCII}]/gu, (letter) => special[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
}

export function waysInPlainLetters(ways: WaysOut): WaysOut {
  const { stop, preferences } = ways.labels
  const plain = (label: string) => inPlainLetters(label, ways.language)
  return { ...ways, labels: { stop: plain(stop), preferences: plain(preferences) } }
}
