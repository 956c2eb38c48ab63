import type { MintedLinks } from '../../../services/mint-links.ts'
import { fieldsNamed, type HeaderBlock, type HeaderField, unfoldedValue } from './header-block.ts'
import type { Splice } from './splices.ts'

/** What the hub says in a message's header. Absent ones are removed all the same: no other system's may stand there. */
export type ListFields = {
  readonly links: Pick<MintedLinks, 'page' | 'mailto' | 'headers'>
  /** Google's `a:b:c:sender`, by which its postmaster page tells campaigns apart. */
  readonly feedbackId?: string
  /** RFC 9477 §3.1: where complaints are sent. */
  readonly complaintAddress?: string
  readonly complaintFeedbackId?: string
}

/** RFC 2369 §2 and RFC 8058 §3.1 allow one of each, so whatever came with the message goes. */
const replacedFields: ReadonlySet<string> = new Set([
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-id',
  'feedback-id',
  'cfbl-address',
  'cfbl-feedback-id',
])
export const controlPrefix = 'x-verzet-'

/** Fields that say how the message travelled; they stay on top, in their order (RFC 5322 §3.6.7). */
const traceFields: ReadonlySet<string> = new Set([
  'return-path',
  'received',
  'x-received',
  'delivered-to',
  'received-spf',
  'authentication-results',
  'dkim-signature',
  'domainkey-signature',
  'arc-seal',
  'arc-message-signature',
  'arc-authentication-results',
])

/** RFC 5322 §2.1.1, both without the CRLF. */
const lineCharactersWanted = 78
const lineCharactersMax = 998

export type FieldProblem = 'unsafe_link' | 'unsafe_field'

/** The changes that give a message its list fields, or why these values cannot stand in a header. */
export function replaceListFields(
  raw: Buffer,
  header: HeaderBlock,
  wanted: ListFields,
):
  | { readonly kind: 'splices'; readonly splices: readonly Splice[] }
  | { readonly kind: 'refused'; readonly reason: FieldProblem } {
  const lines = listFieldLines(wanted)
  if (lines.kind === 'refused') return lines
  const place = afterTraceFields(header)
  const lacksLineEnd = place > 0 && raw[place - 1] !== 0x0a
  const added = Buffer.from(`${lacksLineEnd ? '\r\n' : ''}${lines.text}`, 'latin1')
  return {
    kind: 'splices',
    splices: [{ start: place, end: place, bytes: added }, ...removeFields(header, isOurs)],
  }
}

/** For a message that needs no way out, and still must not show the hub's orders to its reader. */
export function removeControlFields(header: HeaderBlock): readonly Splice[] {
  return removeFields(header, (field) => field.name.startsWith(controlPrefix))
}

function isOurs(field: HeaderField): boolean {
  return replacedFields.has(field.name) || field.name.startsWith(controlPrefix)
}

function removeFields(header: HeaderBlock, isGone: (field: HeaderField) => boolean): readonly Splice[] {
  return header.fields.filter(isGone).map(({ start, end }) => ({ start, end, bytes: Buffer.alloc(0) }))
}

function afterTraceFields(header: HeaderBlock): number {
  const first = header.fields.find((field) => !traceFields.has(field.name))
  return first?.start ?? header.end
}

function listFieldLines(
  wanted: ListFields,
): { readonly kind: 'lines'; readonly text: string } | { readonly kind: 'refused'; readonly reason: FieldProblem } {
  const { page, mailto, headers } = wanted.links
  if (!isSafePage(page) || !isSafeUri(mailto) || !mailto.startsWith('mailto:')) {
    return { kind: 'refused', reason: 'unsafe_link' }
  }
  const fields: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['List-Unsubscribe', [`<${page}>,`, `<${mailto}>`]],
    ['List-Unsubscribe-Post', ['List-Unsubscribe=One-Click']],
    ['List-Id', headers['List-Id']?.split(' ')],
    ['Feedback-ID', wanted.feedbackId?.split(' ')],
    ['CFBL-Address', wanted.complaintAddress?.split(' ')],
    ['CFBL-Feedback-ID', wanted.complaintFeedbackId?.split(' ')],
  ]
  let text = ''
  for (const [name, words] of fields) {
    if (words === undefined) continue
    const field = foldField(name, words)
    if (field === undefined) return { kind: 'refused', reason: 'unsafe_field' }
    text += field
  }
  return { kind: 'lines', text }
}

/** RFC 8058 §3.1 wants https. Plain http is for a hub that only this machine can reach. */
function isSafePage(page: string): boolean {
  return (
    isSafeUri(page) && (page.startsWith('https://') || /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/]/.test(page))
  )
}

/** Printable ASCII; no comma, at which some clients cut the field without looking at the brackets; no brackets. */
function isSafeUri(uri: string): boolean {
  return (
    /^[\x21-\x7e]+$/.test(uri) &&
    !/[<>,"\\]/.test(uri) &&
    uri.length < lineCharactersMax - 'List-Unsubscribe: <>,'.length
  )
}

/**
 * A field of words that are never broken, folded at 78 characters where a fold helps. Undefined when a word is not
 * printable ASCII or makes a line longer than 998, or when there is none.
 */
export function foldField(name: string, words: readonly string[]): string | undefined {
  if (words.length === 0 || words.some((word) => !/^[\x21-\x7e]+$/.test(word))) return undefined
  const lines: string[] = []
  let line = `${name}:`
  words.forEach((word, index) => {
    // A first line without a value is legal and some readers take it for an empty field, so the first word stays on it.
    if (index > 0 && line.length + 1 + word.length > lineCharactersWanted) {
      lines.push(line)
      line = ''
    }
    line += ` ${word}`
  })
  lines.push(line)
  return lines.some((one) => one.length > lineCharactersMax) ? undefined : `${lines.join('\r\n')}\r\n`
}

/** What the sender asks of the relay, in fields that nobody behind it sees. */
export type ControlFields = {
  readonly kind: 'control'
  readonly brand?: string
  readonly topic?: string
  readonly campaign?: string
  readonly policy?: string
  /** The identifier alone, by which a topic can be told where a sender sets no fields of ours (RFC 2919 §3). */
  readonly listId?: string
}

/** Ids of brands, topics and campaigns are far shorter. */
const controlCharactersMax = 200

/** Said twice, or in anything but printable ASCII, an order is refused: guessing could send what was refused. */
export function readControlFields(
  raw: Buffer,
  header: HeaderBlock,
): ControlFields | { readonly kind: 'refused'; readonly reason: 'repeated_control_field' | 'malformed_control_field' } {
  const values: { -readonly [name in 'brand' | 'topic' | 'campaign' | 'policy']?: string } = {}
  for (const name of ['brand', 'topic', 'campaign', 'policy'] as const) {
    const [field, ...others] = fieldsNamed(header.fields, `${controlPrefix}${name}`)
    if (field === undefined) continue
    if (others.length > 0) return { kind: 'refused', reason: 'repeated_control_field' }
    const value = unfoldedValue(raw, field)
    if (value.length > controlCharactersMax || !/^[\x20-\x7e]+$/.test(value)) {
      return { kind: 'refused', reason: 'malformed_control_field' }
    }
    values[name] = value
  }
  const [list, ...otherLists] = fieldsNamed(header.fields, 'list-id')
  const listId = list === undefined || otherLists.length > 0 ? undefined : listIdentifier(unfoldedValue(raw, list))
  return { kind: 'control', ...values, ...(listId === undefined ? {} : { listId }) }
}

function listIdentifier(value: string): string | undefined {
  const open = value.lastIndexOf('<')
  const close = value.indexOf('>', open)
  const found = open === -1 || close === -1 ? '' : value.slice(open + 1, close)
  return /^[\x21-\x7e]{1,255}$/.test(found) ? found.toLowerCase() : undefined
}
