import { createHash } from 'node:crypto'

const space = 0x20
const tab = 0x09
const carriageReturn = 0x0d
const lineFeed = 0x0a

/** One field in relaxed form (RFC 6376 §3.4.2), without its CRLF. Takes and gives one character a byte. */
export function relaxedField(field: string): string {
  const colon = field.indexOf(':')
  const name = field
    .slice(0, colon)
    .replace(/[ \t]+$/, '')
    .toLowerCase()
  const value = field
    .slice(colon + 1)
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
  return `${name}:${trimSpaces(value)}`
}

function trimSpaces(value: string): string {
  const start = value.startsWith(' ') ? 1 : 0
  return value.endsWith(' ') && value.length > start ? value.slice(start, -1) : value.slice(start)
}

/** SHA-256 of the body in relaxed form (RFC 6376 §3.4.4), in base64. */
export function relaxedBodyHash(body: Buffer): string {
  return createHash('sha256').update(relaxedBody(body)).digest('base64')
}

/**
 * White space within a line shrinks to one space, at its end it goes; empty lines at the end of the body go, and what is
 * left ends in one CRLF (nothing stays nothing).
 */
export function relaxedBody(body: Buffer): Buffer {
  const relaxed = Buffer.allocUnsafe(body.length + 2)
  let length = 0
  /** After the last byte that is neither a line end nor white space before one. */
  let lasting = 0
  let hasSpace = false
  for (let index = 0; index < body.length; index++) {
    const byte = body[index] ?? 0
    if (byte === space || byte === tab) {
      hasSpace = true
      continue
    }
    if (byte === carriageReturn && body[index + 1] === lineFeed) {
      relaxed[length++] = carriageReturn
      relaxed[length++] = lineFeed
      index++
      hasSpace = false
      continue
    }
    if (hasSpace) relaxed[length++] = space
    hasSpace = false
    relaxed[length++] = byte
    lasting = length
  }
  if (lasting === 0) return Buffer.alloc(0)
  relaxed[lasting] = carriageReturn
  relaxed[lasting + 1] = lineFeed
  return relaxed.subarray(0, lasting + 2)
}
