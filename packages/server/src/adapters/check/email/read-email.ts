import { type ClosedReason, findBody } from '../../smtp/message/body-parts.ts'
import { showBody } from '../../smtp/message/charset.ts'
import { fieldsNamed, type HeaderBlock, unfoldedValue } from '../../smtp/message/header-block.ts'
import { readMessage, type UnreadableReason } from '../../smtp/message/message-parts.ts'
import { decodeTransfer } from '../../smtp/message/transfer-encoding.ts'
import { partCharactersMax } from '../check-limits.ts'
import type { PartName } from '../finding-values.ts'
import type { BodyView } from './body-view.ts'
import { type HtmlViews, viewHtml } from './html-view.ts'
import { viewText } from './text-view.ts'

/** One part that shows the message. */
export type EmailPart = {
  readonly name: PartName
  readonly light: BodyView
  readonly dark?: BodyView
  readonly narrow?: BodyView
}

/** Why something of a mail could not be read. */
export type Unread =
  | { readonly kind: 'closed'; readonly reason: ClosedReason }
  | { readonly kind: 'encoding' | 'large'; readonly part: PartName }
  /** Only HTML has elements. */
  | { readonly kind: 'elements' }

export type ReadEmail = {
  readonly kind: 'email'
  readonly raw: Buffer
  readonly header: HeaderBlock
  readonly parts: readonly EmailPart[]
  readonly unread: readonly Unread[]
  /** Why its body was not opened at all. */
  readonly closed?: ClosedReason
}

/** Takes a mail apart for its readers' eyes. Never throws, whatever the bytes are. */
export function readEmail(
  bytes: Buffer,
): ReadEmail | { readonly kind: 'unreadable'; readonly reason: UnreadableReason } {
  const raw = withCrlf(withoutFileMarks(bytes))
  const read = readMessage(raw)
  if (read.kind === 'unreadable') return { kind: 'unreadable', reason: read.reason }
  const { header } = read.root
  const body = findBody(read.root)
  if (body.kind === 'closed') {
    const unread = [{ kind: 'closed', reason: body.reason } as const]
    return { kind: 'email', raw, header, parts: [], unread, closed: body.reason }
  }
  const parts: EmailPart[] = []
  const unread: Unread[] = []
  for (const { kind: name, part } of body.parts) {
    const text = textOf(
      raw.subarray(part.bodyStart, part.bodyEnd),
      part.encoding,
      part.contentType?.parameters.get('charset')?.value,
    )
    if (text === undefined) unread.push({ kind: 'encoding', part: name })
    else if (text.length > partCharactersMax) unread.push({ kind: 'large', part: name })
    else if (name === 'text') parts.push({ name, light: viewText(text) })
    else addHtml(viewHtml(text), parts, unread)
  }
  return { kind: 'email', raw, header, parts, unread }
}

function addHtml(html: HtmlViews, parts: EmailPart[], unread: Unread[]): void {
  if (html.kind === 'views') parts.push({ name: 'html', ...html.views })
  else unread.push({ kind: 'elements' })
}

const byteOrderMark = Buffer.from('\ufeff', 'utf8')

/** What programs put before a mail in a file: an editor a byte order mark, a mailbox a `From ` line (RFC 4155). */
function withoutFileMarks(bytes: Buffer): Buffer {
  const marked = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)
  const mail = marked ? bytes.subarray(byteOrderMark.length) : bytes
  if (mail.toString('latin1', 0, 5) !== 'From ') return mail
  const lineEnd = mail.indexOf('\n')
  return lineEnd === -1 ? mail : mail.subarray(lineEnd + 1)
}

/** A mail saved to a file often has the line ends of the machine; one that has both kinds is left to be refused. */
function withCrlf(bytes: Buffer): Buffer {
  if (bytes.includes('\r')) return bytes
  return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
}

function textOf(encoded: Buffer, encoding: string, charset: string | undefined): string | undefined {
  const decoded = decodeTransfer(encoded, encoding)
  return decoded === undefined ? undefined : showBody(decoded.bytes, charset)
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
