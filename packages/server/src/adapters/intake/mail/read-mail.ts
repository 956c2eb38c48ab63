import { addressParser } from 'postal-mime'
import { decodeText, decodeTransfer } from './decode-part.ts'
import { depthMax, mailBytesMax, partsMax, statusBlocksMax, textCharactersMax } from './mail-limits.ts'
import { allHeaders, firstHeader, type MailHeader, type MediaType, readHeaders, readMediaType } from './read-headers.ts'
import { splitMultipart } from './split-multipart.ts'

/** How the mail travelled, where the listener knows (RFC 5321); a mailbox that is polled has no envelope of its own. */
export type MailEnvelope = { readonly from?: string; readonly recipients?: readonly string[] }

export type MailPart = {
  readonly mediaType: string
  readonly parameters: ReadonlyMap<string, string>
  readonly headers: readonly MailHeader[]
} & (
  | { readonly kind: 'multipart'; readonly parts: readonly MailPart[] }
  | { readonly kind: 'text'; readonly text: string; readonly links: readonly string[]; readonly isAttachment: boolean }
  /** A mail inside the mail, or only its header (RFC 2046 §5.2.1, RFC 6522 §3, RFC 6533 §4). */
  | { readonly kind: 'message'; readonly message: MailPart }
  /** Blocks of fields: a delivery status (RFC 3464), a feedback report (RFC 5965), a disposition (RFC 8098). */
  | { readonly kind: 'fields'; readonly blocks: readonly (readonly MailHeader[])[] }
  | { readonly kind: 'other' }
)

export type ReadMail = {
  readonly headers: readonly MailHeader[]
  readonly root: MailPart
  /** What its writer says: the plain text, or the HTML as text where there is no other. */
  readonly text: string
  /** The sender and the recipients it travelled with; `''` is the null sender (RFC 5321 §4.5.5). */
  readonly envelope: { readonly from: string | undefined; readonly recipients: readonly string[] }
  /** Cut off on its way: a header that does not end or a multipart that is not closed can hide what it is. */
  readonly endsEarly: boolean
  /** More than `mailBytesMax`: what lies beyond was not read. */
  readonly isCut: boolean
}

const statusTypes = new Set([
  'message/delivery-status',
  'message/global-delivery-status',
  'message/feedback-report',
  'message/disposition-notification',
  'message/global-disposition-notification',
])
const messageTypes = new Set(['message/rfc822', 'message/global', 'message/news'])
const headerTypes = new Set(['text/rfc822-headers', 'message/rfc822-headers', 'message/global-headers'])

/** Reads any bytes as a mail; never throws, whatever they are, and never goes beyond the limits of mail-limits.ts. */
export async function readMail(raw: Uint8Array, envelope: MailEnvelope = {}): Promise<ReadMail> {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, mailBytesMax))
  const isCut = raw.byteLength > mailBytesMax
  const reading: Reading = { partsLeft: partsMax, charactersLeft: textCharactersMax, endsEarly: false }
  const root = await readEntity(withoutFileMarks(bytes), reading, 'text/plain', 0)
  return {
    headers: root.headers,
    root,
    text: wordsOf(root).trim(),
    envelope: {
      from: envelope.from ?? returnPath(root.headers),
      recipients: envelope.recipients ?? deliveredTo(root.headers),
    },
    endsEarly: reading.endsEarly && !isCut,
    isCut,
  }
}

type Reading = { partsLeft: number; charactersLeft: number; endsEarly: boolean }

async function readEntity(bytes: Buffer, reading: Reading, typeDefault: string, depth: number): Promise<MailPart> {
  const { headers, bodyAt, isEnded } = readHeaders(bytes)
  if (depth === 0 && !isEnded) reading.endsEarly = true
  const written = firstHeader(headers, 'content-type')
  const media = readMediaType(written === undefined || !written.includes('/') ? typeDefault : written)
  const entity = { mediaType: media.type, parameters: media.parameters, headers }
  const body = bytes.subarray(bodyAt)
  reading.partsLeft -= 1
  if (reading.partsLeft < 0) return { ...entity, kind: 'other' }
  const boundary = media.parameters.get('boundary')
  if (media.type.startsWith('multipart/') && boundary !== undefined && boundary !== '' && depth < depthMax) {
    return { ...entity, kind: 'multipart', parts: await readParts(body, boundary, media, reading, depth) }
  }
  return readLeaf(entity, body, reading, depth)
}

async function readParts(body: Buffer, boundary: string, media: MediaType, reading: Reading, depth: number) {
  const { parts, isClosed } = splitMultipart(body, boundary, reading.partsLeft)
  if (!isClosed) reading.endsEarly = true
  const typeDefault = media.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  const read: MailPart[] = []
  for (const part of parts) read.push(await readEntity(part, reading, typeDefault, depth + 1))
  return read
}

type Entity = Pick<MailPart, 'mediaType' | 'parameters' | 'headers'>

async function readLeaf(entity: Entity, body: Buffer, reading: Reading, depth: number): Promise<MailPart> {
  const { mediaType, headers } = entity
  const encoding = firstHeader(headers, 'content-transfer-encoding') ?? ''
  if (statusTypes.has(mediaType))
    return { ...entity, kind: 'fields', blocks: readBlocks(decodeTransfer(body, encoding)) }
  if (messageTypes.has(mediaType) && depth < depthMax) {
    return { ...entity, kind: 'message', message: await readInner(decodeTransfer(body, encoding), reading, depth) }
  }
  if (headerTypes.has(mediaType)) {
    const inner = readHeaders(decodeTransfer(body, encoding)).headers
    return { ...entity, kind: 'message', message: { ...emptyPart, headers: inner } }
  }
  // A multipart whose boundary is not told is read as the text it then is (RFC 2046 §5.1.1).
  const isText = mediaType === 'text/html' || mediaType === 'text/plain' || mediaType.startsWith('multipart/')
  // RFC 8259 §8.1: always UTF-8. Reports of complaints come in it (X-ARF).
  const isJson = mediaType === 'application/json' || mediaType === 'text/json'
  if (!(isText || isJson) || reading.charactersLeft <= 0) return { ...entity, kind: 'other' }
  const type = mediaType === 'text/html' ? ('text/html' as const) : ('text/plain' as const)
  const isRetyped = isJson || mediaType.startsWith('multipart/')
  const contentType = isRetyped
    ? `${type}${isJson ? '; charset=utf-8' : ''}`
    : (firstHeader(headers, 'content-type') ?? type)
  const { text: decoded, links } = await decodeText({ mediaType: type, contentType, encoding, body })
  const text = decoded.slice(0, reading.charactersLeft)
  reading.charactersLeft -= text.length
  const disposition = readMediaType(firstHeader(headers, 'content-disposition') ?? '').type
  return { ...entity, kind: 'text', text, links, isAttachment: isJson || disposition === 'attachment' }
}

const emptyPart = { kind: 'other', mediaType: 'text/plain', parameters: new Map<string, string>() } as const

/** What is cut off inside an enclosed mail says nothing of the mail around it: reporters shorten what they return. */
async function readInner(bytes: Buffer, reading: Reading, depth: number): Promise<MailPart> {
  const inner = { ...reading }
  const message = await readEntity(withoutFileMarks(bytes), inner, 'text/plain', depth + 1)
  reading.partsLeft = inner.partsLeft
  reading.charactersLeft = inner.charactersLeft
  return message
}

/** Blocks of fields between empty lines; the first speaks of the message, the others of a recipient each (RFC 3464 §2.1). */
function readBlocks(bytes: Buffer): MailHeader[][] {
  const blocks: MailHeader[][] = []
  let rest = bytes
  while (rest.length > 0 && blocks.length < statusBlocksMax) {
    const { headers, bodyAt } = readHeaders(rest)
    if (headers.length > 0) blocks.push([...headers])
    rest = rest.subarray(Math.max(1, bodyAt))
  }
  return blocks
}

const byteOrderMark = Buffer.from('\ufeff', 'utf8')

/** A mailbox file puts a line of its own before the header, and an editor that saved the mail a byte order mark. */
function withoutFileMarks(bytes: Buffer): Buffer {
  const isMarked = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)
  const mail = isMarked ? bytes.subarray(byteOrderMark.length) : bytes
  if (!mail.subarray(0, 5).equals(Buffer.from('From '))) return mail
  const feed = mail.indexOf(0x0a)
  return feed === -1 ? mail : mail.subarray(feed + 1)
}

function wordsOf(part: MailPart): string {
  if (part.kind === 'text') return part.isAttachment ? '' : part.text
  if (part.kind !== 'multipart') return ''
  if (part.mediaType !== 'multipart/alternative') {
    return part.parts
      .map(wordsOf)
      .filter((words) => words.trim() !== '')
      .join('\n')
  }
  const plain = part.parts.find((choice) => choice.mediaType === 'text/plain')
  const words = plain === undefined ? '' : wordsOf(plain)
  if (words.trim() !== '' && !isStandIn(words)) return words
  const others = part.parts.filter((choice) => choice !== plain).map(wordsOf)
  return others.find((other) => other.trim() !== '') ?? words
}

/** Some programs write no more than "This message is in HTML" where the plain text should be. */
function isStandIn(words: string): boolean {
  return words.length < 300 && /\bhtml\b/i.test(words)
}

function returnPath(headers: readonly MailHeader[]): string | undefined {
  const value = firstHeader(headers, 'return-path')
  return value === undefined ? undefined : (/<([^<>]*)>/.exec(value)?.[1] ?? value).trim()
}

/** What servers note on delivery, in the words of Postfix, Exim, qmail and Google. */
function deliveredTo(headers: readonly MailHeader[]): string[] {
  return allHeaders(headers, 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-forwarded-to')
}

/** Every part of the mail itself, the enclosed mails' own parts left out. */
export function ownParts(part: MailPart): MailPart[] {
  return part.kind === 'multipart' ? [part, ...part.parts.flatMap(ownParts)] : [part]
}

/** The mails it encloses. */
export function enclosedMessages(mail: ReadMail): MailPart[] {
  return ownParts(mail.root).flatMap((part) => (part.kind === 'message' ? [part.message] : []))
}

/** All text of a part and what it encloses: for reports whose words are the only thing they carry. */
export function allText(part: MailPart): string {
  if (part.kind === 'text') return part.text
  if (part.kind === 'multipart') return part.parts.map(allText).join('\n')
  return part.kind === 'message' ? allText(part.message) : ''
}

/** Where the links in its HTML lead. */
export function linksIn(part: MailPart): readonly string[] {
  if (part.kind === 'text') return part.links
  return part.kind === 'multipart' ? part.parts.flatMap(linksIn) : []
}

/** The first address of a field, without its name; undefined where there is none. */
export function addressIn(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const first = addressParser(value, { flatten: true })[0]?.address
  return first?.includes('@') ? first : undefined
}

/** Who wrote: From, else Sender, else the envelope. */
export function senderOf(mail: ReadMail): string | undefined {
  return (
    addressIn(firstHeader(mail.headers, 'from')) ??
    addressIn(firstHeader(mail.headers, 'sender')) ??
    addressIn(mail.envelope.from)
  )
}

export function domainOf(address: string | undefined): string {
  return (address ?? '').slice((address ?? '').lastIndexOf('@') + 1).toLowerCase()
}
