import { isUtf8 } from 'node:buffer'

/** A request of Postfix's policy delegation protocol: `name=value` a line, an empty line at its end. */
export type PolicyRequest = ReadonlyMap<string, string>

/**
 * Postfix sends about forty attributes, each at most as long as its `line_length_limit` (2,048) but for the subjects of
 * certificates and names it escapes; more is no Postfix.
 */
export const policyRequestBytesMax = 64 * 1024

export type PolicyRead =
  | { readonly kind: 'read'; readonly requests: readonly PolicyRequest[]; readonly rest: Buffer }
  | { readonly kind: 'malformed' }

/** The requests that are whole, and the beginning of the next one. */
export function readPolicyRequests(bytes: Buffer): PolicyRead {
  const requests: PolicyRequest[] = []
  let start = 0
  for (let end = bytes.indexOf('\n\n', start); end >= 0; end = bytes.indexOf('\n\n', start)) {
    const request = readAttributes(bytes.subarray(start, end))
    if (request === undefined) return { kind: 'malformed' }
    requests.push(request)
    start = end + 2
  }
  const rest = bytes.subarray(start)
  return rest.length > policyRequestBytesMax ? { kind: 'malformed' } : { kind: 'read', requests, rest }
}

/** Undefined where a line is no attribute. Of a name given twice the last one counts, as in Postfix's own servers. */
function readAttributes(bytes: Buffer): PolicyRequest | undefined {
  if (bytes.length > policyRequestBytesMax || !isUtf8(bytes)) return undefined
  const attributes = new Map<string, string>()
  for (const line of bytes.toString().split('\n')) {
    const equals = line.indexOf('=')
    if (equals < 1) return undefined
    attributes.set(line.slice(0, equals), line.slice(equals + 1))
  }
  return attributes
}
