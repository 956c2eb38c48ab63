import type { FastifyInstance } from 'fastify'

/**
 * One line a request: method, route pattern, status, duration and (as `reqId`) its id. Never the path as sent (it may hold a token or a
 * customer number), a header, a body or an address of whoever asked.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? 'unmatched',
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
    }
    if (reply.statusCode >= 500) request.log.error(line, 'request')
    else request.log.info(line, 'request')
    done()
  })
}

/** Where an error came from, without its message: that of a database may quote what a person wrote. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
  return { error: error.name, ...('code' in error && { code: error.code }), stack: frames.map((line) => line.trim()) }
}
