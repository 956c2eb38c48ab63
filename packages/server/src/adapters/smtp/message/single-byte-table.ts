import iconv from 'iconv-lite'

/** A charset of one byte a character. */
export type SingleByteTable = {
  /** By byte; `\ufffd` for one that means nothing. */
  readonly characters: readonly string[]
  readonly bytes: ReadonlyMap<string, number>
  /** Every printable ASCII character and line end means itself. */
  readonly isAsciiWithin: boolean
}

/** 0x80 to 0x9F of windows-1252, which some versions of Node decode as control characters. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'
/** What iconv-lite takes for an encoding and is none of one byte a character, or none of text at all. */
const noSingleByte = /^(?:hex|base64|binary|utf|ucs|cesu|unicode|cp9(?:32|36|49|50)|ks|gb|euc|big5|shift|sjis)/
/** A charset of several bytes has as many lead bytes that mean nothing alone; Arabic and Thai sets leave fewer free. */
const emptyPlacesMax = 90

/** Bounded by the number of encodings that TextDecoder and iconv-lite know: what they do not is not kept. */
const tables = new Map<string, SingleByteTable>()

/** The table of an encoding by its name in TextDecoder, else in iconv-lite; undefined where neither has one. */
export function singleByteTable(encoding: string): SingleByteTable | undefined {
  const known = tables.get(encoding)
  if (known !== undefined) return known
  const decode = decoderOf(encoding)
  if (decode === undefined) return undefined
  const characters = Array.from({ length: 256 }, (_, byte) => decode(byte))
  if (characters.filter((character) => character === '\ufffd').length > emptyPlacesMax) return undefined
  const bytes = new Map<string, number>()
  // Downwards, so that of two bytes for one character the ASCII one is written.
  for (let byte = 255; byte >= 0; byte--) bytes.set(characters[byte] ?? '\ufffd', byte)
  bytes.delete('\ufffd')
  const table = { characters, bytes, isAsciiWithin: characters.every(meansItself) }
  tables.set(encoding, table)
  return table
}

function meansItself(character: string, byte: number): boolean {
  const isShown = (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d
  return !isShown || character === String.fromCharCode(byte)
}

function decoderOf(encoding: string): ((byte: number) => string) | undefined {
  if (encoding === 'windows-1252') {
    return (byte) => (byte >= 0x80 && byte < 0xa0 ? windows1252.charAt(byte - 0x80) : String.fromCharCode(byte))
  }
  try {
    const decoder = new TextDecoder(encoding)
    return (byte) => decoder.decode(Uint8Array.of(byte))
  } catch {
    if (noSingleByte.test(encoding) || !iconv.encodingExists(encoding)) return undefined
    return (byte) => iconv.decode(Buffer.of(byte), encoding)
  }
}
