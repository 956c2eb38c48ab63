import { type ClosedReason, findBody } from '../../smtp/message/body-parts.ts'
import { decodeBody } from '../../smtp/message/charset.ts'
import { fieldsNamed, type HeaderBlock, unfoldedValue } from '../../smtp/message/header-block.ts'
import { readMessage } from '../../smtp/message/message-parts.ts'
import { decodeTransfer } from '../../smtp/message/transfer-encoding.ts'
import { partCharactersMax } from '../check-limits.ts'
import type { BodyView } from './body-view.ts'
import { type HtmlViews, viewHtml } from './html-view.ts'
import { viewText } from './text-view.ts'

/** One part that shows the message. */
export type EmailPart = {
  readonly where: string
  readonly light: BodyView
  readonly dark?: BodyView
  readonly narrow?: BodyView
}

export type ReadEmail = {
  readonly kind: 'email'
  readonly raw: Buffer
  readonly header: HeaderBlock
  readonly parts: readonly EmailPart[]
  /** What of it could not be read, in words. */
  readonly unread: readonly string[]
  /** Why its body was not opened at all. */
  readonly closed?: ClosedReason
}

/** Takes a mail apart for its readers' eyes. Never throws, whatever the bytes are. */
export function readEmail(bytes: Buffer): ReadEmail | { readonly kind: 'unreadable'; readonly reason: string } {
  const raw = withCrlf(bytes)
  const read = readMessage(raw)
  if (read.kind === 'unreadable') return { kind: 'unreadable', reason: read.reason }
  const { header } = read.root
  const body = findBody(read.root)
  if (body.kind === 'closed') {
    const unread = [`the body cannot be read (${body.reason})`]
    return { kind: 'email', raw, header, parts: [], unread, closed: body.reason }
  }
  const parts: EmailPart[] = []
  const unread: string[] = []
  for (const { kind, part } of body.parts) {
    const where = kind === 'html' ? 'the HTML part' : 'the text part'
    const text = textOf(
      raw.subarray(part.bodyStart, part.bodyEnd),
      part.encoding,
      part.contentType?.parameters.get('charset')?.value,
    )
    if (text === undefined) unread.push(`${where} is not encoded as it says`)
    else if (text.length > partCharactersMax) unread.push(`${where} is larger than ${partCharactersMax} characters`)
    else if (kind === 'text') parts.push({ where, light: viewText(text) })
    else addHtml(viewHtml(text), where, parts, unread)
  }
  return { kind: 'email', raw, header, parts, unread }
}

function addHtml(html: HtmlViews, where: string, parts: EmailPart[], unread: string[]): void {
  if (html.kind === 'views') parts.push({ where, ...html.views })
  else unread.push(`${where} has too many or too deeply nested elements`)
}

/** A mail saved to a file often has the line ends of the machine; one that has both kinds is left to be refused. */
function withCrlf(bytes: Buffer): Buffer {
  if (bytes.includes('\r')) return bytes
  return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
}

function textOf(encoded: Buffer, encoding: string, charset: string | undefined): string | undefined {
  const decoded = decodeTransfer(encoded, encoding)
  return decoded === undefined ? undefined : decodeBody(decoded.bytes, charset)
}

/** The values of a field, unfolded, one entry for each time it occurs. */
export function valuesOf({ raw, header }: ReadEmail, name: string): readonly string[] {
  return fieldsNamed(header.fields, name).map((field) =>
    Buffer.from(unfoldedValue(raw, field), 'latin1').toString('utf8'),
  )
}

/** All that its readers see, whichever part they are shown. */
export function seenText({ parts }: ReadEmail): string {
  return parts.map(({ light }) => light.text).join('\n')
}
