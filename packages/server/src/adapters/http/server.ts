import { type FastifyInstance, type FastifyServerOptions, fastify, LogController } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import { ApiKeyVerifier } from '../../services/api-keys.ts'
import { ChangeTailer } from '../../services/change-tailer.ts'
import type { Hub } from '../../services/hub.ts'
import type { ApiParts } from './api/api-server.ts'
import { describeApi } from './api/openapi.ts'
import { getHealth, getMetrics, getReadiness } from './api/operations.ts'
import { registerApi } from './api/register.ts'
import { authenticate } from './authenticate.ts'
import { measureGateMemory } from './gate-memory-metrics.ts'
import { readJsonBodies } from './json-body.ts'
import { measureMailbox } from './mailbox-metrics.ts'
import { createMetrics, measureRequests } from './metrics.ts'
import { problemFor, sendProblem } from './problem.ts'
import { measurePublication } from './publication-metrics.ts'
import { limitFailures } from './rate-limits.ts'
import { describeError, logRequests } from './request-log.ts'
import { measureReviews } from './review-metrics.ts'
import { addSecurityHeaders } from './security-headers.ts'
import { measureTextAccounts } from './text-account-metrics.ts'
import { answerUnmatched } from './unmatched.ts'
import { validateWithZod, writeJson } from './validate.ts'

/** The largest ordinary body is a relation with fifty long addresses; a call that takes more says so itself. */
const bodyBytesMax = 256 * 1024
/** A request that is not whole after this is an attack or a dead line (slow requests, CWE-400). */
const requestTimeoutMs = 30_000
/** Longer than the idle timeout of the usual proxies (60 s), so that they close first and no request meets a closed door. */
const keepAliveTimeoutMs = 72_000
/** Each open connection costs some kilobytes; beyond this the proxy in front should queue. */
const connectionsMax = 20_000
/** As long as any value in a path of this API: a token, or a customer number of 128 characters, percent-encoded. */
const pathParameterCharactersMax = 1_200

export type HttpServerOptions = {
  readonly logger: Logger | false
  readonly version: string
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustProxy?: string
  /** Adds the public pages. */
  readonly register?: (app: FastifyInstance) => Promise<void>
}

/** The hub's HTTP server, ready to listen. Closing it ends the feeds first and finishes the requests under way. */
export async function createHttpServer(hub: Hub, options: HttpServerOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify(serverOptions(options))
  app.server.maxConnections = connectionsMax
  const metrics = createMetrics(hub.committer, hub.clock)
  const tailer = new ChangeTailer(hub.db, { published: hub.published, committer: hub.committer })
  app.addHook('onClose', async () => {
    metrics[Symbol.dispose]()
    await tailer[Symbol.asyncDispose]()
  })

  app.setErrorHandler((error, request, reply) => {
    const problem = problemFor(error)
    if (problem.problem.status >= 500) request.log.error(describeError(error), 'a request failed')
    return sendProblem(reply, problem)
  })
  logRequests(app)
  measureRequests(app, metrics.registry)
  measureReviews(metrics.registry, hub.db, hub.clock)
  measureMailbox(metrics.registry, hub.db)
  measureTextAccounts(metrics.registry, hub)
  measureGateMemory(metrics.registry, hub.gateMemory)
  measurePublication(metrics.registry, hub.db)
  addSecurityHeaders(app, { isHttps: hub.place.url.startsWith('https:') })
  const countFailure = await limitFailures(app)
  answerUnmatched(app)
  await describeApi(app, { version: options.version, url: hub.place.url })
  await app.register(async (scope) => addApi(scope, { hub, tailer, metrics }, countFailure, options.version))
  if (options.register !== undefined) await options.register(app)
  await app.ready()
  return app
}

function serverOptions({ logger, trustProxy }: HttpServerOptions): FastifyServerOptions {
  return {
    ...(logger === false ? { logger: false } : { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: 0,
    keepAliveTimeout: keepAliveTimeoutMs,
    // An id of our own: one from outside would let anybody write into the log.
    requestIdHeader: false,
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, problemFor(error)),
    // RFC 8058 §3.1 allows no redirect: an address that got a slash at its end on the way works as it is.
    routerOptions: { maxParamLength: pathParameterCharactersMax, ignoreTrailingSlash: true },
    return503OnClosing: true,
    ...(trustProxy !== undefined && { trustProxy }),
  }
}

function addApi(
  scope: FastifyInstance,
  parts: ApiParts,
  countFailure: Parameters<typeof authenticate>[2],
  version: string,
): void {
  scope.setValidatorCompiler(validateWithZod)
  scope.setSerializerCompiler(writeJson)
  readJsonBodies(scope)
  authenticate(scope, new ApiKeyVerifier(parts.hub.db, parts.hub.clock), countFailure)
  const api = scope.withTypeProvider<ZodTypeProvider>()
  getHealth(api, version)
  getReadiness(api, parts)
  getMetrics(api, parts)
  registerApi(api, parts)
}
