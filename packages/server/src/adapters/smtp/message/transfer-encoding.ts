import { applySplices, type Splice } from './splices.ts'

/** A body as the sender meant it, and how a change of it is written in the encoding it travels in (RFC 2045 §6). */
export type DecodedBody = {
  readonly bytes: Buffer
  /** Changes of the encoded bytes that make these changes of the decoded ones. Empty in, empty out. */
  encodeSplices(splices: readonly Splice[]): readonly Splice[]
}

/** RFC 2045 §6.7 and §6.8: no encoded line is longer. */
const encodedLineCharactersMax = 76

/** Undefined for an encoding that is unknown, or that the body does not keep to. */
export function decodeTransfer(encoded: Buffer, encoding: string): DecodedBody | undefined {
  switch (encoding) {
    case '7bit':
    case '8bit':
    case 'binary':
      return { bytes: encoded, encodeSplices: (splices) => splices }
    case 'quoted-printable':
      return decodeQuotedPrintable(encoded)
    case 'base64':
      return decodeBase64(encoded)
    default:
      return undefined
  }
}

const equals = 0x3d
const carriageReturn = 0x0d
const lineFeed = 0x0a

function decodeQuotedPrintable(encoded: Buffer): DecodedBody {
  const bytes = Buffer.allocUnsafe(encoded.length)
  // Where each decoded byte begins in the encoded ones.
  const places = new Uint32Array(encoded.length + 1)
  let length = 0
  let position = 0
  while (position < encoded.length) {
    const byte = encoded[position] ?? 0
    if (byte === equals) {
      const softEnd = endOfSoftBreak(encoded, position + 1)
      if (softEnd !== undefined) {
        position = softEnd
        continue
      }
    } else if (isBlank(byte)) {
      // §6.7 rule 3: white space at the end of an encoded line was added on the way. The run is read as a whole, or a
      // long one would be looked through once for each of its bytes.
      const next = endOfBlanks(encoded, position)
      const isTrailing = next === encoded.length || encoded[next] === carriageReturn
      for (; position < next; position++) {
        if (isTrailing) continue
        places[length] = position
        bytes[length++] = encoded[position] ?? 0
      }
      continue
    }
    places[length] = position
    const escaped = byte === equals ? hexByte(encoded, position + 1) : undefined
    bytes[length] = escaped ?? byte
    position += escaped === undefined ? 1 : 3
    length++
  }
  places[length] = encoded.length
  const decoded = bytes.subarray(0, length)
  return {
    bytes: decoded,
    encodeSplices: (splices) => splices.map((one) => quotedSplice(encoded, decoded, places, one)),
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09
}

function endOfBlanks(encoded: Buffer, from: number): number {
  let position = from
  while (isBlank(encoded[position])) position++
  return position
}

/** After `=`: the place where the line goes on, when the line ends here (white space may have been added before the end). */
function endOfSoftBreak(encoded: Buffer, from: number): number | undefined {
  const position = endOfBlanks(encoded, from)
  if (position >= encoded.length) return encoded.length
  return encoded[position] === carriageReturn && encoded[position + 1] === lineFeed ? position + 2 : undefined
}

function hexByte(encoded: Buffer, position: number): number | undefined {
  const high = hexDigit(encoded[position])
  const low = hexDigit(encoded[position + 1])
  return high === undefined || low === undefined ? undefined : high * 16 + low
}

function hexDigit(byte: number | undefined): number | undefined {
  if (byte === undefined) return undefined
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : undefined
}

/** The new text gets encoded lines of its own between soft breaks, so that no encoded byte around it has to move. */
function quotedSplice(encoded: Buffer, decoded: Buffer, places: Uint32Array, splice: Splice): Splice {
  // At a line end an addition follows the last byte that counts: what stands between may be a soft break or white space
  // that is no part of the text.
  const isAtLineEnd = splice.start >= decoded.length || decoded[splice.start] === carriageReturn
  const follows = isAtLineEnd && splice.start === splice.end
  const start = follows ? endOfByteBefore(encoded, places, splice.start) : (places[splice.start] ?? 0)
  const end = splice.end > splice.start ? endOfByte(encoded, places, splice.end - 1) : start
  const column = start - (encoded.lastIndexOf('\n', start - 1, 'latin1') + 1)
  const startsLine = start === 0 || column === 0
  const beginsWithBreak = splice.bytes[0] === carriageReturn && !isBlank(encoded[start - 1])
  const endsWithBreak = splice.bytes.at(-1) === lineFeed
  const text = encodeQuotedPrintable(splice.bytes)
  const before = startsLine || beginsWithBreak ? '' : '=\r\n'
  const after = endsWithBreak || end >= encoded.length || encoded[end] === carriageReturn ? '' : '=\r\n'
  const completed = isStrayEquals(encoded, start - 1) ? '3D' : ''
  return { start, end, bytes: Buffer.from(`${completed}${before}${text}${after}`, 'latin1') }
}

/** A `=` that begins nothing stands for itself; with an addition behind it, it would escape or swallow what is added. */
function isStrayEquals(encoded: Buffer, place: number): boolean {
  const isEquals = place >= 0 && encoded[place] === equals
  return isEquals && hexByte(encoded, place + 1) === undefined && endOfSoftBreak(encoded, place + 1) === undefined
}

function endOfByte(encoded: Buffer, places: Uint32Array, index: number): number {
  const place = places[index] ?? 0
  return encoded[place] === equals && hexByte(encoded, place + 1) !== undefined ? place + 3 : place + 1
}

function endOfByteBefore(encoded: Buffer, places: Uint32Array, index: number): number {
  return index === 0 ? (places[0] ?? 0) : endOfByte(encoded, places, index - 1)
}

/**
 * RFC 2045 §6.7. Every CRLF is a line end; a lone CR or LF is written as what it is. White space before a line end and
 * a dot that begins a line are escaped, since gateways are known to lose the one and double the other.
 */
export function encodeQuotedPrintable(bytes: Buffer): string {
  let result = ''
  let line = ''
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    if (byte === carriageReturn && bytes[index + 1] === lineFeed) {
      result += `${line}\r\n`
      line = ''
      index++
      continue
    }
    // One column is left for the `=` of a soft break.
    const token = quotedByte(byte, line === '', isBlank(byte) && isLineEnd(bytes, index + 1))
    if (line.length + token.length < encodedLineCharactersMax) {
      line += token
      continue
    }
    result += `${line}=\r\n`
    line = quotedByte(byte, true, token.length === 3)
  }
  return result + line
}

function quotedByte(byte: number, startsLine: boolean, isTrailingBlank: boolean): string {
  const isPlain = (byte >= 0x20 && byte < 0x7f && byte !== equals) || byte === 0x09
  if (isPlain && !isTrailingBlank && !(startsLine && byte === 0x2e)) return String.fromCharCode(byte)
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

function isLineEnd(bytes: Buffer, index: number): boolean {
  return index >= bytes.length || (bytes[index] === carriageReturn && bytes[index + 1] === lineFeed)
}

/** A part in base64 is written anew as a whole: what follows an addition falls on other characters. */
function decodeBase64(encoded: Buffer): DecodedBody | undefined {
  const text = encoded.toString('latin1').trimEnd()
  const compact = text.replace(/[\r\n \t]+/g, '')
  // Characters outside the alphabet are skipped by some readers and end the body for others (RFC 2045 §6.8).
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined
  const bytes = Buffer.from(compact, 'base64')
  return {
    bytes,
    encodeSplices(splices) {
      if (splices.length === 0) return []
      const changed = applySplices(bytes, splices)
      return [{ start: 0, end: text.length, bytes: Buffer.from(encodeBase64(changed), 'latin1') }]
    },
  }
}

/** Lines of 76 characters, without a line end after the last. */
export function encodeBase64(bytes: Buffer): string {
  const text = bytes.toString('base64')
  const lines: string[] = []
  for (let start = 0; start < text.length; start += encodedLineCharactersMax) {
    lines.push(text.slice(start, start + encodedLineCharactersMax))
  }
  return lines.join('\r\n')
}
