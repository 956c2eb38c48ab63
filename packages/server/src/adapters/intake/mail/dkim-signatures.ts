import { isOfDomain } from './complaint.ts'
import { headerFieldsMax } from './mail-limits.ts'
import { allHeaders, firstHeader, type MailHeader, readHeaders } from './read-headers.ts'
import { addressIn, domainOf } from './read-mail.ts'

/** Finds the text records of a name, as `resolveTxt` of node:dns does, with its error codes. */
export type KeyLookup = (name: string) => Promise<string[][]>

export type SignatureCheck =
  /** The domains that From stands for and whose signature holds; none where there is no such signature. */
  | { readonly kind: 'checked'; readonly signers: readonly string[] }
  /** A key could not be asked for now; a later answer may differ. */
  | { readonly kind: 'unavailable' }

/** A mail has one or two, three behind a forwarder. Each costs a hash of the whole mail and a question to the DNS. */
const signaturesMax = 8
/** RFC 8301 §3.2: a verifier does not take shorter RSA keys. */
const rsaBitsMin = 1_024
/** A report comes within hours of the complaint. An older one may be a copy, and what its reader said since would be undone. */
export const signatureAgeMsMax = 7 * 86_400_000
/** What a signer's clock may be ahead (RFC 6376 §3.5, `t=`). */
const clockSkewMsMax = 3_600_000
const noSigners: SignatureCheck = { kind: 'checked', signers: [] }

/**
 * Checks the DKIM signatures of whom From names (RFC 6376), as strictly as acting on a mail's words asks: a signature
 * counts when it is recent, of SHA-256, over the whole body, and covers From and everything that says how the body is to
 * be read, each of which the mail has once. Anything else is no signature. Asks for no other domain's key. Never rejects.
 */
export async function checkSignatures(raw: Uint8Array, lookup: KeyLookup, receivedAt: number): Promise<SignatureCheck> {
  const { headers, isEnded } = readHeaders(raw)
  const fields = allHeaders(headers, 'dkim-signature')
  const author = domainOf(addressIn(firstHeader(headers, 'from')))
  // Fields beyond what is read could be those that were signed, while the ones that are read were put before them.
  const isReadable = isEnded && headers.length < headerFieldsMax && hasOneOfEach(headers)
  // `l=` leaves the end of the body open to whoever writes there (RFC 6376 §8.2).
  const isOpenEnded = fields.some((field) => /(?:^|;)\s*l\s*=/i.test(field))
  if (!isReadable || author === '' || fields.length === 0 || fields.length > signaturesMax || isOpenEnded) {
    return noSigners
  }
  const aligned = (domain: string) => isOfDomain(author, domain) || isOfDomain(domain, author)
  const results = await verify(raw, alignedOnly(lookup, aligned), receivedAt)
  const own = results.filter(({ domain }) => aligned(domain))
  const signers = own.filter((result) => isBelieved(result, headers, receivedAt)).map(({ domain }) => domain)
  if (signers.length === 0 && own.some(({ outcome }) => outcome === 'temperror')) return { kind: 'unavailable' }
  return { kind: 'checked', signers: [...new Set(signers)] }
}

type VerifiedSignature = {
  readonly domain: string
  readonly outcome: string
  readonly algorithm: string
  readonly covered: readonly string[]
  readonly signedAt: number
}

async function verify(raw: Uint8Array, lookup: KeyLookup, receivedAt: number): Promise<VerifiedSignature[]> {
  const resolver = (name: string) => lookup(name)
  const options = { resolver, minBitLength: rsaBitsMin, curTime: new Date(receivedAt) }
  try {
    const { dkimVerify } = await import('mailauth/lib/dkim/verify.js')
    const { results } = await dkimVerify(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), options)
    return results.map(readResult)
  } catch {
    // The library stumbles over some headers; a signature that cannot be read is none.
    return []
  }
}

/** The library's declarations leave half of what it returns out. */
function readResult(result: object): VerifiedSignature {
  const { signingDomain, status, algo, signingHeaders, signTime } = result as {
    signingDomain?: unknown
    status?: { result?: unknown }
    algo?: unknown
    signingHeaders?: { keys?: unknown }
    signTime?: unknown
  }
  return {
    domain: String(signingDomain ?? '').toLowerCase(),
    outcome: String(status?.result ?? 'none'),
    algorithm: String(algo ?? '').toLowerCase(),
    covered: String(signingHeaders?.keys ?? '')
      .toLowerCase()
      .split(/\s*:\s*/),
    signedAt: typeof signTime === 'string' ? Date.parse(signTime) : Number.NaN,
  }
}

/** The fields that say who writes and how the body is read. */
const tellingFields = ['from', 'content-type', 'content-transfer-encoding'] as const

function hasOneOfEach(headers: readonly MailHeader[]): boolean {
  return tellingFields.every((name) => allHeaders(headers, name).length <= 1) && allHeaders(headers, 'date').length <= 1
}

function isBelieved(signature: VerifiedSignature, headers: readonly MailHeader[], receivedAt: number): boolean {
  const { outcome, algorithm, covered } = signature
  // RFC 8301 §3.1: SHA-1 proves nothing any more. RFC 6376 §5.4: From is always signed.
  if (outcome !== 'pass' || !algorithm.endsWith('-sha256') || !covered.includes('from')) return false
  const isCovered = tellingFields.every((name) => firstHeader(headers, name) === undefined || covered.includes(name))
  const signedAt = Number.isNaN(signature.signedAt) ? datedAt(headers, covered) : signature.signedAt
  const ageMs = receivedAt - signedAt
  return isCovered && ageMs <= signatureAgeMsMax && ageMs >= -clockSkewMsMax
}

function datedAt(headers: readonly MailHeader[], covered: readonly string[]): number {
  return covered.includes('date') ? Date.parse(firstHeader(headers, 'date') ?? '') : Number.NaN
}

/** A stranger's signature neither costs a question nor keeps a mail waiting for an answer. */
function alignedOnly(lookup: KeyLookup, aligned: (domain: string) => boolean): KeyLookup {
  return (name) => {
    const [, domain = ''] = /\._domainkey\.(.+)$/i.exec(name) ?? []
    return aligned(domain.toLowerCase()) ? lookup(name) : Promise.reject(noData())
  }
}

function noData(): Error {
  return Object.assign(new Error('not asked for'), { code: 'ENODATA' })
}
