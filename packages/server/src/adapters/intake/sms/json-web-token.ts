import { createHmac, timingSafeEqual } from 'node:crypto'

const digests: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }
/** No vendor's claims come near it. */
const tokenCharactersMax = 8_192

/** The claims of a token signed with a shared secret (RFC 7515, RFC 7519); undefined where the signature does not hold. */
export function readToken(token: string | undefined, secret: string): Readonly<Record<string, unknown>> | undefined {
  if (token === undefined || token.length > tokenCharactersMax) return undefined
  const [head = '', body = '', signature = '', ...rest] = token.split('.')
  if (rest.length > 0) return undefined
  const algorithm = memberOf(decode(head), 'alg')
  // RFC 8725 §3.1: only what is expected here; `none` and public keys are not.
  const digest = typeof algorithm === 'string' ? digests[algorithm] : undefined
  if (digest === undefined) return undefined
  const expected = createHmac(digest, secret).update(`${head}.${body}`).digest()
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  const claims = decode(body)
  return typeof claims === 'object' && claims !== null ? { ...claims } : undefined
}

export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
