import type { FastifyInstance } from 'fastify'
import { HttpProblem, notFound, sendProblem } from './problem.ts'

/** Answers what no route takes: 405 with the methods that the path does take (RFC 9110 §15.5.6), else 404. */
export function answerUnmatched(app: FastifyInstance): void {
  const routes: { method: string; pattern: RegExp }[] = []
  app.addHook('onRoute', ({ method, url }) => {
    if (!url.startsWith('/v1/')) return
    const pattern = new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+')}$`)
    for (const one of Array.isArray(method) ? method : [method]) routes.push({ method: one, pattern })
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const allowed = [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))]
    const problem =
      allowed.length === 0
        ? notFound('not_found', 'There is nothing here; GET /v1/openapi.json describes what there is.')
        : methodNotAllowed(allowed)
    return sendProblem(reply, problem)
  })
}

function methodNotAllowed(allowed: readonly string[]): HttpProblem {
  return new HttpProblem(
    {
      status: 405,
      code: 'method_not_allowed',
      title: 'Method not allowed',
      detail: `Use ${allowed.join(' or ')} here.`,
    },
    { allow: allowed.join(', ') },
  )
}
