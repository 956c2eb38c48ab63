import { isKeySetUrl } from '../../../services/portal/portals.ts'

/** A sign-in waits for it. */
const answerWithinMs = 5_000
/** Fifty keys of RSA 4096 with their certificates. */
const keySetBytesMax = 256 * 1024

/**
 * Reads the JSON a portal publishes its keys as. The address is the one an administrator gave and no other: a redirect
 * is an error, or the answer of somebody else could send the hub anywhere (CWE-918).
 */
export async function fetchKeySet(url: string): Promise<unknown> {
  if (!isKeySetUrl(url)) throw new Error('this address is not asked for keys')
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(answerWithinMs),
    headers: { accept: 'application/jwk-set+json, application/json' },
  })
  if (!response.ok || response.body === null) throw new Error('no key set')
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.length
    if (bytes > keySetBytesMax) throw new Error('the key set is too large')
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
