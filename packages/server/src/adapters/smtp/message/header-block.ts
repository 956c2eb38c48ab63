/** One header field by its place in the message: the bytes stay where they are, folding and all. */
export type HeaderField = {
  /** In lower case. */
  readonly name: string
  /** The first byte of the name. */
  readonly start: number
  /** The first byte after the colon. */
  readonly valueStart: number
  /** After the line end that closes the field. */
  readonly end: number
}

export type HeaderBlock = {
  readonly kind: 'header'
  readonly fields: readonly HeaderField[]
  /** After the last field. */
  readonly end: number
  /** After the empty line, or `end` when there is none. */
  readonly bodyStart: number
  /** False when the message or part stops after its header (RFC 5322 §2.1: the body is optional). */
  readonly isClosed: boolean
}

export type HeaderProblem = 'header_too_large' | 'too_many_fields' | 'malformed_header'

/** Postfix keeps 100 KB of header by default (header_size_limit is 102,400); twice that passes whatever it passes. */
export const headerBytesMax = 204_800
/** Far above the fields a message collects on its way; a hundred Received alone would already be a loop (RFC 5321 §6.3). */
export const headerFieldsMax = 1_000

const carriageReturn = 0x0d
const colon = 0x3a
const space = 0x20
const tab = 0x09

/**
 * Reads the header between two offsets of a message whose lines all end in CRLF. A line that is neither a field nor the
 * continuation of one makes it malformed: readers differ in what they make of it, so nothing is built upon it.
 */
export function readHeaderBlock(
  raw: Buffer,
  start: number,
  end: number,
): HeaderBlock | { readonly kind: 'malformed'; readonly reason: HeaderProblem } {
  const fields: HeaderField[] = []
  let position = start
  while (position < end) {
    if (raw[position] === carriageReturn) {
      return { kind: 'header', fields, end: position, bodyStart: Math.min(position + 2, end), isClosed: true }
    }
    const valueStart = endOfName(raw, position, end)
    if (valueStart === undefined) return { kind: 'malformed', reason: 'malformed_header' }
    const next = endOfField(raw, position, end)
    if (next - start > headerBytesMax) return { kind: 'malformed', reason: 'header_too_large' }
    if (fields.length === headerFieldsMax) return { kind: 'malformed', reason: 'too_many_fields' }
    const name = raw
      .toString('latin1', position, valueStart - 1)
      .trimEnd()
      .toLowerCase()
    fields.push({ name, start: position, valueStart, end: next })
    position = next
  }
  return { kind: 'header', fields, end: position, bodyStart: position, isClosed: false }
}

/** RFC 5322 §3.6.8: printable US-ASCII but the colon; §4.5.1 lets old messages put white space before the colon. */
function endOfName(raw: Buffer, start: number, end: number): number | undefined {
  let position = start
  while (position < end && isNameByte(raw[position])) position++
  if (position === start) return undefined
  while (position < end && (raw[position] === space || raw[position] === tab)) position++
  return raw[position] === colon && position < end ? position + 1 : undefined
}

function isNameByte(byte: number | undefined): boolean {
  return byte !== undefined && byte > space && byte < 0x7f && byte !== colon
}

function endOfField(raw: Buffer, start: number, end: number): number {
  let position = start
  do {
    const lineEnd = raw.indexOf('\r\n', position, 'latin1')
    if (lineEnd === -1 || lineEnd + 2 > end) return end
    position = lineEnd + 2
  } while (position < end && (raw[position] === space || raw[position] === tab))
  return position
}

/**
 * The value on one line, one character a byte, without the white space around it (RFC 5322 §2.2.3): spaces and tabs. A
 * no-break space is none of it, and makes another word of `base64` for every reader.
 */
export function unfoldedValue(raw: Buffer, field: HeaderField): string {
  return trimBlanks(raw.toString('latin1', field.valueStart, field.end).replaceAll('\r\n', ''))
}

export function trimBlanks(text: string): string {
  return text.replace(/^[ \t]+/, '').replace(/(?<![ \t])[ \t]+$/, '')
}

export function fieldsNamed(fields: readonly HeaderField[], name: string): readonly HeaderField[] {
  return fields.filter((field) => field.name === name)
}
