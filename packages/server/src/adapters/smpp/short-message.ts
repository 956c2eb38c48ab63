/** The basic table of 3GPP TS 23.038 §6.2.1; 0x1B opens the extension table. */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const escapeSeptet = 0x1b
/** §6.2.1.1 */
const extension: ReadonlyMap<number, string> = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
])
const septetOf = new Map([...basic].map((sign, septet) => [sign, septet]))
const extendedSeptetOf = new Map([...extension].map(([septet, sign]) => [sign, septet]))

export const dataCodings = { smscDefault: 0, latin1: 3, ucs2: 8 } as const

/** One octet a septet, as SMPP carries it (3.4 §5.2.19). A sign the extension table lacks falls back to the basic one. */
export function decodeGsm(octets: Uint8Array): string {
  let text = ''
  for (let at = 0; at < octets.length; at += 1) {
    const septet = (octets[at] ?? 0) & 0x7f
    if (septet !== escapeSeptet) text += basic[septet] ?? ''
    else {
      at += 1
      const next = (octets[at] ?? 0x20) & 0x7f
      text += extension.get(next) ?? basic[next] ?? ' '
    }
  }
  return text
}

/** Undefined where the text has a sign that the tables lack. */
export function encodeGsm(text: string): Buffer | undefined {
  const octets: number[] = []
  for (const sign of text) {
    const septet = septetOf.get(sign)
    const extended = extendedSeptetOf.get(sign)
    if (septet !== undefined && septet !== escapeSeptet) octets.push(septet)
    else if (extended !== undefined) octets.push(escapeSeptet, extended)
    else return undefined
  }
  return Buffer.from(octets)
}

/** UTF-16BE: what networks call UCS-2 carries pairs for signs beyond it. */
export function decodeUcs2(octets: Uint8Array): string {
  const whole = octets.length - (octets.length % 2)
  return Buffer.from(octets.subarray(0, whole)).swap16().toString('utf16le').toWellFormed()
}

export function encodeUcs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

/** Text in a data coding (SMPP 3.4 §5.2.19, 3GPP TS 23.038 §4); what 0 means is the operator's choice. */
export function decodeText(octets: Uint8Array, coding: number, defaultCoding: 'gsm' | 'latin1'): string {
  const isGeneral = (coding & 0xc0) === 0 && coding > 0x0f
  if (coding === dataCodings.ucs2 || (isGeneral && (coding & 0x0c) === 0x08)) return decodeUcs2(octets)
  if (coding === 1) return Buffer.from(octets).toString('latin1')
  if (coding === dataCodings.latin1) return Buffer.from(octets).toString('latin1')
  if (coding === dataCodings.smscDefault && defaultCoding === 'latin1') return Buffer.from(octets).toString('latin1')
  return decodeGsm(octets)
}

/** Places in one message, and in each part of a longer one after its header of six octets (TS 23.040 §9.2.3.24.1). */
const places = { gsm: { one: 160, part: 153 }, ucs2: { one: 140, part: 134 } } as const

export type EncodedText = { readonly coding: number; readonly parts: readonly Buffer[] }

/** A text as the fewest messages; no sign is cut in half. */
export function encodeText(text: string): EncodedText {
  const gsm = encodeGsm(text)
  const { one, part } = gsm === undefined ? places.ucs2 : places.gsm
  const coding = gsm === undefined ? dataCodings.ucs2 : dataCodings.smscDefault
  const encode = (sign: string) => (gsm === undefined ? encodeUcs2(sign) : (encodeGsm(sign) ?? Buffer.alloc(0)))
  const whole = gsm ?? encodeUcs2(text)
  if (whole.length <= one) return { coding, parts: [whole] }
  const parts: Buffer[] = []
  let current: Buffer[] = []
  let used = 0
  for (const sign of text) {
    const octets = encode(sign)
    if (used + octets.length > part) {
      parts.push(Buffer.concat(current))
      current = []
      used = 0
    }
    current.push(octets)
    used += octets.length
  }
  return { coding, parts: [...parts, Buffer.concat(current)] }
}

/** Where a part belongs in a long text. */
export type PartOfText = { readonly reference: number; readonly part: number; readonly parts: number }

/** The user data header (TS 23.040 §9.2.3.24): 0x00 counts in 8 bits, 0x08 in 16. */
export function readHeader(octets: Uint8Array): { readonly length: number; readonly concat?: PartOfText } {
  const length = (octets[0] ?? 0) + 1
  // The flag without a header: then all of it is text, and a word in it may be a no.
  if (length > octets.length) return { length: 0 }
  for (let at = 1; at + 1 < length; at += 2 + (octets[at + 1] ?? 0)) {
    const element = octets[at]
    const value = octets.subarray(at + 2, at + 2 + (octets[at + 1] ?? 0))
    const isShort = element === 0x00 && value.length === 3
    const isLong = element === 0x08 && value.length === 4
    if (!isShort && !isLong) continue
    const [parts = 0, part = 0] = value.subarray(-2)
    const reference = isShort ? (value[0] ?? 0) : ((value[0] ?? 0) << 8) | (value[1] ?? 0)
    return part >= 1 && part <= parts ? { length, concat: { reference, part, parts } } : { length }
  }
  return { length }
}

export function writeHeader({ reference, part, parts }: PartOfText): Buffer {
  return Buffer.from([0x05, 0x00, 0x03, reference & 0xff, parts, part])
}
