import type { BodyPart } from './body-parts.ts'
import { type CharsetView, decodeBody, isAscii, viewBody } from './charset.ts'
import { fieldsNamed } from './header-block.ts'
import { identityEncodings, type MessagePart } from './message-parts.ts'
import { waysInPlainLetters } from './plain-words.ts'
import { applySplices, applyTextSplices, type Splice, type TextSplice } from './splices.ts'
import { type DecodedBody, decodeTransfer, encodeBase64, encodeQuotedPrintable } from './transfer-encoding.ts'
import { type PlacedWaysOut, placeInHtml, placeInText, type WaysOut } from './ways-out.ts'

export type UntouchedReason =
  | 'unclosed_header'
  | 'unknown_encoding'
  | 'unknown_charset'
  | 'undecodable_charset'
  | 'inline_pgp'
  | 'no_place'

export type RewrittenPart =
  | { readonly kind: 'added' | 'placeholders'; readonly splices: readonly Splice[] }
  | { readonly kind: 'untouched'; readonly reason: UntouchedReason }

/** RFC 5322 §2.1.1: a longer line is cut by the next hop, which breaks every signature made before. */
const lineCharactersMax = 998
const inlinePgp = /^-----BEGIN PGP (?:SIGNED )?MESSAGE-----/m

/**
 * The changes that put the ways out into one part. Encoding and charset stay whenever all that is put in can be said in
 * them; else the part leaves as UTF-8, in quoted-printable where 7bit cannot carry it. What was there stays, decoded,
 * byte for byte, or character for character where the charset changes. Where nobody knows the charset, or the bytes are
 * not in it, what is put in is plain ASCII.
 */
export function rewritePart(raw: Buffer, body: BodyPart, ways: WaysOut): RewrittenPart {
  const { part } = body
  if (!part.header.isClosed) return { kind: 'untouched', reason: 'unclosed_header' }
  const decoded = decodeTransfer(raw.subarray(part.bodyStart, part.bodyEnd), part.encoding)
  if (decoded === undefined) return { kind: 'untouched', reason: 'unknown_encoding' }
  const parameters = part.contentType?.parameters
  // RFC 2231 spells a parameter in pieces with asterisks; nobody does so for a charset but to confuse.
  if ([...(parameters?.keys() ?? [])].some((name) => name.startsWith('charset*'))) {
    return { kind: 'untouched', reason: 'unknown_charset' }
  }
  const charset = parameters?.get('charset')?.value
  const view = viewBody(decoded.bytes, charset)
  if (view === undefined) return { kind: 'untouched', reason: 'unknown_charset' }
  if (body.kind === 'text' && inlinePgp.test(view.text)) return { kind: 'untouched', reason: 'inline_pgp' }

  if (view.kind === 'decoded') return asUtf8(raw, body, view.text, ways)
  const kept = view.isUnknown ? undefined : inCharset(raw, body, decoded, view, ways)
  if (kept !== undefined) return kept
  const whole = view.isUnknown ? undefined : decodeBody(decoded.bytes, charset)
  if (whole !== undefined) return asUtf8(raw, body, whole, ways)
  // What cannot be decoded for certain stays as it is, and takes ASCII: references in HTML, letters without marks in text.
  const plain = inCharset(raw, body, decoded, view, body.kind === 'html' ? ways : waysInPlainLetters(ways))
  return plain ?? { kind: 'untouched', reason: 'undecodable_charset' }
}

type BytesView = Extract<CharsetView, { kind: 'bytes' }>

/** With every byte that was there; undefined when the charset cannot say what is put in, or not at that place. */
function inCharset(
  raw: Buffer,
  body: BodyPart,
  decoded: DecodedBody,
  view: BytesView,
  ways: WaysOut,
): RewrittenPart | undefined {
  const placed = place(body, view.text, ways)
  if (placed.kind === 'no_place') return { kind: 'untouched', reason: 'no_place' }
  const splices = encodeAll(placed.splices, view.encode)
  return splices && { kind: placed.kind, splices: keepCharset(raw, body.part, decoded, splices) }
}

function asUtf8(raw: Buffer, body: BodyPart, text: string, ways: WaysOut): RewrittenPart {
  const placed = place(body, text, ways)
  if (placed.kind === 'no_place') return { kind: 'untouched', reason: 'no_place' }
  const changed = Buffer.from(applyTextSplices(text, placed.splices), 'utf8')
  return { kind: placed.kind, splices: [...encodeAnew(raw, body.part, changed), ...declareUtf8(body.part)] }
}

function place(body: BodyPart, text: string, ways: WaysOut): PlacedWaysOut {
  if (body.kind === 'html') return placeInHtml(text, ways)
  const format = body.part.contentType?.parameters.get('format')?.value.toLowerCase()
  return placeInText(text, ways, format === 'flowed')
}

function encodeAll(splices: readonly TextSplice[], encode: BytesView['encode']): readonly Splice[] | undefined {
  const encoded: Splice[] = []
  for (const { start, end, text } of splices) {
    const bytes = encode(text, start)
    if (bytes === undefined) return undefined
    encoded.push({ start, end, bytes })
  }
  return encoded
}

/** In the encoded bytes where they can take it, so that all around the additions stays even as it was encoded. */
function keepCharset(
  raw: Buffer,
  part: MessagePart,
  decoded: DecodedBody,
  splices: readonly Splice[],
): readonly Splice[] {
  const isPlain = identityEncodings.has(part.encoding)
  const needs8bit = part.encoding === '7bit' && splices.some(({ bytes }) => !isAscii(bytes.toString('latin1')))
  // An address in place of a short placeholder can make a line too long that was not.
  const changed = isPlain ? applySplices(decoded.bytes, splices) : undefined
  if (changed !== undefined && (needs8bit || (part.encoding !== 'binary' && hasLongLine(changed)))) {
    return encodeAnew(raw, part, changed)
  }
  return decoded
    .encodeSplices(splices)
    .map(({ start, end, bytes }) => ({
      start: part.bodyStart + start,
      end: part.bodyStart + end,
      bytes,
    }))
    .concat(withoutChecksum(part))
}

function hasLongLine(bytes: Buffer): boolean {
  let start = 0
  for (;;) {
    const end = bytes.indexOf('\r\n', start, 'latin1')
    if ((end === -1 ? bytes.length : end) - start > lineCharactersMax) return true
    if (end === -1) return false
    start = end + 2
  }
}

/** The whole body written again: in base64 if it was, else in quoted-printable, which passes every hop. */
function encodeAnew(raw: Buffer, part: MessagePart, changed: Buffer): readonly Splice[] {
  const { bodyStart, bodyEnd, encoding, header } = part
  if (encoding === 'base64') {
    const end = bodyStart + raw.toString('latin1', bodyStart, bodyEnd).trimEnd().length
    return [{ start: bodyStart, end, bytes: ascii(encodeBase64(changed)) }, ...withoutChecksum(part)]
  }
  const body = { start: bodyStart, end: bodyEnd, bytes: ascii(encodeQuotedPrintable(changed)) }
  if (encoding === 'quoted-printable') return [body, ...withoutChecksum(part)]
  const line = ascii('Content-Transfer-Encoding: quoted-printable\r\n')
  const [field] = fieldsNamed(header.fields, 'content-transfer-encoding')
  const declared = { start: field?.start ?? header.end, end: field?.end ?? header.end, bytes: line }
  return [body, declared, ...withoutChecksum(part)]
}

/** RFC 1864: a checksum of the body as it was would now be wrong. */
function withoutChecksum(part: MessagePart): readonly Splice[] {
  return fieldsNamed(part.header.fields, 'content-md5').map(({ start, end }) => ({ start, end, bytes: ascii('') }))
}

function declareUtf8(part: MessagePart): readonly Splice[] {
  const { contentType, contentTypeField, header } = part
  if (contentType === undefined || contentTypeField === undefined) {
    const line = ascii(`Content-Type: ${part.type}; charset=utf-8\r\n`)
    return [{ start: header.end, end: header.end, bytes: line }]
  }
  const at = contentTypeField.valueStart
  const charset = contentType.parameters.get('charset')
  if (charset !== undefined) return [{ start: at + charset.start, end: at + charset.end, bytes: ascii('utf-8') }]
  return [{ start: at + contentType.end, end: at + contentType.end, bytes: ascii('; charset=utf-8') }]
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
