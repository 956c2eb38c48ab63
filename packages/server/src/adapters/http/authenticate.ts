import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type ApiKey, type ApiKeyVerifier, type ApiScope, hasScope } from '../../services/api-keys.ts'
import { HttpProblem } from './problem.ts'
import type { FailureLimit } from './rate-limits.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What an API key must allow to use the route; a route without one is open to all. */
    scope?: ApiScope
  }
  interface FastifyRequest {
    apiKey: ApiKey | undefined
  }
}

/** Asks for `Authorization: Bearer <api key>` (RFC 6750) on every route that names a scope. */
export function authenticate(app: FastifyInstance, keys: ApiKeyVerifier, countFailure: FailureLimit): void {
  app.decorateRequest('apiKey', undefined)
  app.addHook('onRequest', async (request) => {
    const { scope } = request.routeOptions.config
    if (scope === undefined) return
    const presented = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
    const key = presented === undefined ? undefined : await keys.verify(presented)
    if (key === undefined) {
      await countFailure(request)
      throw unauthorized(presented !== undefined)
    }
    if (!hasScope(key, scope)) throw forbidden(scope)
    request.apiKey = key
  })
}

/** Who acts, for the evidence. */
export function actorOf(request: FastifyRequest): string {
  return `api-key:${request.apiKey?.id ?? 'none'}`
}

/** RFC 6750 §3.1: no error code when no key was presented. */
function unauthorized(presented: boolean): HttpProblem {
  return new HttpProblem(
    {
      status: 401,
      code: 'unauthorized',
      title: 'Unauthorized',
      detail: presented
        ? 'This API key does not hold: it was mistyped or revoked.'
        : 'Send an API key as "Authorization: Bearer vz_…".',
    },
    { 'www-authenticate': presented ? 'Bearer realm="verzet", error="invalid_token"' : 'Bearer realm="verzet"' },
  )
}

function forbidden(scope: ApiScope): HttpProblem {
  return new HttpProblem(
    {
      status: 403,
      code: 'missing_scope',
      title: 'Forbidden',
      detail: `This API key lacks the scope ${scope}; use a key that has it.`,
    },
    { 'www-authenticate': `Bearer realm="verzet", error="insufficient_scope", scope="${scope}"` },
  )
}
