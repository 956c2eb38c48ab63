import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import { charsetOf } from './charset-label.ts'
import { readShifted, type ShiftedBody } from './shifting-charset.ts'
import { singleByteTable } from './single-byte-table.ts'

/**
 * A body as text. `bytes` keeps one character a byte, for charsets in which every ASCII byte below 0x40 means itself
 * wherever it is seen in `text`: markup can be found and ASCII put in without decoding anything. `decoded` is for the
 * others, whose whole body has to leave as UTF-8.
 */
export type CharsetView =
  | {
      readonly kind: 'bytes'
      readonly text: string
      /** The bytes of an addition at this place; undefined when the charset has no such character, or no such place. */
      encode(text: string, at: number): Buffer | undefined
      /** Nobody knows the charset, so nothing but ASCII can be put in, and nothing be decoded. */
      readonly isUnknown: boolean
    }
  | { readonly kind: 'decoded'; readonly text: string }

/** How a body in this charset can be read and added to; undefined when the bytes are not in it, or it is none of ours. */
export function viewBody(body: Buffer, given: string | undefined): CharsetView | undefined {
  const charset = charsetOf(given)
  switch (charset.kind) {
    case 'ascii':
    case 'multi_byte':
      return bytesView(body, encodeAscii)
    case 'utf-8':
      return bytesView(body, (text) => Buffer.from(text, 'utf8'))
    case 'single_byte':
      return viewSingleBytes(body, charset.encoding, charset.label)
    case 'shifting': {
      const shifted = readShifted(body, charset.scheme)
      if (shifted === undefined || shifted.hidesMarks) return decodedView(shifted && decodeShifted(shifted))
      return { kind: 'bytes', text: shifted.text, encode: shifted.encode, isUnknown: false }
    }
    case 'wide':
      return decodedView(decodeWide(body, charset.encoding, charset.label))
    case 'unknown':
      return viewUnknown(body)
    case 'foreign':
      return undefined
  }
}

/** The whole body as text, for leaving as UTF-8; undefined when the bytes are not in the charset. */
export function decodeBody(body: Buffer, given: string | undefined): string | undefined {
  const charset = charsetOf(given)
  switch (charset.kind) {
    // Who declares US-ASCII and writes more means UTF-8 or, as every client takes it, windows-1252.
    case 'ascii':
      return decodeGuessed(body)
    case 'utf-8':
      return decodeWith('utf-8', body)
    case 'multi_byte':
      return decodeWith(charset.encoding, body)
    case 'single_byte':
      return decodeSingleBytes(body, charset.encoding)
    case 'shifting': {
      const shifted = readShifted(body, charset.scheme)
      return shifted && decodeShifted(shifted)
    }
    case 'wide':
      return decodeWide(body, charset.encoding, charset.label)
    case 'unknown':
    case 'foreign':
      return undefined
  }
}

/** As a reader's program shows it: one that does not know the charset, or finds it broken, guesses as for none. */
export function showBody(body: Buffer, given: string | undefined): string | undefined {
  const decoded = decodeBody(body, given)
  if (decoded !== undefined) return decoded
  return viewBody(body, given)?.kind === 'bytes' ? decodeGuessed(body) : undefined
}

function bytesView(body: Buffer, encode: (text: string) => Buffer | undefined): CharsetView {
  return { kind: 'bytes', text: body.toString('latin1'), encode, isUnknown: false }
}

function decodedView(text: string | undefined): CharsetView | undefined {
  return text === undefined ? undefined : { kind: 'decoded', text }
}

function viewSingleBytes(body: Buffer, encoding: string, label: string): CharsetView | undefined {
  const table = singleByteTable(encoding)
  if (table === undefined) return viewUnknown(body)
  if (!table.isAsciiWithin) return decodedView(decodeSingleBytes(body, encoding))
  // WHATWG reads ISO-8859-1 as windows-1252, and ISO-8859-9 as windows-1254. What we write is what both agree on.
  const isLatin = /^windows-125[24]$/.test(encoding) && !/125[24]/.test(label)
  return bytesView(body, (text) => encodeSingleBytes(text, table.bytes, isLatin))
}

/** Bytes that shift (SO, SI, ESC), and the empty ones of UTF-16, tell that ASCII is not what it seems. */
const noAscii = [0x00, 0x0e, 0x0f, 0x1b]

/** Labels like `x-unknown`, `8bit` or `default`: what is put in is ASCII, which all that mail is sent in has in common. */
function viewUnknown(body: Buffer): CharsetView | undefined {
  if (noAscii.some((byte) => body.includes(byte))) return undefined
  return { kind: 'bytes', text: body.toString('latin1'), encode: encodeAscii, isUnknown: true }
}

function decodeGuessed(body: Buffer): string | undefined {
  return isUtf8(body) ? body.toString('utf8') : decodeSingleBytes(body, 'windows-1252')
}

function decodeShifted({ plain }: ShiftedBody): string | undefined {
  return plain && decodeWith(plain.encoding, plain.bytes)
}

function decodeWide(body: Buffer, encoding: string, label: string): string | undefined {
  if (encoding === 'utf-32') {
    const isLittle = body[0] === 0xff && body[1] === 0xfe
    const named = /[bl]e$/.exec(label)?.[0] ?? (isLittle ? 'le' : 'be')
    const text = body.length % 4 === 0 ? iconv.decode(body, `utf-32${named}`, { stripBOM: false }) : '\ufffd'
    return text.includes('\ufffd') ? undefined : text
  }
  // RFC 2781 §4.3: plain "utf-16" is told by its byte order mark. Without one there is only guessing.
  const order = label === 'utf-16' ? byteOrder(body) : encoding
  return order === undefined ? undefined : decodeWith(order, body)
}

function decodeWith(encoding: string, body: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(body)
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

function decodeSingleBytes(body: Buffer, encoding: string): string | undefined {
  const characters = singleByteTable(encoding)?.characters
  if (characters === undefined) return undefined
  const text = Array.from(body, (byte) => characters[byte] ?? '\ufffd').join('')
  return text.includes('\ufffd') ? undefined : text
}

function encodeSingleBytes(text: string, bytes: ReadonlyMap<string, number>, isLatin: boolean): Buffer | undefined {
  const encoded = Buffer.alloc(text.length)
  for (let index = 0; index < text.length; index++) {
    const byte = bytes.get(text.charAt(index))
    if (byte === undefined || (isLatin && byte >= 0x80 && byte < 0xa0)) return undefined
    encoded[index] = byte
  }
  return encoded
}
