import type { MessagePart } from './message-parts.ts'

/** A part that a reader sees as the message itself. */
export type BodyPart = { readonly kind: 'html' | 'text'; readonly part: MessagePart }

/** Why the body of a message is passed on as it came. */
export type ClosedReason =
  | 'signed'
  | 'encrypted'
  | 'report'
  | 'calendar'
  | 'attached_message'
  | 'malformed_part'
  | 'no_text_part'

export type FoundBody =
  | { readonly kind: 'body'; readonly parts: readonly BodyPart[] }
  | { readonly kind: 'closed'; readonly reason: ClosedReason }

/**
 * The parts that show the message: every alternative (RFC 2046 §5.1.4), the root of what is related (RFC 2387 §3.2), and
 * of anything else together the first that is shown. What is signed, encrypted or a report is closed: a changed byte
 * would break it. Other parts beside the body, a calendar entry or an attached mail, are never opened.
 */
export function findBody(root: MessagePart): FoundBody {
  const found = search(root)
  if (found.kind === 'nothing') return { kind: 'closed', reason: found.reason ?? 'no_text_part' }
  return found
}

type Search = FoundBody | { readonly kind: 'nothing'; readonly reason?: ClosedReason }

function search(part: MessagePart): Search {
  const closed = closedReason(part)
  if (closed !== undefined) return { kind: 'closed', reason: closed }
  if (part.kind === 'multipart') return searchMultipart(part)
  if (isAttachment(part)) return { kind: 'nothing' }
  switch (part.type) {
    case 'text/html':
    // AMP for e-mail: where our addition makes it invalid, clients show the HTML part, which carries it as well.
    case 'text/x-amp-html':
      return { kind: 'body', parts: [{ kind: 'html', part }] }
    case 'text/plain':
      return { kind: 'body', parts: [{ kind: 'text', part }] }
    case 'text/calendar':
      return { kind: 'nothing', reason: 'calendar' }
    case 'message/rfc822':
    case 'message/global':
      return { kind: 'nothing', reason: 'attached_message' }
    default:
      return { kind: 'nothing' }
  }
}

function closedReason(part: MessagePart): ClosedReason | undefined {
  switch (part.type) {
    case 'multipart/signed':
    case 'application/pkcs7-signature':
      return 'signed'
    case 'multipart/encrypted':
    case 'application/pgp-encrypted':
      return 'encrypted'
    case 'application/pkcs7-mime':
    case 'application/x-pkcs7-mime':
      return part.contentType?.parameters.get('smime-type')?.value.toLowerCase() === 'signed-data'
        ? 'signed'
        : 'encrypted'
    case 'multipart/report':
      return 'report'
    default:
      return part.kind === 'opaque' ? 'malformed_part' : undefined
  }
}

/** A file name makes a text an attachment in most clients, whatever the disposition says (RFC 2183 §2.3). */
function isAttachment(part: MessagePart): boolean {
  const { disposition } = part
  if (disposition === undefined) return false
  return disposition.word !== 'inline' || disposition.parameters.has('filename')
}

function searchMultipart(part: MessagePart): Search {
  if (part.type === 'multipart/alternative') return searchAlternatives(part)
  if (part.type === 'multipart/related') {
    const root = relatedRoot(part)
    return root === undefined ? { kind: 'nothing' } : search(root)
  }
  let reason: ClosedReason | undefined
  for (const child of part.parts) {
    const found = isAttachment(child) ? { kind: 'nothing' as const } : search(child)
    if (found.kind !== 'nothing') return found
    reason ??= found.reason
  }
  return reason === undefined ? { kind: 'nothing' } : { kind: 'nothing', reason }
}

/** One closed alternative closes all: a reader may be shown that one. */
function searchAlternatives(part: MessagePart): Search {
  const parts: BodyPart[] = []
  let reason: ClosedReason | undefined
  for (const child of part.parts) {
    const found = search(child)
    if (found.kind === 'closed') return found
    if (found.kind === 'body') parts.push(...found.parts)
    else reason ??= found.reason
  }
  if (parts.length > 0) return { kind: 'body', parts }
  return reason === undefined ? { kind: 'nothing' } : { kind: 'nothing', reason }
}

/** RFC 2387 §3.2 can name the root by its Content-ID; nearly always it is the first. */
function relatedRoot(part: MessagePart): MessagePart | undefined {
  return part.contentType?.parameters.has('start') === true
    ? (part.parts.find((child) => child.type === 'multipart/alternative' || child.type === 'text/html') ??
        part.parts[0])
    : part.parts[0]
}
