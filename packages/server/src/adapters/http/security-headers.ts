import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import helmet from 'helmet'

/** One year (RFC 6797 leaves the length open; lists of preloaded hosts ask for this). */
const transportSecurityMaxAgeSeconds = 31_536_000

/**
 * The strictest headers for every answer; a page that shows something opens for itself what it needs.
 * Nothing is stored, indexed, framed, or told where it was linked from: a path may hold somebody's token.
 */
export function addSecurityHeaders(app: FastifyInstance, options: { isHttps: boolean }): void {
  const headers = { ...helmetHeaders(options), 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' }
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}

/** They are the same for every request: making them anew for each costs a tenth of an opt-out, measured. */
function helmetHeaders({ isHttps }: { isHttps: boolean }): Record<string, string> {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  const addTo = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
    // Other hosts under the same domain are not ours to decide about.
    strictTransportSecurity: isHttps ? { maxAge: transportSecurityMaxAgeSeconds, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    // Retired; frame-ancestors and default-src do what it was for.
    xXssProtection: false,
  })
  addTo(request, response, (error) => {
    if (error !== undefined) throw error
  })
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]))
}
