/** How a charset puts characters into bytes, as far as adding to a body in it depends on that. */
export type Charset =
  | { readonly kind: 'ascii' | 'utf-8' }
  /** `encoding` is its name in TextDecoder or iconv-lite; `label` what the mail calls it. */
  | { readonly kind: 'single_byte' | 'wide'; readonly encoding: string; readonly label: string }
  | { readonly kind: 'multi_byte'; readonly encoding: string }
  /** ASCII until a sequence says otherwise: RFC 1468, 1554, 1557, 1922 (ISO-2022), 1843 (HZ), 2152 (UTF-7). */
  | { readonly kind: 'shifting'; readonly scheme: ShiftingScheme }
  /** Nobody knows it, so all that can be said of its bytes is whether they look like ASCII with something more. */
  | { readonly kind: 'unknown' }
  /** A charset in which an ASCII byte may be something else, and which nothing here reads. */
  | { readonly kind: 'foreign' }

export type ShiftingScheme = 'iso-2022-jp' | 'iso-2022-kr' | 'iso-2022-cn' | 'hz' | 'utf-7'

const asciiLabels: ReadonlySet<string> = new Set(['us-ascii', 'ascii', 'ansi_x3.4-1968', 'iso646-us', 'iso-ir-6'])
const multiByteEncodings: ReadonlySet<string> = new Set(['gb18030', 'gbk', 'big5', 'shift_jis', 'euc-jp', 'euc-kr'])
const wideEncodings: ReadonlySet<string> = new Set(['utf-16le', 'utf-16be'])

/** What programs write for a charset that has another name (IANA's register, and what is seen in mail). */
const aliases: readonly (readonly [RegExp, string])[] = [
  [/^(?:utf[-_ ]?8(?:mb[34]|-mac)?|cp-?65001)$/, 'utf-8'],
  [/^(?:iso)?[-_ ]?8859[-_ ]?(\d{1,2})(?:[-_]?[ei])?(?::\d{4})?$/, 'iso-8859-$1'],
  [/^(?:x-)?(?:windows|win|ms|ansi|cp|ibm)[-_ ]?(125\d|874)$/, 'windows-$1'],
  [/^(?:x-)?(?:windows-|ms-|cp|ibm|uhc|cs)?-?(?:949|uhc)$/, 'euc-kr'],
  [/^(?:x-)?(?:windows-|ms-|cp|ibm)-?(?:932|943|31j)$/, 'shift_jis'],
  [/^(?:x-)?(?:windows-|ms-|cp|ibm)-?936$/, 'gbk'],
  [/^(?:x-)?(?:windows-|ms-|cp|ibm)-?950$|^big5[-_ ]?\w*$/, 'big5'],
  [/^(?:windows-|ms-|cp)-?54936$/, 'gb18030'],
  [/^(?:ms-|cp|ibm|x-cp)?-?0*([4-9]\d\d|1124|1125)$/, 'cp$1'],
  [/^(?:x-)?mac-?roman$/, 'macintosh'],
  [/^latin-?10$/, 'iso-8859-16'],
  [/^latin-?9$/, 'iso-8859-15'],
]
const shiftingLabels: readonly (readonly [RegExp, ShiftingScheme])[] = [
  [/^_?iso-?2022-jp(?:-\w+)?$|^csiso2022jp\d?$|^cp5022[012]$|^jis$/, 'iso-2022-jp'],
  [/^(?:cs)?iso-?2022-?kr$|^cp50225$/, 'iso-2022-kr'],
  [/^iso-?2022-?cn(?:-ext)?$|^cp50227$/, 'iso-2022-cn'],
  [/^hz(?:-gb-?2312)?$/, 'hz'],
  [/^(?:(?:x-|cs)?(?:unicode-(?:1|2)-(?:0|1)-)?utf-?7|cp65000)$/, 'utf-7'],
]
/** National variants of ASCII, EBCDIC, and those whose second bytes can be any ASCII character (Johab). */
const foreignLabels =
  /^utf-?7-imap$|ebcdic|^johab$|iso[-_]?646|^din_66003$|^(?:cp|ibm)-?0*(?:37|1047|1140|500)$|^utf-ebcdic$/

const charsetName = /^[a-z0-9!#$%&'+^_`{}~.:() -]{1,40}$/

/** The charset a label means; a mail that gives none is in US-ASCII (RFC 2046 §4.1.2). */
export function charsetOf(given: string | undefined): Charset {
  // Some programs put quotes of their own within those of the parameter.
  const label = (given ?? 'us-ascii')
    .trim()
    .replace(/^['"]+|['"]+$/g, '')
    .toLowerCase()
  if (asciiLabels.has(label)) return { kind: 'ascii' }
  // RFC 2978 §2.3. With anything else in it no reader knows the name, however much of one is left.
  if (!charsetName.test(label)) return { kind: 'unknown' }
  const [, scheme] = shiftingLabels.find(([pattern]) => pattern.test(label)) ?? []
  if (scheme !== undefined) return { kind: 'shifting', scheme }
  if (foreignLabels.test(label)) return { kind: 'foreign' }
  if (/^utf-?32|^ucs-?4|^iso-10646-ucs-4/.test(label)) return { kind: 'wide', encoding: 'utf-32', label }
  const [pattern, name = ''] = aliases.find(([known]) => known.test(label)) ?? []
  const named = pattern === undefined ? label : label.replace(pattern, name)
  const encoding = encodingOf(label) ?? encodingOf(named)
  // Spelled as iconv-lite looks it up, so that a name with more hyphens is no other charset.
  if (encoding === undefined) return { kind: 'single_byte', encoding: named.replace(/[^a-z0-9]/g, ''), label }
  if (encoding === 'utf-8') return { kind: 'utf-8' }
  if (wideEncodings.has(encoding)) return { kind: 'wide', encoding, label }
  if (encoding === 'replacement' || encoding === 'x-user-defined') return { kind: 'unknown' }
  if (multiByteEncodings.has(encoding)) return { kind: 'multi_byte', encoding }
  return { kind: 'single_byte', encoding, label }
}

function encodingOf(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}
