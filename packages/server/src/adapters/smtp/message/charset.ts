import { isUtf8 } from 'node:buffer'

/**
 * A body as text. `bytes` keeps one character a byte, for charsets in which every ASCII byte below 0x40 means itself
 * wherever it stands: markup can be found and ASCII put in without decoding anything. `decoded` is for the others, whose
 * whole body has to leave as UTF-8.
 */
export type CharsetView =
  | { readonly kind: 'bytes'; readonly text: string; encode(text: string): Buffer | undefined }
  | { readonly kind: 'decoded'; readonly text: string }

const asciiLabels: ReadonlySet<string> = new Set(['us-ascii', 'ascii', 'ansi_x3.4-1968', 'iso646-us', 'iso-ir-6'])
/** A `<` in these may be half of a character, so they are decoded before anything is looked for. */
const statefulEncodings: ReadonlySet<string> = new Set(['iso-2022-jp', 'utf-16le', 'utf-16be'])
const multiByteEncodings: ReadonlySet<string> = new Set([
  'gb18030',
  'gbk',
  'big5',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'replacement',
  'x-user-defined',
])
/** 0x80 to 0x9F of windows-1252, which some versions of Node decode as control characters. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/** How a body in this charset can be read and added to; undefined when the charset is unknown or the bytes are not in it. */
export function viewBody(body: Buffer, charset: string | undefined): CharsetView | undefined {
  const label = (charset ?? 'us-ascii').trim().toLowerCase()
  if (asciiLabels.has(label)) return { kind: 'bytes', text: body.toString('latin1'), encode: encodeAscii }
  const encoding = encodingOf(label)
  if (encoding === undefined) return undefined
  if (statefulEncodings.has(encoding)) {
    const text = decodeWhole(body, label, encoding)
    return text === undefined ? undefined : { kind: 'decoded', text }
  }
  return { kind: 'bytes', text: body.toString('latin1'), encode: encoderOf(label, encoding) }
}

/** The whole body as text, for leaving as UTF-8; undefined when the bytes are not in the charset. */
export function decodeBody(body: Buffer, charset: string | undefined): string | undefined {
  const label = (charset ?? 'us-ascii').trim().toLowerCase()
  // Who declares US-ASCII and writes more means UTF-8 or, as every client takes it, windows-1252.
  if (asciiLabels.has(label)) return isUtf8(body) ? body.toString('utf8') : decodeSingleBytes(body, 'windows-1252')
  const encoding = encodingOf(label)
  return encoding === undefined ? undefined : decodeWhole(body, label, encoding)
}

function encodingOf(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}

function decodeWhole(body: Buffer, label: string, encoding: string): string | undefined {
  const isSingleByte = encoding !== 'utf-8' && !statefulEncodings.has(encoding) && !multiByteEncodings.has(encoding)
  if (isSingleByte) return decodeSingleBytes(body, encoding)
  // RFC 2781 §4.3: plain "utf-16" is told by its byte order mark. Without one there is only guessing.
  const order = label === 'utf-16' ? byteOrder(body) : encoding
  if (order === undefined) return undefined
  try {
    return new TextDecoder(order, { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}

function byteOrder(body: Buffer): string | undefined {
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be'
  return body[0] === 0xff && body[1] === 0xfe ? 'utf-16le' : undefined
}

function encodeAscii(text: string): Buffer | undefined {
  return isAscii(text) ? Buffer.from(text, 'latin1') : undefined
}

export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false
  return true
}

function encoderOf(label: string, encoding: string): (text: string) => Buffer | undefined {
  if (encoding === 'utf-8') return (text) => Buffer.from(text, 'utf8')
  if (multiByteEncodings.has(encoding)) return encodeAscii
  // WHATWG reads ISO-8859-1 as windows-1252. What we write is what both agree on.
  const isLatin1 = encoding === 'windows-1252' && !/1252/.test(label)
  return (text) => encodeSingleBytes(text, encoding, isLatin1)
}

type SingleByteTable = { readonly characters: readonly string[]; readonly bytes: ReadonlyMap<string, number> }
/** Bounded by the number of encodings that TextDecoder knows. */
const tables = new Map<string, SingleByteTable>()

function tableOf(encoding: string): SingleByteTable {
  const known = tables.get(encoding)
  if (known !== undefined) return known
  const decoder = new TextDecoder(encoding)
  const characters = Array.from({ length: 256 }, (_, byte) => {
    const special = encoding === 'windows-1252' && byte >= 0x80 && byte < 0xa0
    return special ? windows1252.charAt(byte - 0x80) : decoder.decode(Uint8Array.of(byte))
  })
  const table = { characters, bytes: new Map(characters.map((character, byte) => [character, byte])) }
  tables.set(encoding, table)
  return table
}

function decodeSingleBytes(body: Buffer, encoding: string): string | undefined {
  const { characters } = tableOf(encoding)
  const text = Array.from(body, (byte) => characters[byte] ?? '\ufffd').join('')
  return text.includes('\ufffd') ? undefined : text
}

function encodeSingleBytes(text: string, encoding: string, isLatin1: boolean): Buffer | undefined {
  const { bytes } = tableOf(encoding)
  const encoded = Buffer.alloc(text.length)
  for (let index = 0; index < text.length; index++) {
    const byte = bytes.get(text.charAt(index))
    if (byte === undefined || (isLatin1 && byte >= 0x80 && byte < 0xa0)) return undefined
    encoded[index] = byte
  }
  return encoded
}
