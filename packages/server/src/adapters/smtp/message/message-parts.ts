import { type ParameterisedValue, readParameterisedValue } from './content-type.ts'
import {
  fieldsNamed,
  type HeaderBlock,
  type HeaderField,
  type HeaderProblem,
  readHeaderBlock,
  trimBlanks,
  unfoldedValue,
} from './header-block.ts'

/** One entity of a message (RFC 2045 §2.4) by its place: nothing is copied, so whatever nobody changes stays. */
export type MessagePart = {
  /** `opaque` is what readers may understand differently: it is passed on and never opened. */
  readonly kind: 'leaf' | 'multipart' | 'opaque'
  readonly header: HeaderBlock
  readonly bodyStart: number
  /** Before the line end that belongs to the boundary which follows (RFC 2046 §5.1.1). */
  readonly bodyEnd: number
  /** `text/plain` and the like, in lower case; as the default has it when the part says nothing (RFC 2045 §5.2). */
  readonly type: string
  readonly contentTypeField: HeaderField | undefined
  readonly contentType: ParameterisedValue | undefined
  /** In lower case; `7bit` when the part says nothing (RFC 2045 §6.1). */
  readonly encoding: string
  readonly disposition: ParameterisedValue | undefined
  readonly parts: readonly MessagePart[]
  readonly opaqueReason?: OpaqueReason
}

export type OpaqueReason =
  | HeaderProblem
  | 'repeated_content_field'
  | 'malformed_content_type'
  | 'malformed_disposition'
  | 'missing_boundary'
  | 'encoded_multipart'

export type ReadMessage = { readonly kind: 'message'; readonly root: MessagePart }
export type UnreadableReason =
  | HeaderProblem
  | 'empty'
  | 'bare_line_end'
  | 'line_too_long'
  | 'too_many_parts'
  | 'too_deep'
export type UnreadableMessage = { readonly kind: 'unreadable'; readonly reason: UnreadableReason }

/** Campaign mail nests three or four deep; Exchange and gateways add a few. */
export const partDepthMax = 20
/** A digest of a day's mails stays below; each part costs a header to read. */
export const partsMax = 1_000
/** RFC 5322 §2.1.1 says 998, and mail in the wild holds a whole page in one line. What is longer is no text. */
export const lineBytesMax = 1_000_000
/** RFC 2046 §5.1.1. */
const boundaryCharactersMax = 70

/**
 * Splits a message into header fields and parts by offsets. Every line must end in CRLF: a lone CR or LF is how one
 * message is smuggled inside another (RFC 5321 §2.3.8). Never throws, whatever the bytes are.
 */
export function readMessage(raw: Buffer): ReadMessage | UnreadableMessage {
  if (raw.length === 0) return { kind: 'unreadable', reason: 'empty' }
  const problem = lineProblem(raw)
  if (problem !== undefined) return { kind: 'unreadable', reason: problem }
  const header = readHeaderBlock(raw, 0, raw.length)
  if (header.kind === 'malformed') return { kind: 'unreadable', reason: header.reason }
  const count = { parts: 0 }
  const root = readPart(raw, header, raw.length, 'text/plain', 0, count)
  return typeof root === 'string' ? { kind: 'unreadable', reason: root } : { kind: 'message', root }
}

function lineProblem(raw: Buffer): 'bare_line_end' | 'line_too_long' | undefined {
  let lineStart = 0
  let lineFeed = raw.indexOf(0x0a)
  let carriageReturn = raw.indexOf(0x0d)
  while (lineFeed !== -1 || carriageReturn !== -1) {
    if (lineFeed !== carriageReturn + 1 || carriageReturn === -1) return 'bare_line_end'
    if (carriageReturn - lineStart > lineBytesMax) return 'line_too_long'
    lineStart = lineFeed + 1
    lineFeed = raw.indexOf(0x0a, lineStart)
    carriageReturn = raw.indexOf(0x0d, lineStart)
  }
  return raw.length - lineStart > lineBytesMax ? 'line_too_long' : undefined
}

type Count = { parts: number }

function readPart(
  raw: Buffer,
  header: HeaderBlock,
  end: number,
  defaultType: string,
  depth: number,
  count: Count,
): MessagePart | 'too_many_parts' | 'too_deep' {
  count.parts++
  if (count.parts > partsMax) return 'too_many_parts'
  if (depth > partDepthMax) return 'too_deep'
  const described = describeEntity(raw, header, end, defaultType)
  if (described.kind === 'opaque' || !described.type.startsWith('multipart/')) return described
  // RFC 2045 §6.4: a multipart is never encoded itself.
  if (!identityEncodings.has(described.encoding)) return opaque(described, 'encoded_multipart')
  const boundary = described.contentType?.parameters.get('boundary')?.value.trimEnd() ?? ''
  const ranges = boundary === '' || boundary.length > boundaryCharactersMax ? [] : bodyRanges(raw, described, boundary)
  if (ranges.length === 0) return opaque(described, 'missing_boundary')
  // RFC 2046 §5.1.5: what stands in a digest is a message unless it says otherwise.
  const childType = described.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  const parts: MessagePart[] = []
  for (const range of ranges) {
    const block = readHeaderBlock(raw, range.start, range.end)
    const child =
      block.kind === 'malformed'
        ? unreadablePart(range, block.reason)
        : readPart(raw, block, range.end, childType, depth + 1, count)
    if (typeof child === 'string') return child
    parts.push(child)
    if (parts.length > partsMax) return 'too_many_parts'
  }
  return { ...described, kind: 'multipart', parts }
}

export const identityEncodings: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])

function describeEntity(raw: Buffer, header: HeaderBlock, bodyEnd: number, defaultType: string): MessagePart {
  const contentTypes = fieldsNamed(header.fields, 'content-type')
  const encodings = fieldsNamed(header.fields, 'content-transfer-encoding')
  const dispositions = fieldsNamed(header.fields, 'content-disposition')
  const [contentTypeField] = contentTypes
  const read = (field: HeaderField | undefined) =>
    field && readParameterisedValue(raw.toString('latin1', field.valueStart, field.end))
  const contentType = read(contentTypeField)
  const disposition = read(dispositions[0])
  const encoding = encodings[0] === undefined ? '7bit' : withoutComments(unfoldedValue(raw, encodings[0]))
  const part: MessagePart = {
    kind: 'leaf',
    header,
    bodyStart: Math.min(header.bodyStart, bodyEnd),
    bodyEnd,
    type: contentType?.word ?? defaultType,
    contentTypeField,
    contentType,
    encoding,
    disposition,
    parts: [],
  }
  if (contentTypes.length > 1 || encodings.length > 1 || dispositions.length > 1) {
    return opaque(part, 'repeated_content_field')
  }
  if (contentTypeField !== undefined && !/^[^/]+\/[^/]+$/.test(contentType?.word ?? '')) {
    return opaque(part, 'malformed_content_type')
  }
  if (dispositions.length > 0 && disposition === undefined) return opaque(part, 'malformed_disposition')
  return part
}

function withoutComments(value: string): string {
  return trimBlanks(value.replace(/\([^()]*\)/g, '')).toLowerCase()
}

function opaque(part: MessagePart, opaqueReason: OpaqueReason): MessagePart {
  return { ...part, kind: 'opaque', opaqueReason }
}

function unreadablePart(range: Range, reason: HeaderProblem): MessagePart {
  const header: HeaderBlock = { kind: 'header', fields: [], end: range.start, bodyStart: range.start, isClosed: false }
  return {
    kind: 'opaque',
    header,
    bodyStart: range.start,
    bodyEnd: range.end,
    type: 'application/octet-stream',
    contentTypeField: undefined,
    contentType: undefined,
    encoding: '7bit',
    disposition: undefined,
    parts: [],
    opaqueReason: reason,
  }
}

type Range = { readonly start: number; readonly end: number }

/**
 * What stands between the boundary lines. The outer boundary is looked for first, so an inner part that never closes
 * ends where the outer one goes on (RFC 2046 §5.1.2). Without a closing boundary the last part ends with its parent.
 */
function bodyRanges(raw: Buffer, parent: MessagePart, boundary: string): readonly Range[] {
  const marker = Buffer.from(`--${boundary}`, 'latin1')
  const ranges: Range[] = []
  let openAt: number | undefined
  let position = parent.bodyStart
  while (ranges.length <= partsMax) {
    const found = raw.indexOf(marker, position)
    if (found === -1 || found + marker.length > parent.bodyEnd) break
    position = found + marker.length
    const line = boundaryLine(raw, parent, found, position)
    if (line === undefined) continue
    if (openAt !== undefined) ranges.push({ start: openAt, end: Math.max(openAt, found - 2) })
    openAt = line.isClosing ? undefined : line.next
    if (line.isClosing) break
    position = line.next
  }
  if (openAt !== undefined && ranges.length <= partsMax) ranges.push({ start: openAt, end: parent.bodyEnd })
  return ranges
}

function boundaryLine(raw: Buffer, parent: MessagePart, found: number, after: number) {
  if (found !== parent.bodyStart && raw[found - 1] !== 0x0a) return undefined
  const lineEnd = raw.indexOf('\r\n', after, 'latin1')
  const end = lineEnd === -1 || lineEnd > parent.bodyEnd ? parent.bodyEnd : lineEnd
  // Nothing but white space may follow, or it is another boundary that begins alike.
  const rest = end - after > boundaryCharactersMax + 2 ? 'too long' : raw.toString('latin1', after, end)
  if (!/^(?:--)?[ \t]*$/.test(rest)) return undefined
  return { isClosing: rest.startsWith('--'), next: Math.min(end + 2, parent.bodyEnd) }
}
