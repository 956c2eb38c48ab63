import { decodeWords } from 'postal-mime'
import { fieldCharactersMax, headerBytesMax, headerFieldsMax } from './mail-limits.ts'

/** One field: its name in lower case, its value unfolded and not yet decoded (RFC 2047). */
export type MailHeader = { readonly name: string; readonly value: string }

export type HeaderSection = {
  readonly headers: readonly MailHeader[]
  /** Where the body begins. */
  readonly bodyAt: number
  /** False when the bytes end before the empty line that closes a header (RFC 5322 §2.1). */
  readonly isEnded: boolean
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Reads fields up to the first empty line; a line that is no field is passed over. */
export function readHeaders(bytes: Uint8Array): HeaderSection {
  const headers: MailHeader[] = []
  const end = Math.min(bytes.length, headerBytesMax)
  let open: { name: string; value: string } | undefined
  let at = 0
  while (at < end) {
    const feed = bytes.indexOf(lineFeed, at)
    const next = feed === -1 ? bytes.length : feed + 1
    const line = lineText(bytes, at, feed === -1 ? bytes.length : feed)
    if (line === '' && feed !== -1) {
      if (open !== undefined) keep(headers, open)
      return { headers, bodyAt: next, isEnded: true }
    }
    if (/^[ \t]/.test(line)) {
      if (open !== undefined) open.value += ` ${line.trim()}`
    } else {
      if (open !== undefined) keep(headers, open)
      open = fieldOf(line)
    }
    at = next
  }
  if (open !== undefined) keep(headers, open)
  return { headers, bodyAt: Math.min(at, bytes.length), isEnded: at < bytes.length }
}

function lineText(bytes: Uint8Array, from: number, to: number): string {
  const end = to > from && bytes[to - 1] === carriageReturn ? to - 1 : to
  return decodeBytes(bytes.subarray(from, Math.min(end, from + fieldCharactersMax)))
}

function fieldOf(line: string): { name: string; value: string } | undefined {
  const colon = line.indexOf(':')
  if (colon < 1) return undefined
  const name = line.slice(0, colon).trimEnd().toLowerCase()
  return /^[!-9;-~]+$/.test(name) ? { name, value: line.slice(colon + 1).trim() } : undefined
}

function keep(headers: MailHeader[], field: { name: string; value: string }): void {
  if (headers.length < headerFieldsMax) {
    headers.push({ name: field.name, value: field.value.slice(0, fieldCharactersMax).trim() })
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const western = new TextDecoder('windows-1252')

/** UTF-8 (RFC 6532), else the Western set that old systems write without saying so. */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return withoutNul(utf8.decode(bytes))
  } catch {
    return asWindows1252(western.decode(bytes))
  }
}

/** 0x80 to 0x9f of windows-1252; five places are empty. */
const western80to9f = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/**
 * Puts right what Node 20's decoder gets wrong: it reads windows-1252, and the iso-8859-1 that means it (WHATWG Encoding
 * §4.2), without quotes, dashes and the euro sign. No text means the control characters that stand in their places.
 */
export function asWindows1252(text: string): string {
  const western = text.replace(/[\u0080-\u009f]/g, (control) => western80to9f[control.charCodeAt(0) - 0x80] ?? control)
  return withoutNul(western)
}

/** PostgreSQL keeps no text with this character, and a no is not to be lost by it. RFC 5322 §4 allows none in a mail. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '')
}

export function firstHeader(headers: readonly MailHeader[], name: string): string | undefined {
  return headers.find((header) => header.name === name)?.value
}

export function allHeaders(headers: readonly MailHeader[], ...names: readonly string[]): string[] {
  return headers.filter((header) => names.includes(header.name)).map((header) => header.value)
}

/** A field as a person reads it (RFC 2047). */
export function shownHeader(headers: readonly MailHeader[], name: string): string {
  const value = firstHeader(headers, name)
  return value === undefined ? '' : asWindows1252(decodeWords(value)).trim()
}

export type MediaType = { readonly type: string; readonly parameters: ReadonlyMap<string, string> }

/** `type/subtype; name=value`, with the continuations of RFC 2231 §3 put together. */
export function readMediaType(value: string): MediaType {
  const type = /^[^;\s(]*/.exec(value.trim())?.[0].toLowerCase() ?? ''
  const parameters = new Map<string, string>()
  for (const match of value.matchAll(/;\s*([\w!#$&+.^-]+?)(\*\d*\*?)?\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s]*)/g)) {
    const [, name = '', star, written = ''] = match
    const plain = written.startsWith('"') ? written.slice(1, -1).replace(/\\(.)/g, '$1') : written
    const key = name.toLowerCase()
    const before = parameters.get(key)
    if (before === undefined) parameters.set(key, plain)
    else if (star !== undefined) parameters.set(key, before + plain)
  }
  return { type, parameters }
}
