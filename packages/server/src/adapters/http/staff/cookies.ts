import type { FastifyRequest } from 'fastify'

/** How the session travels at this address; undefined where it would travel readable for everybody on the way. */
export type SessionCookie = { readonly name: string; readonly attributes: string }

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * RFC 6265bis §4.1.3.2: `__Host-` keeps other hosts of the same domain from setting it. Plain http is for this very
 * machine alone, where somebody tries the hub out.
 */
export function sessionCookieFor(publicUrl: string): SessionCookie | undefined {
  const { protocol, hostname } = new URL(publicUrl)
  const attributes = 'Path=/; HttpOnly; SameSite=Lax'
  if (protocol === 'https:') return { name: '__Host-verzet-session', attributes: `${attributes}; Secure` }
  return loopbackHosts.has(hostname) ? { name: 'verzet-session', attributes } : undefined
}

/** Without an end date: it goes with the browser, and the hub ends it before that. */
export function setCookie({ name, attributes }: SessionCookie, token: string): string {
  return `${name}=${token}; ${attributes}`
}

export function dropCookie({ name, attributes }: SessionCookie): string {
  return `${name}=; ${attributes}; Max-Age=0`
}

/** Undefined for anything that is no token of ours. */
export function readSessionToken(request: FastifyRequest, { name }: SessionCookie): string | undefined {
  const value = readCookie(request, name)
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined
}

/** Beside the session: what a browser keeps while somebody is away at their passkey or at an OpenID provider. */
export function noteCookieOf({ name, attributes }: SessionCookie): SessionCookie {
  return { name: name.replace(/session$/, 'note'), attributes }
}

export function readNote(request: FastifyRequest, cookie: SessionCookie): string | undefined {
  return readCookie(request, noteCookieOf(cookie).name)
}

function readCookie(request: FastifyRequest, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name) return value
  }
  return undefined
}

/** True when the request comes from a page of this origin, as the browser itself says (Fetch Metadata, RFC 6454). */
export function isOwnOrigin(request: FastifyRequest, publicUrl: string): boolean {
  const { origin, host, 'sec-fetch-site': site } = request.headers
  if (site !== undefined && site !== 'same-origin') return false
  if (origin === undefined) return site === 'same-origin'
  const own = new URL(publicUrl)
  if (origin === own.origin) return true
  // Tried out on this machine, the port is whatever was free.
  return own.protocol === 'http:' && loopbackHosts.has(own.hostname) && origin === `http://${host}`
}
