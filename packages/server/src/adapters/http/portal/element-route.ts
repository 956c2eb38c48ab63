import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

/** A site keeps the script for an hour, so that a mended one is everywhere within one. */
const scriptMaxAgeSeconds = 3_600

export const elementPath = '/embed/verzet-preferences.js'

/** What a site writes into `integrity`, to take this very script and no other (Subresource Integrity). */
export function integrityOf(script: string): string {
  return `sha384-${createHash('sha384').update(script).digest('base64')}`
}

/** The element's script, for any site: it knows nobody and does nothing without a token. */
export async function registerElement(app: FastifyInstance, script: string): Promise<void> {
  const etag = `"${createHash('sha256').update(script).digest('base64url').slice(0, 22)}"`
  const digest = createHash('sha256').update(script).digest('base64')
  const headers = {
    'cache-control': `public, max-age=${scriptMaxAgeSeconds}`,
    etag,
    // RFC 9530; Subresource Integrity itself needs CORS.
    'repr-digest': `sha-256=:${digest}:`,
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
  }
  app.get(elementPath, (request, reply) => {
    reply.headers(headers)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type('text/javascript; charset=utf-8').send(script)
  })
}
