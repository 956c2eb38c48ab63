import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { relaxedBodyHash, relaxedField } from './dkim-canon.ts'
import { type HeaderBlock, type HeaderField, readHeaderBlock } from './header-block.ts'

/** A private key ready to sign with, for one selector of one domain. */
export type DkimKey = {
  readonly kind: 'key'
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256'
  readonly domain: string
  readonly selector: string
  readonly key: KeyObject
}

export type DkimKeyProblem = { readonly kind: 'refused'; readonly reason: DkimKeyReason }
export type DkimKeyReason = 'unreadable_key' | 'unsupported_key' | 'rsa_key_too_short' | 'malformed_name'

/** RFC 8301 §3.2: signers SHOULD use at least 2048 bits. */
const rsaBitsMin = 2048

/** Reads a private key in PEM once, for signing any number of messages. */
export function readDkimKey(wanted: {
  domain: string
  selector: string
  privateKeyPem: string
}): DkimKey | DkimKeyProblem {
  const { domain, selector } = wanted
  // RFC 6376 §3.5: both are sub-domains in ASCII, A-labels for international ones.
  const labels = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i
  if (!labels.test(domain) || !labels.test(selector)) return { kind: 'refused', reason: 'malformed_name' }
  const key = readKey(wanted.privateKeyPem)
  if (key === undefined) return { kind: 'refused', reason: 'unreadable_key' }
  if (key.asymmetricKeyType === 'ed25519') return { kind: 'key', algorithm: 'ed25519-sha256', domain, selector, key }
  if (key.asymmetricKeyType !== 'rsa') return { kind: 'refused', reason: 'unsupported_key' }
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < rsaBitsMin)
    return { kind: 'refused', reason: 'rsa_key_too_short' }
  return { kind: 'key', algorithm: 'rsa-sha256', domain, selector, key }
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}

/**
 * Named once more than they occur, so that one added on the way breaks the signature (RFC 6376 §5.4.2). With
 * `List-Unsubscribe-Post` among them, without which no client may offer one-click (RFC 8058 §4).
 */
const overSigned = ['from', 'subject', 'to', 'list-unsubscribe', 'list-unsubscribe-post'] as const

/** Signed as often as they occur (RFC 6376 §5.4.1; RFC 9477 §3.1 for CFBL). Every `content-` field is too. */
const signedWherePresent: ReadonlySet<string> = new Set([
  'date',
  'message-id',
  'reply-to',
  'sender',
  'cc',
  'mime-version',
  'in-reply-to',
  'references',
  'auto-submitted',
  'list-id',
  'feedback-id',
  'cfbl-address',
  'cfbl-feedback-id',
  'x-csa-complaints',
])

export type SignedMessage =
  | { readonly kind: 'signed'; readonly message: Buffer }
  | { readonly kind: 'refused'; readonly reason: 'unreadable_header' }

/**
 * Puts one DKIM-Signature for each key on top of a message whose lines all end in CRLF. Relaxed in header and body, the
 * whole body (no `l=`), without an end. Earlier signatures stay (RFC 6376 §4: they may still verify elsewhere).
 */
export function signMessage(raw: Buffer, keys: readonly DkimKey[], now: number): SignedMessage {
  const header = readHeaderBlock(raw, 0, raw.length)
  if (header.kind === 'malformed') return { kind: 'refused', reason: 'unreadable_header' }
  const signed = fieldsToSign(header)
  const names = signed.map(({ name }) => name)
  const canonical = signed
    .map(({ field }) =>
      field === undefined ? '' : `${relaxedField(raw.toString('latin1', field.start, field.end))}\r\n`,
    )
    .join('')
  const bodyHash = relaxedBodyHash(raw.subarray(header.bodyStart))
  const signatures = keys.map((key) => signatureField(key, names, canonical, bodyHash, now))
  return { kind: 'signed', message: Buffer.concat([Buffer.from(signatures.join(''), 'latin1'), raw]) }
}

type SignedName = { readonly name: string; readonly field: HeaderField | undefined }

/** RFC 6376 §5.4.2: of several with one name, the lowest is taken first. A name without a field signs its absence. */
function fieldsToSign(header: HeaderBlock): readonly SignedName[] {
  const names: readonly string[] = overSigned
  const isSigned = (name: string) => names.includes(name) || signedWherePresent.has(name) || name.startsWith('content-')
  const present = header.fields
    .filter((field) => isSigned(field.name))
    .toReversed()
    .map((field) => ({ name: field.name, field }))
  return [...present, ...names.map((name) => ({ name, field: undefined }))]
}

/** RFC 5322 §2.1.1. */
const lineCharactersWanted = 78

function signatureField(
  key: DkimKey,
  names: readonly string[],
  canonical: string,
  bodyHash: string,
  now: number,
): string {
  const tags = [
    'v=1;',
    `a=${key.algorithm};`,
    'c=relaxed/relaxed;',
    `d=${key.domain};`,
    `s=${key.selector};`,
    `t=${Math.floor(now / 1000)};`,
    ...names.map((name, index) => `${index === 0 ? 'h=' : ''}${name}${index === names.length - 1 ? ';' : ':'}`),
    `bh=${bodyHash};`,
  ]
  const unsigned = `${foldWords('DKIM-Signature:', tags)}\r\n b=`
  const data = Buffer.from(canonical + relaxedField(unsigned), 'latin1')
  const chunks = signData(key, data).match(/.{1,74}/g) ?? []
  return `${unsigned}${chunks.join('\r\n ')}\r\n`
}

function foldWords(start: string, words: readonly string[]): string {
  let result = ''
  let line = start
  for (const word of words) {
    if (line.length + 1 + word.length > lineCharactersWanted) {
      result += `${line}\r\n`
      line = ''
    }
    line += ` ${word}`
  }
  return result + line
}

/** RFC 8463 §3: Ed25519 signs the SHA-256 of the data, not the data. */
function signData(key: DkimKey, data: Buffer): string {
  if (key.algorithm === 'rsa-sha256') return sign('sha256', data, key.key).toString('base64')
  return sign(null, createHash('sha256').update(data).digest(), key.key).toString('base64')
}
