import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/** One year (RFC 6797 leaves the length open; lists of preloaded hosts ask for this). */
const transportSecurityMaxAgeSeconds = 31_536_000

/**
 * The strictest headers for every answer; a page that shows something opens for itself what it needs.
 * Nothing is stored, indexed, framed, or told where it was linked from: a path may hold somebody's token.
 */
export async function addSecurityHeaders(app: FastifyInstance, options: { isHttps: boolean }): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
    // Other hosts under the same domain are not ours to decide about.
    strictTransportSecurity: options.isHttps
      ? { maxAge: transportSecurityMaxAgeSeconds, includeSubDomains: false }
      : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    // Retired; frame-ancestors and default-src do what it was for.
    xXssProtection: false,
  })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    reply.header('x-robots-tag', 'noindex, nofollow')
  })
}
