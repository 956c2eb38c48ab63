import { type BodyPart, type ClosedReason, findBody } from './body-parts.ts'
import { fieldsNamed, type HeaderBlock, type HeaderProblem, headerBytesMax, headerFieldsMax } from './header-block.ts'
import { type FieldProblem, type ListFields, replaceListFields } from './header-fields.ts'
import { type MessagePart, readMessage, type UnreadableReason } from './message-parts.ts'
import { type RewrittenPart, rewritePart, type UntouchedReason } from './rewrite-part.ts'
import { applySplices, type Splice } from './splices.ts'
import type { WaysOut } from './ways-out.ts'

/** Six list fields, MIME-Version, Content-Type and its encoding, and the Received of the relay. */
const fieldsAddedMax = 10
/** Each of them stays within one line of RFC 5322 §2.1.1. */
const headerBytesAddedMax = fieldsAddedMax * 1_000

/** How one copy of a message, for one recipient, gets its ways out. */
export type RewriteWay = Omit<WaysOut, 'links'> &
  ListFields & {
    readonly links: WaysOut['links'] & ListFields['links']
    /** Advertising: without the ways out in every shown part it is refused. */
    readonly mustCarry: boolean
    /** The brand's policy for advertising whose body cannot be changed: send it with the header fields alone. */
    readonly headersOnlyAllowed: boolean
  }

export type PartState = 'added' | 'placeholders' | 'untouched' | 'absent'
export type BodyReason = ClosedReason | UntouchedReason

/** What was done, for the record of the send. */
export type RewriteRecord = {
  readonly html: PartState
  readonly text: PartState
  /** Why a part that is shown was left as it came. */
  readonly reason?: BodyReason
}

export type RewrittenMessage =
  | { readonly kind: 'rewritten'; readonly message: Buffer; readonly record: RewriteRecord }
  | {
      readonly kind: 'headers_only'
      readonly message: Buffer
      readonly reason: BodyReason
      readonly record: RewriteRecord
    }
  | { readonly kind: 'refused'; readonly reason: UnreadableReason | FieldProblem | BodyReason }

/**
 * Gives a message its list fields and its two ways out. Whatever is not changed leaves byte for byte. Never throws on
 * any message: what cannot be read for certain is refused, and what cannot be changed safely is left alone and told.
 */
export function rewriteMessage(raw: Buffer, way: RewriteWay): RewrittenMessage {
  const read = readMessage(raw)
  if (read.kind === 'unreadable') return { kind: 'refused', reason: read.reason }
  const crowded = crowdedReason(read.root.header)
  if (crowded !== undefined) return { kind: 'refused', reason: crowded }
  const fields = replaceListFields(raw, read.root.header, way)
  if (fields.kind === 'refused') return fields

  const found = findBody(read.root)
  const parts = found.kind === 'closed' ? [] : found.parts.map((body) => ({ body, done: rewritePart(raw, body, way) }))
  const record = recordOf(parts, found.kind === 'closed' ? found.reason : undefined)
  if (record.reason !== undefined && way.mustCarry && !way.headersOnlyAllowed) {
    return { kind: 'refused', reason: record.reason }
  }
  const changes = parts.flatMap(({ done }) => (done.kind === 'untouched' ? [] : done.splices))
  const message = applySplices(raw, [...fields.splices, ...changes, ...declareMime(read.root, changes)])
  const isWhollyUntouched = parts.every(({ done }) => done.kind === 'untouched')
  if (record.reason !== undefined && isWhollyUntouched) {
    return { kind: 'headers_only', message, reason: record.reason, record }
  }
  return { kind: 'rewritten', message, record }
}

/** Signing reads the header once more, so what is added has to fit in the same limits. */
function crowdedReason(header: HeaderBlock): HeaderProblem | undefined {
  if (header.fields.length + fieldsAddedMax > headerFieldsMax) return 'too_many_fields'
  return header.end + headerBytesAddedMax > headerBytesMax ? 'header_too_large' : undefined
}

type DonePart = { readonly body: BodyPart; readonly done: RewrittenPart }

function recordOf(parts: readonly DonePart[], closed: ClosedReason | undefined): RewriteRecord {
  const untouched = parts.map(({ done }) => done).find((done) => done.kind === 'untouched')
  const reason = closed ?? (untouched?.kind === 'untouched' ? untouched.reason : undefined)
  const states = { html: stateOf(parts, 'html'), text: stateOf(parts, 'text') }
  return reason === undefined ? states : { ...states, reason }
}

/** Of several parts of a kind the least that was done: a record must not say more than holds for each. */
function stateOf(parts: readonly DonePart[], kind: BodyPart['kind']): PartState {
  const states = parts.filter(({ body }) => body.kind === kind).map(({ done }) => done.kind)
  const [first] = states
  if (first === undefined) return 'absent'
  if (states.includes('untouched')) return 'untouched'
  return states.includes('added') ? 'added' : first
}

/** RFC 2045 §4: the fields a change may need mean nothing without it. A message that says it already is left alone. */
function declareMime(root: MessagePart, changes: readonly Splice[]): readonly Splice[] {
  const addsFields = changes.some(
    ({ start, end }) => start < root.header.end || (start === end && start === root.header.end),
  )
  if (!addsFields || fieldsNamed(root.header.fields, 'mime-version').length > 0) return []
  const { end } = root.header
  return [{ start: end, end, bytes: Buffer.from('MIME-Version: 1.0\r\n', 'latin1') }]
}
