import { isIP } from 'node:net'
import type { PublicPlace } from '../mint-links.ts'

/** The site that passkeys are made for (WebAuthn level 3, 5.1.2): they work at its host and nowhere else. */
export type RelyingParty = { readonly id: string; readonly origin: string; readonly name: string }

/**
 * Undefined where passkeys cannot work: they need a host with a name, and https anywhere but on this very machine.
 * `origin` is what the browser will say: tried out on this machine, the port is whatever was free.
 */
export function relyingPartyOf(
  { url }: Pick<PublicPlace, 'url'>,
  shown: { readonly name: string; readonly host?: string },
): RelyingParty | undefined {
  const { protocol, hostname, origin } = new URL(url)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined
  const isHere = protocol === 'http:' && hostname === 'localhost'
  if (protocol !== 'https:' && !isHere) return undefined
  const isOwnPort = isHere && shown.host !== undefined && /^localhost(:\d+)?$/.test(shown.host)
  return { id: hostname, origin: isOwnPort ? `http://${shown.host}` : origin, name: shown.name }
}
